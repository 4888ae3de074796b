"""One article: all its versions, what was found in it, who shares its text, where it was seen."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from lake.current import family_of, named, rows_of, versions_now
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from lake.where import is_any
from schemas.citation import CREDITING
from schemas.entity import FIELDS
from tracing.article_model import (
    ArticlePage,
    ArticleVersion,
    InStory,
    Message,
    Named,
    Quoted,
    Seen,
    SharedWith,
)
from tracing.country import country_of
from tracing.day_tallies import files_by_day
from tracing.find_articles import NoSuchArticle, is_article_id
from tracing.find_citing import find_citing
from tracing.find_credits import words_of
from tracing.find_unreached import find_unreached
from tracing.listed import list_article, list_rows
from tracing.listed_model import Count, ListedArticle
from tracing.missing import missing_tables
from tracing.shown_version import shown_version
from tracing.story_articles import read_articles
from tracing.story_links import read_links_about
from tracing.story_model import Copying
from tracing.story_rows import Member, has_stories, stories_of, story_by_article
from tracing.trace_model import Credit, Words

_OF_VIEW = ("order", "is_current")
_STATED = [field.name for field in fields(ArticleVersion) if field.name not in _OF_VIEW]
_TABLES = ("citations", "entities", "quotes", "facts", "links", "story_members", "sightings")
_PLACE = ["field", "start", "end", "surface"]
_IN_ORDER = [(name, "ascending") for name in ("field", "start", "end")]
_NAMES = ("uri", "guid")
_LISTS = ("signals", "authors", "parse_warnings")
Row = dict[str, Any]


def read_article(
    pinned: Snapshot, article_id: str, *, embargo_at: dt.datetime | None
) -> ArticlePage:
    """The article of an id, or that which it is an alias of.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchArticle: there is none, or it may not be seen.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    family = family_of(pinned, [article_id] if is_article_id(article_id) else [])
    versions = _versions(pinned, family - unseen)
    if not versions:
        raise NoSuchArticle(
            f"no article {article_id[:200]!r} in {pinned.lake.root};"
            " `wiretrace trace` finds articles by words"
        )
    shown = shown_version(versions)
    current_id = shown["current_article_id"]
    told = next(iter(stories_of(pinned, [current_id])), None) if has_stories(pinned) else None
    members = [one for one in told.members if one.article_id not in unseen] if told else []
    mine = {shown["version_id"]: shown}
    links = read_links_about(pinned, [current_id])
    others = {id_ for one in links for id_ in (one.from_article_id, one.to_article_id)}
    others -= {current_id}
    now = versions_now(pinned, {current_id, *(others - unseen)})
    stories = {one.article_id: told.story_id for one in members if told}
    stories |= story_by_article(pinned, others - unseen - stories.keys())
    return ArticlePage(
        sequence=pinned.sequence,
        article=list_article(shown, stories.get(current_id)),
        country=country_of(shown["outlet"]),
        aliases=tuple(sorted(family - {current_id})),
        versions=tuple(_version(row) for row in reversed(versions)),
        credits=_credits(pinned, mine, current_id, members),
        names=_names(pinned, mine),
        quotes=_quotes(pinned, mine),
        facts=_facts(pinned, mine),
        story=_in_story(current_id, stories.get(current_id), members),
        shares=tuple(_shares(current_id, links, list_rows(pinned, now, stories))),
        unreached=tuple(find_unreached(pinned, now).get(current_id, ())),
        sightings=_sightings(pinned, family, versions),
        messages=_messages(pinned, family, versions),
        missing=missing_tables(pinned, *_TABLES),
        left_out=len(others & unseen),
    )


def _in_story(article_id: str, story_id: str | None, members: Sequence[Member]) -> InStory | None:
    mine = next((one for one in members if one.article_id == article_id), None)
    if mine is None or story_id is None:
        return None
    return InStory(story_id, mine.part_id, mine.reason, mine.score, len(members))


def _versions(pinned: Snapshot, article_ids: Collection[str]) -> list[Row]:
    """Rows of all versions with what the views decide of them, the oldest first."""
    now = versions_now(pinned, article_ids)
    rows = rows_of(pinned, "articles", [*_STATED, *_NAMES], now).to_pylist()
    versions = [now[row["version_id"]] | row for row in rows]
    return sorted(versions, key=lambda row: row["version_order"])


def _version(row: Row) -> ArticleVersion:
    stated: dict[str, Any] = {name: row[name] for name in _STATED}
    stated |= {name: tuple(row[name] or ()) for name in _LISTS}
    return ArticleVersion(**stated, order=row["version_order"], is_current=row["is_current"])


def _credits(
    pinned: Snapshot, mine: Mapping[str, Row], article_id: str, members: Sequence[Member]
) -> tuple[Credit, ...]:
    """In order of place; which articles are meant is known within the story only."""
    columns = ["agency", "kind", "phrase", "score", *_PLACE]
    rows = rows_of(pinned, "citations", columns, mine).sort_by(_IN_ORDER).to_pylist()
    meant: dict[str, set[str]] = defaultdict(set)
    if any(row["kind"] in CREDITING for row in rows):
        tellers = [one.teller for one in read_articles(pinned, members)]
        found = find_citing(tellers, {article_id: rows})
        for one in (*found.cites, *found.derives):
            meant[one.agency].add(one.cited_id)
    return tuple(
        Credit(
            row["agency"],
            row["kind"],
            row["phrase"],
            words_of(row),
            row["score"],
            tuple(sorted(meant[row["agency"]])) if row["kind"] in CREDITING else (),
        )
        for row in rows
    )


def _names(pinned: Snapshot, mine: Mapping[str, Row]) -> tuple[Named, ...]:
    """By place of the first mention; what has no id is one by its words."""
    rows = rows_of(pinned, "entities", ["entity_id", "kind", *_PLACE], mine).sort_by(_IN_ORDER)
    places: dict[tuple[str | None, str, str], list[Words]] = defaultdict(list)
    for row in sorted(rows.to_pylist(), key=lambda row: FIELDS.index(row["field"])):
        words = "" if row["entity_id"] else row["surface"]
        places[row["entity_id"], row["kind"], words].append(words_of(row))
    return tuple(Named(id_, kind, tuple(some)) for (id_, kind, _), some in places.items())


def _quotes(pinned: Snapshot, mine: Mapping[str, Row]) -> tuple[Quoted, ...]:
    columns = ["quote_key", "speaker", "speaker_entity_id", "field", "start", "end", "text"]
    rows = rows_of(pinned, "quotes", columns, mine).sort_by(_IN_ORDER).to_pylist()
    return tuple(
        Quoted(
            row["quote_key"],
            row["speaker"],
            row["speaker_entity_id"],
            Words(row["field"], row["start"], row["end"], row["text"]),
        )
        for row in rows
    )


def _facts(pinned: Snapshot, mine: Mapping[str, Row]) -> tuple[Count, ...]:
    kinds = Counter(rows_of(pinned, "facts", ["kind"], mine)["kind"].to_pylist())
    return tuple(Count(kind, times) for kind, times in sorted(kinds.items()))


def _shares(
    article_id: str, links: Sequence[Copying], listed: Mapping[str, ListedArticle]
) -> Iterator[SharedWith]:
    """The most shared first; whoever is not listed may not be seen."""
    for one in sorted(links, key=lambda one: -max(one.containment_from, one.containment_to)):
        here = one.from_article_id, one.from_version_id, one.containment_from
        there = one.to_article_id, one.to_version_id, one.containment_to
        is_from_other = one.from_article_id == article_id
        mine, its = (here, there) if is_from_other else (there, here)
        if its[0] in listed:
            yield SharedWith(
                other=listed[its[0]],
                is_from_other=is_from_other,
                version_id=mine[1],
                other_version_id=its[1],
                kind=one.kind,
                direction=one.direction,
                direction_reason=one.direction_reason,
                credited=one.credited,
                credit=one.credit,
                contained=mine[2],
                other_contained=its[2],
                longest=one.longest,
            )


def _sightings(
    pinned: Snapshot, family: Collection[str], versions: Sequence[Row]
) -> tuple[Seen, ...]:
    """By time; before its first version nothing can have been seen, a day of grace."""
    first = min(row["first_seen"] for row in versions).date() - dt.timedelta(1)
    files = files_by_day(pinned, "sightings")
    some = [file for day, mine in files.items() if day >= first for file in mine]
    columns = [field.name for field in fields(Seen)]
    rows = pinned.read("sightings", columns, is_any("article_id", family), some).to_pylist()
    found = [Seen(**row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.first_seen_at, one.source_uri, one.run_id)))


def _messages(
    pinned: Snapshot, family: Collection[str], versions: Sequence[Row]
) -> tuple[Message, ...]:
    """Those that name one of its ids, or the id of the wire or feed that it came with."""
    names = {row[name] for row in versions for name in _NAMES} - {None}
    columns = [field.name for field in fields(Message)]
    where = is_any("article_id", family) | named(names)
    found = [Message(**row) for row in pinned.read("controls", columns, where).to_pylist()]
    return tuple(sorted(found, key=lambda one: (one.at is not None, one.at, one.source_uri)))
