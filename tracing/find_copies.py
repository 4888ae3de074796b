"""Which articles of a lake carry an article's text, or have it from there: read when asked.

Every text of the days around is compared, so that nothing is missed for want of an index; cost is
linear in them, half a millisecond each. A copy is what `transforms/copies/verify.py` calls one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import family_of, versions_now
from lake.data_file import DataFile
from lake.tables import Snapshot
from tracing.find_articles import undated
from tracing.find_version import Version
from tracing.gather import CREDITING, of_versions
from tracing.names import is_exactly, same_source
from transforms.citations.names import outlet_by_domain
from transforms.copies.compare import seed_size
from transforms.copies.verify import STRIDE, Match, is_copy, stretches, verify_words
from transforms.copies.words import Words, find_words
from transforms.entities.agencies import agency_by_domain

# How far off a time may be whose zone is not known, and one that is but a day.
_ZONES: Final = dt.timedelta(hours=14)
_DAY: Final = dt.timedelta(days=1)
_COLUMNS = [
    "article_id", "version_id", "outlet", "outlet_name", "language", "headline", "published",
    "published_tz_known", "versioncreated", "first_seen", "date", "body_text", "description_text",
]  # fmt: skip
_CITATION = ["version_id", "agency", "phrase", "kind"]
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


def find_copies(
    pinned: Snapshot, asked: Version, days: int, unseen: Collection[str] = ()
) -> tuple[list[CopyLine], int]:
    """The copies of a version within `days` of its claimed date, by time; how many were left out.

    Articles that claim no time are near to every other, and one of them is compared with the whole
    lake. Articles that are `unseen` are left out.
    """
    own = family_of(pinned, [asked.article_id])
    matches: list[tuple[Row, Match]] = []
    left_out: set[str] = set()
    form_days: set[dt.date] = set()
    words = find_words(asked.text)
    for row, others in _candidates(pinned, asked, words, days):
        if row["article_id"] not in own:
            hours = _hours_between(asked.published, row["published"])
            found = verify_words(words, others, hours)
            if found and found.kind == "form":
                form_days.add(row["date"])
            elif found and row["article_id"] in unseen:
                left_out.add(row["article_id"])
            elif found:
                matches.append((row, found))
    now = versions_now(pinned, {row["version_id"]: row for row, _ in matches})
    best: dict[str, tuple[Row, Match]] = {}
    for row, found in sorted(matches, key=lambda match: _rank(match[0], match[1], now)):
        best[now[row["version_id"]]["current_article_id"]] = row, found
    dates = {asked.version_id: {"article_id": asked.article_id, "date": asked.date}}
    credits = _credits(pinned, dates | {row["version_id"]: row for row, _ in best.values()})
    lines = [
        _line(asked, row, found, now[row["version_id"]], credits, len(form_days))
        for row, found in best.values()
    ]
    return sorted(lines, key=_order), len(left_out)


def _rank(row: Row, found: Match, now: Mapping[str, Row]) -> tuple[int, bool, str]:
    """What shares most comes last, and of equals the current version."""
    return found.comparison.equal, now[row["version_id"]]["is_current"], row["version_id"]


def _order(line: CopyLine) -> tuple[dt.datetime, str]:
    return line.published or line.first_seen, line.article_id


def _candidates(
    pinned: Snapshot, asked: Version, words: Words, days: int
) -> Iterator[tuple[Row, Words]]:
    """Rows and words of the days around that share a stretch of words with the asked text."""
    size = seed_size(words)
    asked_for = set(stretches(words, size))
    for row in _rows_around(pinned, asked, days):
        others = find_words(row.pop("body_text") or row["description_text"] or "")
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
        where = pc.field("version_id").isin(pa.array(sorted(rows), pa.string()))
        yield from pinned.read("articles", _COLUMNS, where, far).to_pylist()


def _is_near(file: DataFile, asked: Version, days: int) -> bool:
    if asked.published is None:
        return True
    day = dt.date.fromisoformat(file.partition["date"])
    return abs((day - asked.published.date()).days) <= days


def _hours_between(one: dt.datetime | None, other: dt.datetime | None) -> float | None:
    return None if one is None or other is None else abs((one - other).total_seconds()) / 3600


def _credits(pinned: Snapshot, versions: Mapping[str, Row]) -> Mapping[str, list[Row]]:
    where = of_versions(versions) & pc.field("kind").isin(pa.array(CREDITING))
    credits: dict[str, list[Row]] = {}
    for row in pinned.read("citations", _CITATION, where).to_pylist():
        credits.setdefault(row["version_id"], []).append(row)
    return credits


def _line(
    asked: Version,
    row: Row,
    found: Match,
    now: Row,
    credits: Mapping[str, list[Row]],
    form_days: int,
) -> CopyLine:
    mine = credits.get(row["version_id"], [])
    there = _credit_of(mine, asked.outlet, asked.outlet_name)
    here = _credit_of(credits.get(asked.version_id, []), row["outlet"], row["outlet_name"])
    is_later, direction = _direction(asked, row, here, there)
    comparison = found.comparison
    kind: str = found.kind
    hours = _hours_between(asked.published, row["published"])
    if not (there or here or is_copy(found, form_days, hours)):
        kind = "form"
    elif kind == "same":
        kind = "resend" if row["outlet"] == asked.outlet else "reprint"
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
        kind,
        form_days,
        round(comparison.contained, 4),
        round(comparison.other_contained, 4),
        comparison.longest,
        is_later,
        direction,
        there.phrase if there else None,
        here.phrase if here else None,
        tuple(sorted({one["agency"] for one in mine})),
        tuple((shared.one, shared.other) for shared in comparison.shared),
    )


@dataclass(frozen=True, slots=True)
class _Credit:
    """Words that credit an outlet; `is_exact`: by its own name, not by a part or sound of it."""

    phrase: str
    is_exact: bool


def _credit_of(credits: Sequence[Row], outlet: str, outlet_name: str | None) -> _Credit | None:
    """The first words that credit an outlet, by its exact name if any do.

    An outlet that our tables know is credited by its own id only: `interfax` is not
    `interfax.com.ua`.
    """
    known = agency_by_domain(outlet) or outlet_by_domain(outlet)
    found = []
    for row in credits:
        if known:
            if row["agency"] == known:
                found.append(_Credit(row["phrase"], True))
        elif same_source(row["agency"], outlet, outlet_name):
            found.append(_Credit(row["phrase"], is_exactly(row["agency"], outlet, outlet_name)))
    return max(found, key=lambda one: one.is_exact, default=None)


def _direction(
    asked: Version, row: Row, here: _Credit | None, there: _Credit | None
) -> tuple[bool | None, str]:
    """Whether the row's article is the later one, and how that is known.

    A credit by name tells, unless the times say that what it would have copied came after it: then
    nothing is known. Else the times tell.
    """
    by_time = _is_later(asked, row)
    credits_here, credits_there = bool(here and here.is_exact), bool(there and there.is_exact)
    if credits_here != credits_there:
        if by_time in (None, credits_there):
            return credits_there, "asserted"
        return None, "unknown"
    return by_time, "unknown" if by_time is None else "likely"


def _is_later(asked: Version, row: Row) -> bool | None:
    """None where a time is not claimed, or where the two may be the other way round."""
    mine = _times(asked.published, asked.versioncreated, asked.published_tz_known)
    its = _times(row["published"], row["versioncreated"], row["published_tz_known"])
    if mine is None or its is None:
        return None
    return True if its[0] > mine[1] else False if mine[0] > its[1] else None


def _times(
    published: dt.datetime | None, versioncreated: dt.datetime | None, is_zone_known: bool | None
) -> tuple[dt.datetime, dt.datetime] | None:
    """Between which times a text may have come out: first published, last changed."""
    if published is None:
        return None
    first, last = published, max(published, versioncreated or published)
    if not is_zone_known:
        # Midnight without a zone is a day without a time.
        is_day = published.time() == dt.time()
        first, last = first - _ZONES, last + _ZONES + (_DAY if is_day else dt.timedelta())
    return first, last
