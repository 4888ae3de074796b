"""What a reader types into the search field: words, or the name or id of one thing."""

from __future__ import annotations

import contextlib
import datetime as dt

import pyarrow.compute as pc

from lake.current import versions_now
from lake.embargo import embargoed_articles
from lake.keys import KeyState, committed_state
from lake.sorted_runs import StateDamaged
from lake.tables import Snapshot
from schemas.ids import key_id
from tracing.as_text import as_text
from tracing.day_tallies import files_by_day
from tracing.find_articles import (
    Asked,
    NoSuchArticle,
    by_address,
    by_id,
    by_words,
    is_article_id,
)
from tracing.find_mentions import by_entity, by_quote, is_entity_id
from tracing.find_version import versions_by_id
from tracing.listed import list_rows
from tracing.missing import missing_tables
from tracing.newest_articles import newest_articles
from tracing.search_model import Hit, Search
from tracing.story_rows import has_stories, story_of
from transforms.entities.agencies import agency_by_domain, agency_by_name
from transforms.outlets import clean_outlet
from transforms.urls import host_of, normalize_url, registrable_domain

_Found = tuple[str, str | None, Asked]
_NONE = Asked({}, {})


def read_search(pinned: Snapshot, asked: str, *, embargo_at: dt.datetime | None) -> Search:
    """What a text means, and the articles that it finds; nothing is an answer, too.

    An id leads to its article, story or quotation, or the article of a version; an address to the
    article; an entity's id to the entity; a host to the outlet, an agency's name to the agency, and
    both are looked for as words, too. Articles whose embargo ends after `embargo_at` are left out
    as if they were not there; None shows all.
    """
    asked = as_text(asked).strip()
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    kind, id_, found = _find(pinned, asked, unseen)
    now = versions_now(pinned, {row["article_id"] for row in found.rows.values()})
    listed = list_rows(pinned, now)
    words: dict[str, list[str]] = {}
    for version in found.rows:
        reason = found.reasons.get(version)
        mine = words.setdefault(now[version]["current_article_id"], [])
        mine += reason.what if reason and reason.by == "words" else ()
    hits = [Hit(listed[one], tuple(dict.fromkeys(mine))) for one, mine in words.items()]
    return Search(
        sequence=pinned.sequence,
        asked=asked,
        kind=kind,
        id=hits[0].article.article_id if kind == "article" else id_,
        hits=tuple(hits),
        missing=missing_tables(pinned, "articles"),
    )


def _find(pinned: Snapshot, asked: str, unseen: frozenset[str]) -> _Found:
    """The kind, its id, and what is found."""
    address = normalize_url(asked)
    if is_article_id(asked):
        return _by_id(pinned, asked, unseen)
    if address is not None:
        found = _at_address(pinned, asked, address).without(unseen)
        articles = {row["article_id"] for row in found.rows.values()}
        return (
            ("article" if len(articles) == 1 else "words" if articles else "nothing"),
            None,
            found,
        )
    if is_entity_id(asked):
        found = by_entity(pinned, asked, unseen)
        if found.rows or found.left_out:
            return "entity", asked, found
    found = by_words(pinned, asked, unseen)
    agency = agency_by_name(asked) if asked else None
    if agency is not None:
        return "agency", agency, found
    outlet = _outlet(pinned, asked, unseen)
    if outlet is not None:
        return "outlet", outlet, found
    return ("words" if found.rows else "nothing"), None, found


def _by_id(pinned: Snapshot, asked: str, unseen: frozenset[str]) -> _Found:
    try:
        found = by_id(pinned, asked).without(unseen)
        return ("article" if found.rows else "nothing"), None, found
    except NoSuchArticle:
        pass
    told = story_of(pinned, asked) if has_stories(pinned) else None
    if told is not None and any(one.article_id not in unseen for one in told.members):
        return "story", told.story_id, _NONE
    quoted = by_quote(pinned, asked, unseen)
    if quoted.rows:
        return "quote", asked, quoted
    version = versions_by_id(pinned, [asked])
    seen = Asked(version, {}).without(unseen)
    return ("article" if seen.rows else "nothing"), None, seen


def _at_address(pinned: Snapshot, url: str, normalized: str) -> Asked:
    """By the key that its outlet's article has; else every address of the lake is looked at."""
    domain = registrable_domain(url)
    outlets = {domain, agency_by_domain(domain or ""), clean_outlet(host_of(url) or "")} - {None}
    with contextlib.suppress(StateDamaged, NoSuchArticle):
        state = KeyState(committed_state(pinned.lake, pinned.sequence))
        keys = [key_id(outlet, "url", normalized) for outlet in outlets if outlet]
        known = sorted({entry.article_id for entry in state.articles(keys).values()})
        if len(known) == 1:
            return by_id(pinned, known[0])
    return by_address(pinned, url, normalized)


def _outlet(pinned: Snapshot, asked: str, unseen: frozenset[str]) -> str | None:
    """The outlet that a host is, if the lake has an article of it that may be seen."""
    if " " in asked or registrable_domain(asked) is None:
        return None
    outlet = clean_outlet(asked)
    files = files_by_day(pinned, "articles")
    return (
        outlet if newest_articles(pinned, files, 1, unseen, pc.field("outlet") == outlet) else None
    )
