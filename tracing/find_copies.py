"""Which articles of a lake carry an article's text, or have it from there: read when asked.

Every text of the days around is compared, so that nothing is missed for want of an index; cost is
linear in them, half a millisecond each. A copy is what `transforms/copies/verify.py` calls one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lake.current import family_of, rows_of, versions_now
from lake.data_file import DataFile
from lake.tables import Snapshot
from lake.where import is_any
from schemas.citation import CREDITING
from schemas.link import FORM
from tracing.find_articles import undated
from tracing.find_version import Version
from transforms.copies.compare import seed_size
from transforms.copies.direction import CITED, Cited, cited_by_version
from transforms.copies.link import (
    LINKABLE,
    TEXTS,
    Linkable,
    hours_between,
    linkable,
    relate,
)
from transforms.copies.strip import stripped_words
from transforms.copies.verify import STRIDE, Match, is_copy, stretches, verify_words
from transforms.copies.words import Words

_COLUMNS = [*LINKABLE, "language", "headline", "first_seen", "date"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CopyLine:
    """An article that shares text with the one asked for.

    `kind` as in DESIGN §1: `resend` and `reprint` are the same text, of the same outlet and of
    another; `embedded`, one stands in the other; `excerpt`, a part of one does. `form`: it would be
    one of these, but its words stand with other data on `form_days` days, and nothing is claimed.
    `version_id` is the version that shares most, `is_current` whether it is the article's current
    one, `pubstatus` what the article is now.

    `contained` is the share of the asked text's words that are in this one, `other_contained` the
    reverse. `is_later`: than the article asked for; None where that is not known. `direction`:
    `asserted` by a credit, `likely` by the times, or `unknown`. `credit`: this article's words that
    credit the asked one's outlet, `other_credit` the reverse; `credits`: whom it credits at all.
    """

    article_id: str
    version_id: str
    is_current: bool
    pubstatus: str
    outlet: str
    language: str
    headline: str | None
    published: dt.datetime | None
    first_seen: dt.datetime
    kind: str
    form_days: int
    contained: float
    other_contained: float
    longest: int
    is_later: bool | None
    direction: str
    credit: str | None
    other_credit: str | None
    credits: tuple[str, ...]
    passages: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A version that matches the asked one; `match` compares the earlier one with the later."""

    row: Row
    other: Linkable
    match: Match
    is_earlier: bool

    @property
    def version_id(self) -> str:
        return self.other.version_id


def find_copies(
    pinned: Snapshot, asked: Version, days: int, unseen: Collection[str] = ()
) -> tuple[list[CopyLine], int]:
    """The copies of a version within `days` of its claimed date, by time; how many were left out.

    Articles that claim no time are near to every other, and one of them is compared with the whole
    lake. Articles that are `unseen` are left out.
    """
    own = family_of(pinned, [asked.article_id])
    matches: list[_Found] = []
    left_out: set[str] = set()
    form_days: set[dt.date] = set()
    mine = _asked(asked)
    for row, words in _candidates(pinned, asked, mine.words, days):
        if row["article_id"] not in own:
            other = linkable(row, row["date"], words)
            is_earlier = other.place_in_time < mine.place_in_time
            pair = (other, mine) if is_earlier else (mine, other)
            hours = hours_between(mine.times, other.times)
            match = verify_words(pair[0].words, pair[1].words, hours)
            if match and match.kind == FORM:
                form_days.add(row["date"])
            elif match and row["article_id"] in unseen:
                left_out.add(row["article_id"])
            elif match:
                matches.append(_Found(row, other, match, is_earlier))
    dates = {asked.version_id: {"article_id": asked.article_id, "date": asked.date}}
    now = versions_now(pinned, {asked.article_id, *(found.row["article_id"] for found in matches)})
    best = {}
    for found in sorted(matches, key=lambda one: _rank(one, now)):
        best[now[found.version_id]["current_article_id"]] = found
    cited = _cited(pinned, dates | {found.version_id: found.row for found in best.values()})
    mine = replace(mine, cited=cited.get(asked.version_id, ()))
    lines = [
        _line(mine, found, cited.get(found.version_id, ()), now, len(form_days))
        for found in best.values()
    ]
    return sorted(lines, key=_order), len(left_out)


def _rank(found: _Found, now: Mapping[str, Row]) -> tuple[int, bool, str]:
    """What shares most comes last, and of equals the current version."""
    is_current = now[found.version_id]["is_current"]
    return found.match.comparison.equal, is_current, found.version_id


def _order(line: CopyLine) -> tuple[dt.datetime, str]:
    return line.published or line.first_seen, line.article_id


def _candidates(
    pinned: Snapshot, asked: Version, words: Words, days: int
) -> Iterator[tuple[Row, Words]]:
    """Rows and words of the days around that share a stretch of words with the asked text."""
    size = seed_size(words)
    asked_for = set(stretches(words, size))
    for row in _rows_around(pinned, asked, days):
        others = stripped_words(row["body_text"] or row["description_text"] or "")
        if not asked_for.isdisjoint(stretches(others, size, STRIDE)):
            yield row, others


def _rows_around(pinned: Snapshot, asked: Version, days: int) -> Iterator[Row]:
    """Of the language, or where one is not known: of the days around, and what claims no day."""
    files = [
        file
        for file in pinned.files("articles")
        if file.partition["language"] in (asked.language, "und") or asked.language == "und"
    ]
    near = {file.path for file in files if _is_near(file, asked, days)}
    for file in files:
        if file.path in near:
            yield from pinned.read("articles", _COLUMNS, None, [file]).to_pylist()
    rows = undated(pinned)
    dates = {row["date"].isoformat() for row in rows.values()}
    far = [file for file in files if file.path not in near and file.partition["date"] in dates]
    if far:
        where = is_any("version_id", rows)
        yield from pinned.read("articles", _COLUMNS, where, far).to_pylist()


def _is_near(file: DataFile, asked: Version, days: int) -> bool:
    if asked.published is None:
        return True
    day = dt.date.fromisoformat(file.partition["date"])
    return abs((day - asked.published.date()).days) <= days


def _asked(asked: Version) -> Linkable:
    """An asked version as one of the rows is."""
    row = {name: getattr(asked, name) for name in LINKABLE if name not in TEXTS}
    texts = {"body_text": None, "description_text": None, asked.field: asked.text}
    return linkable(row | texts, asked.date)


def _cited(pinned: Snapshot, versions: Mapping[str, Row]) -> Mapping[str, tuple[Cited, ...]]:
    found = rows_of(pinned, "citations", [*CITED, "kind"], versions)
    credits = found.filter(is_any("kind", CREDITING))
    return cited_by_version(credits.select(CITED))


def _is_revised(source: Linkable, copy: Linkable, versions: Mapping[str, Row]) -> bool:
    """Whether times tell nothing of these versions, as `links_now` has it (lake/views.sql)."""
    first = versions[source.version_id]["version_order"] == 1
    article = versions[copy.version_id]["current_article_id"]
    times = [row["published"] for row in versions.values() if row["current_article_id"] == article]
    since = min((time for time in times if time is not None), default=None)
    published = source.times.published
    is_dated = first or source.times.versioncreated is not None
    return not (is_dated and since is not None and published is not None and since > published)


def _line(
    asked: Linkable,
    found: _Found,
    cited: Sequence[Cited],
    versions: Mapping[str, Row],
    form_days: int,
) -> CopyLine:
    now = versions[found.version_id]
    row, other = found.row, replace(found.other, cited=tuple(cited))
    is_earlier = found.is_earlier
    pair = (other, asked) if is_earlier else (asked, other)
    relation = relate(*pair, found.match)
    here, there = relation.other_credit, relation.credit
    is_later, direction = relation.is_in_order, relation.direction
    source, copy = pair[::-1] if is_later is False else pair
    if relation.why == "time" and _is_revised(source, copy, versions):
        is_later, direction = None, "unknown"
    if is_earlier:
        here, there = there, here
        is_later = None if is_later is None else not is_later
    hours = hours_between(asked.times, other.times)
    is_claimed = there or here or is_copy(found.match, form_days, hours)
    comparison = found.match.comparison
    contained = comparison.contained, comparison.other_contained
    spans = [(shared.one, shared.other) for shared in comparison.shared]
    if is_earlier:
        contained = contained[::-1]
        spans = sorted((mine, its) for its, mine in spans)
    return CopyLine(
        now["current_article_id"],
        row["version_id"],
        now["is_current"],
        now["effective_pubstatus"],
        row["outlet"],
        row["language"],
        row["headline"],
        row["published"],
        row["first_seen"],
        relation.kind if is_claimed else FORM,
        form_days,
        round(contained[0], 4),
        round(contained[1], 4),
        comparison.longest,
        is_later,
        direction,
        there.phrase if there else None,
        here.phrase if here else None,
        tuple(sorted({one.agency for one in cited})),
        tuple(spans),
    )
