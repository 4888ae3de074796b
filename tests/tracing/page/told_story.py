"""A story made by hand: TASS in Russian, papers that credit, copy, say nothing, claim no date."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from schemas.link import Aligned
from tracing.story_model import Arrival, Citing, Copying, Dangling, First, Lag, Part, Story
from tracing.trace_model import Line, Words
from tracing.uncredited_line import UncreditedLine

START = dt.datetime(2024, 3, 12, 10, 20, tzinfo=dt.UTC)
NOW = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
WIRE = "The army of Mali talks with a private company, the minister said in Moscow on Tuesday."
COPY = "The army of Mali talks with a private firm, the minister said in Moscow on Tuesday. More."


def hour(hours: float) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


def line(name: str, hours: float | None, **fields: Any) -> Line:
    """An article `name` of `name.example`, so many hours after the start; None: no date claimed."""
    given: dict[str, Any] = {
        "article_id": name, "version_id": f"v-{name}", "outlet": f"{name}.example",
        "outlet_name": name.title(), "language": "en", "headline": f"Headline of {name}",
        "url": f"https://{name}.example/1", "published": None if hours is None else hour(hours),
        "published_tz_known": True, "first_seen": hour(30), "genre": None, "pubstatus": "usable",
        "embargoed": None, "is_embargo_open": False,
    }  # fmt: skip
    told = Line(**{**given, **fields})
    return dataclasses.replace(
        told,
        claimed=told.claimed or told.published,
        claimed_tz_known=told.published_tz_known,
    )


def citing(taker: str, source: str, **fields: Any) -> Citing:
    given: dict[str, Any] = {
        "agency": source, "kind": "attribution", "phrase": f"according to {source}",
        "words": Words("body_text", 13, 13 + len(source), source), "is_exact": True, "doubt": None,
    }  # fmt: skip
    return Citing(article_id=taker, cited_id=source, **{**given, **fields})


def copying(taker: str, source: str, **fields: Any) -> Copying:
    given: dict[str, Any] = {
        "kind": "reprint", "direction": "likely", "direction_reason": "time", "credited": False,
        "credit": None, "containment_from": 0.81, "containment_to": 0.9, "longest": 40,
        "from_version_id": f"v-{taker}", "to_version_id": f"v-{source}", "from_field": "body_text",
        "to_field": "body_text", "evidence": (Aligned(0, 83, 0, 86),),
    }  # fmt: skip
    return Copying(from_article_id=taker, to_article_id=source, **{**given, **fields})


def missing(taker: str, source: str) -> UncreditedLine:
    return UncreditedLine(
        taker, hour(8), None, source, f"{source}.example", None, 8.0, "reprint", 0.81, 40, "words"
    )


def told_story(**fields: Any) -> Story:
    """Of tass, matin (fr, credits it), thief (copies it), soir (dangles), plain (no date)."""
    lines = (
        line("tass", 0, language="ru", headline="Заголовок"),
        line("matin", 7.5, language="fr"),
        line("thief", 8),
        line("soir", 9, language="ar", headline="عنوان"),
        line("plain", None, url=None, headline=None),
    )
    given: dict[str, Any] = {
        "parts": (Part("A", "ru", ("tass",)), Part("B", "fr", ("matin",))),
        "lines": lines,
        "first_claimed": First("tass", "tass.example", START, "matin", 7.5, ("no date",)),
        "first_seen": First("tass", "tass.example", hour(30), "matin", 0.0, ("seen at once",)),
        "derives": (citing("matin", "tass"), citing("plain", "tass", doubt="no time")),
        "copies": (copying("thief", "tass"),),
        "dangling": (
            Dangling("soir", "afp", "credit", "(AFP)", Words("body_text", 0, 5, "(AFP)"), None),
        ),
        "missing_credit": (missing("thief", "tass"),),
        "languages": (
            Arrival("ru", "tass", START, True, ()),
            Arrival("fr", "matin", hour(7.5), False, ("tass",)),
            Arrival("ar", "soir", hour(9), False, ()),
        ),
        "lags": (
            Lag("tass.example", "tass", START, 0.0, None),
            Lag("matin.example", "matin", hour(7.5), 7.5, None),
            Lag("thief.example", "thief", hour(8), 8.0, None),
            Lag("soir.example", "soir", hour(9), 9.0, None),
            Lag("plain.example", "plain", None, None, "no date"),
        ),
    }  # fmt: skip
    return Story("A", "A", 7, **{**given, **fields})
