"""Small reading models, made by hand: what a test does not name is plain and harmless."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracing.agency_model import AgencyPage
from tracing.article_model import ArticlePage, ArticleVersion, SharedWith
from tracing.coverage_model import Coverage, Day, FeedCoverage, OutletCoverage
from tracing.entity_model import EntityPage
from tracing.evidence_model import Evidence, FieldText, Mark, Side
from tracing.front_model import Front, FrontStory, LakeCounts
from tracing.listed_model import Count, ListedArticle
from tracing.outlet_model import OutletLine, OutletPage
from tracing.quote_occurrences import Occurrence
from tracing.quote_travels import Changed
from tracing.runs_model import RunLine, RunPage
from tracing.search_model import Search
from transforms.quotes.variants import Variant

NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
NOW = dt.datetime(2024, 5, 9, tzinfo=dt.UTC)
# What a stranger may write: markup, attributes, direction, controls, addresses that run.
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x00\x1b[31m'
HOSTILE_URL = "javascript:alert(1)"


def listed(name: str = "one", **fields: Any) -> ListedArticle:
    given: dict[str, Any] = {
        "article_id": f"id-{name}", "version_id": f"version-{name}", "outlet": f"{name}.example",
        "outlet_name": None, "language": "en", "headline": f"Headline of {name}",
        "url": f"https://{name}.example/1", "published": NOON, "published_tz_known": True,
        "first_seen": NOON, "pubstatus": "usable", "embargoed": None, "is_embargo_open": False,
        "story_id": None,
    }  # fmt: skip
    return ListedArticle(**{**given, **fields})


def hostile(name: str = "evil") -> ListedArticle:
    """An article of which every text is hostile."""
    return listed(
        name, outlet=HOSTILE, outlet_name=HOSTILE, headline=HOSTILE, url=HOSTILE_URL,
        language='en" onload="alert(1)', story_id=HOSTILE,
    )  # fmt: skip


def run_line(sequence: int = 1, **fields: Any) -> RunLine:
    given: dict[str, Any] = {
        "sequence": sequence, "run_id": f"run-{sequence}", "command": "run", "status": "complete",
        "started": NOON, "ended": NOON + dt.timedelta(minutes=2), "seen": 10, "new": 4,
        "revised": 1, "duplicate": 2, "control": 1, "rejected": 2, "containers": 1,
        "is_balanced": True,
    }  # fmt: skip
    return RunLine(**{**given, **fields})


def days(*looked: str) -> tuple[Day, ...]:
    """Days from 1 May 2024 on, each `run`, `later` or `not looked`."""
    first = dt.date(2024, 5, 1)
    return tuple(
        Day(first + dt.timedelta(days=place), int(one == "run"), 3 * (one != "not looked"), one)
        for place, one in enumerate(looked)
    )


def outlet_coverage(outlet: str, counts: tuple[int, ...], **fields: Any) -> OutletCoverage:
    given: dict[str, Any] = {
        "outlet": outlet, "outlet_name": None, "counts": counts, "articles": sum(counts),
        "last": dt.date(2024, 5, 1), "last_seen": NOON, "usual_pause": None, "state": "not known",
        "silences": (),
    }  # fmt: skip
    return OutletCoverage(**{**given, **fields})


def coverage(**fields: Any) -> Coverage:
    given: dict[str, Any] = {
        "sequence": 1, "is_live": True, "days": (), "outlets": (), "more_outlets": 0, "feeds": (),
        "missing": (),
    }  # fmt: skip
    return Coverage(**{**given, **fields})


def front_story(first: ListedArticle, **fields: Any) -> FrontStory:
    given: dict[str, Any] = {
        "story_id": f"story-of-{first.article_id}", "first": first, "languages": ("en", "fr"),
        "outlets": (first.outlet, "other.example"), "articles": 3, "first_claimed": NOON,
        "last_claimed": NOON + dt.timedelta(hours=7),
        "times": tuple(NOON + dt.timedelta(hours=hours) for hours in (0, 2, 7)),
    }  # fmt: skip
    return FrontStory(**{**given, **fields})


def front(**fields: Any) -> Front:
    given: dict[str, Any] = {
        "sequence": 1, "newest_run": run_line(),
        "counts": LakeCounts(
            versions=3, languages=(Count("en", 2), Count("fr", 1)), first_day=NOON.date(),
            last_day=NOON.date(), runs=1,
        ),
        "stories": (), "articles": (), "coverage": coverage(), "missing": (), "left_out": 0,
    }  # fmt: skip
    return Front(**{**given, **fields})


def side(article: ListedArticle, text: str, *marks: Mark, **fields: Any) -> Side:
    given: dict[str, Any] = {
        "article": article, "version_id": article.version_id, "is_current": True,
        "published": article.published, "published_tz_known": True, "versioncreated": None,
        "first_seen": NOON, "compared_field": "body_text",
        "texts": (FieldText("body_text", text),), "marks": marks, "credits": (), "words": 10,
        "contained": 0.5,
    }  # fmt: skip
    return Side(**{**given, **fields})


def evidence(later: Side, earlier: Side, **fields: Any) -> Evidence:
    given: dict[str, Any] = {
        "sequence": 1, "later": later, "earlier": earlier, "link_kind": "excerpt",
        "link_versions": (later.version_id, earlier.version_id), "direction": "likely",
        "direction_reason": "time", "is_in_order": True, "hours": 6.5, "passages": 1, "equal": 9,
        "longest": 6, "names": (), "story_id": None, "missing": (),
    }  # fmt: skip
    return Evidence(**{**given, **fields})


def version(of: ListedArticle, text: str | None, **fields: Any) -> ArticleVersion:
    given: dict[str, Any] = {
        "version_id": of.version_id, "order": 1, "is_current": True, "version_stated": None,
        "pubstatus": "usable", "signals": (), "headline": of.headline, "description_text": None,
        "body_text": text, "slugline": None, "dateline": None, "byline": None, "creditline": None,
        "ednote": None, "authors": (), "language": of.language, "language_tag": None,
        "published": NOON, "published_raw": None, "published_tz_known": True,
        "versioncreated": None, "embargoed": None, "first_seen": NOON, "word_count": 9,
        "genre": None, "url": of.url, "source_uri": "file:///drop/1.xml", "source_format": "rss",
        "raw_sha256": "0" * 64, "parse_warnings": (), "run_id": "run-1",
    }  # fmt: skip
    return ArticleVersion(**{**given, **fields})


def article_model(article: ListedArticle, text: str | None, **fields: Any) -> ArticlePage:
    given: dict[str, Any] = {
        "sequence": 1, "article": article, "country": "unknown", "aliases": (),
        "versions": (version(article, text),), "credits": (), "names": (), "quotes": (),
        "facts": (), "story": None, "shares": (), "unreached": (), "sightings": (),
        "messages": (), "missing": (), "left_out": 0,
    }  # fmt: skip
    return ArticlePage(**{**given, **fields})


def shared_with(other: ListedArticle, **fields: Any) -> SharedWith:
    given: dict[str, Any] = {
        "other": other, "is_from_other": True, "version_id": "mine", "other_version_id": "its",
        "kind": "reprint", "direction": "likely", "direction_reason": "time", "credited": False,
        "credit": None, "contained": 0.9, "other_contained": 0.8, "longest": 40,
    }  # fmt: skip
    return SharedWith(**{**given, **fields})


def feed(url: str, counts: tuple[int, ...], **fields: Any) -> FeedCoverage:
    given: dict[str, Any] = {
        "url": url, "title": None, "outlet": None, "is_listed": True, "state": "usual",
        "counts": counts, "failed": (0,) * len(counts), "last_attempt": NOON,
        "last_success": NOON, "last_new_item": NOON, "next_due": None, "failing_since": None,
        "failures": (), "possible_gaps": 0, "why": "",
    }  # fmt: skip
    return FeedCoverage(**{**given, **fields})


def outlet_line(outlet: str, **fields: Any) -> OutletLine:
    given: dict[str, Any] = {
        "outlet": outlet, "outlet_name": None, "country": "unknown", "articles": 3,
        "languages": ("en",), "last_day": NOON.date(),
    }  # fmt: skip
    return OutletLine(**{**given, **fields})


def outlet_model(outlet: str = "paper.example", **fields: Any) -> OutletPage:
    given: dict[str, Any] = {
        "sequence": 1, "outlet": outlet, "outlet_name": None, "agency": None, "country": "unknown",
        "articles": 0, "days": (), "languages": (), "newest": (), "since": None, "until": None,
        "credits": (), "credited_by": (), "copies_from": (), "copies_to": (), "uncredited": (),
        "coverage": None, "coverage_days": (), "feeds": (), "missing": (), "left_out": 0,
    }  # fmt: skip
    return OutletPage(**{**given, **fields})


def agency_model(agency: str = "wire.example", **fields: Any) -> AgencyPage:
    given: dict[str, Any] = {
        "sequence": 1, "agency": agency, "names": (), "country": "unknown", "outlets": (),
        "articles": 0, "cited_by": (), "countries": (), "languages": (), "cells": (), "kinds": (),
        "newest": (), "since": None, "missing": (), "left_out": 0,
    }  # fmt: skip
    return AgencyPage(**{**given, **fields})


def entity_model(entity_id: str = "geonames:1", **fields: Any) -> EntityPage:
    given: dict[str, Any] = {
        "sequence": 1, "entity_id": entity_id, "kind": "place", "articles": 0, "spellings": (),
        "outlets": (), "languages": (), "together": (), "newest": (), "stories": (), "joined": (),
        "since": None, "missing": (), "left_out": 0,
    }  # fmt: skip
    return EntityPage(**{**given, **fields})


def occurrence(name: str, text: str, **fields: Any) -> Occurrence:
    given: dict[str, Any] = {
        "quote_key": f"key-{name}", "language": "en", "text": text, "speaker": None,
        "speaker_entity_id": None, "field": "body_text", "start": 0, "end": len(text),
        "article_id": f"id-{name}", "version_id": f"version-{name}", "outlet": f"{name}.example",
        "headline": f"Headline of {name}", "published": NOON, "first_seen": NOON,
        "pubstatus": "usable", "embargoed": None, "is_embargo_open": False, "credits": (),
    }  # fmt: skip
    return Occurrence(**{**given, **fields})


def changed(name: str, text: str, variant: Variant) -> Changed:
    return Changed(f"key-{name}", text, variant, (occurrence(name, text),))


def run_model(line: RunLine, **fields: Any) -> RunPage:
    given: dict[str, Any] = {
        "sequence": line.sequence, "run": line, "code_version": "0.1.0", "config_hash": "abc",
        "counts": (), "tables": (), "rejects": (),
    }  # fmt: skip
    return RunPage(**{**given, **fields})


def search_model(asked: str, **fields: Any) -> Search:
    given: dict[str, Any] = {
        "sequence": 1, "asked": asked, "kind": "words", "id": None, "hits": (), "missing": (),
    }  # fmt: skip
    return Search(**{**given, **fields})
