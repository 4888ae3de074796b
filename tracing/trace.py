"""`trace`: who published what about one thing, when, in which language, crediting whom.

What is asked for is an article, by id, address or words, and shown with what belongs to it; or a
story, by its id; or what names an entity, or has a quotation, by id or key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lake.current import versions_now
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from tracing.find_articles import (
    Asked,
    NoSuchArticle,
    by_address,
    by_id,
    by_words,
    is_article_id,
)
from tracing.find_mentions import by_entity, by_quote, is_entity_id
from tracing.find_unreached import find_unreached
from tracing.gather import Gathered, gather
from tracing.make_line import make_line
from tracing.trace_model import Line, Reason, Trace, Unreached

Row = dict[str, Any]
# Articles found by words from which the trace goes on; the others are lines without relations.
SEEDS = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What a user wants to see of a trace; None: everything. Times are inclusive, UTC."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    languages: frozenset[str] = frozenset()
    outlets: frozenset[str] = frozenset()

    def let_through(self, line: Line) -> bool:
        """Whether a line is shown; what was asked for itself always is."""
        return any(reason.by == "asked" for reason in line.reasons) or (
            (self.since is None or line.time >= self.since)
            and (self.until is None or line.time <= self.until)
            and (not self.languages or line.language in self.languages)
            and (not self.outlets or line.outlet in self.outlets)
        )


def trace(
    pinned: Snapshot,
    asked: str,
    normalized_url: str | None = None,
    filters: Filters | None = None,
    *,
    embargo_at: dt.datetime | None = None,
) -> Trace:
    """Everything in the lake that belongs to an id, an address or words, by time.

    Of a story, an entity or a quotation nothing is shown but who is in it, names it, or has it.
    `normalized_url` is `asked` normalized, if it is an address (`transforms/urls.py`). Articles
    whose embargo ends after `embargo_at` are left out as if they were not there; None shows all.

    Raises:
        NoSuchArticle: `asked` has the form of an id, and neither article nor story has it, nor is
            it the key of a quotation.
    """
    chosen = filters or Filters()
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    try:
        found = _find(pinned, asked, normalized_url, unseen)
    except NoSuchArticle:
        story = _story(pinned, asked, chosen, embargo_at)
        if story is not None:
            return story
        found = by_quote(pinned, asked, unseen)
        if not found.rows and not found.left_out:
            raise
    if not found.rows:
        return Trace(asked, pinned.sequence, left_out=len(found.left_out))
    gathered = gather(pinned, _seeds(found), unseen)
    rows = {**found.rows, **gathered.rows}
    shown = {version: rows[version] for version in (*found.rows, *gathered.reasons)}
    now = versions_now(pinned, {row["article_id"] for row in shown.values()})
    unreached = find_unreached(pinned, now)
    lines = [_line(row, found, gathered, unreached) for row in _in_lines(now, shown)]
    shown_lines = sorted(filter(chosen.let_through, lines), key=_order)
    left_out = found.left_out | gathered.left_out
    return Trace(asked, pinned.sequence, tuple(shown_lines), len(left_out))


def _seeds(found: Asked) -> Mapping[str, Row]:
    """The versions to which others belong."""
    if not found.reasons:
        return found.rows
    by_words = [v for v in found.rows if found.reasons[v].by == "words"]
    return {version: found.rows[version] for version in by_words[:SEEDS]}


def _story(
    pinned: Snapshot, asked: str, filters: Filters, embargo_at: dt.datetime | None
) -> Trace | None:
    """The articles of the story that has an id; None if there is none."""
    from tracing.story import read_story  # DuckDB takes 60 ms to load
    from tracing.story_rows import NoSuchStory

    try:
        story = read_story(pinned, asked, embargo_at=embargo_at)
    except NoSuchStory:
        return None
    lines = tuple(line for line in story.lines if filters.let_through(line))
    return Trace(asked, pinned.sequence, lines, story.left_out)


def _in_lines(now: Mapping[str, Row], shown: Collection[str]) -> Iterable[Row]:
    """A version for each article: its current one, if that one belongs here.

    Of a killed article the newest that does: its current text may be but the note that killed it.
    """
    chosen = {}
    for row in sorted(now.values(), key=lambda row: row["version_order"]):
        counts = row["is_current"] or row["effective_pubstatus"] == "canceled"
        if counts and row["version_id"] in shown:
            chosen[row["current_article_id"]] = row
    return chosen.values()


def _find(
    pinned: Snapshot, asked: str, normalized_url: str | None, unseen: frozenset[str]
) -> Asked:
    if is_article_id(asked):
        return by_id(pinned, asked).without(unseen)
    if normalized_url is not None:
        return by_address(pinned, asked, normalized_url).without(unseen)
    if is_entity_id(asked):
        found = by_entity(pinned, asked, unseen)
        if found.rows or found.left_out:
            return found
    return by_words(pinned, asked, unseen)


def _line(
    row: Row, found: Asked, gathered: Gathered, unreached: Mapping[str, Sequence[Unreached]]
) -> Line:
    version = row["version_id"]
    reasons = list(gathered.reasons.get(version, ()))
    if version in found.rows:
        own = found.reasons.get(version)
        reasons = [Reason("asked")] if own is None else [own, *reasons]
    return make_line(
        row,
        gathered.credits.get(version, ()),
        reasons,
        unreached.get(row["current_article_id"], ()),
    )


def _order(line: Line) -> tuple[dt.datetime, str, str]:
    return line.time, line.outlet, line.article_id
