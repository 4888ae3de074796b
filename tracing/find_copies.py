"""Which articles of a lake carry an article's text, or have it from there: read when asked.

Every text of the days around is compared, so that nothing is missed for want of an index; cost is
linear in them, half a millisecond each. A copy is what `transforms/copies/verify.py` calls one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import family_of
from lake.tables import Snapshot
from tracing.find_version import Version
from tracing.gather import CREDITING
from tracing.names import same_source
from transforms.copies.verify import Match, is_copy, verify
from transforms.copies.words import Words, find_words

# A copy has a run of 15 words (`thresholds.toml`), so of its five-word stretches one begins at a
# multiple of ten, and so of eight letters among 24.
_STRIDE: Final = 10
_STRETCH, _STRETCH_LETTERS = 5, 8
# How far off a time may be whose zone is not known.
_ZONES: Final = dt.timedelta(hours=14)
_COLUMNS = [
    "article_id", "version_id", "outlet", "outlet_name", "language", "headline", "published",
    "published_tz_known", "first_seen", "date", "body_text", "description_text",
]  # fmt: skip
_CITATION = ["version_id", "agency", "phrase", "kind"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CopyLine:
    """An article that shares text with the one asked for.

    `kind` as in DESIGN §1: `resend` and `reprint` are the same text, of the same outlet and of
    another; `embedded`, one stands in the other; `excerpt`, a part of one does. `contained` is the
    share of the asked text's words that are in this one, `other_contained` the reverse. `is_later`:
    than the article asked for; None where their times do not tell. `direction`: `asserted` by a
    credit, `likely` by the times, or `unknown`. `credit`: the words by which the later of the two,
    or either if unknown, credits the other's outlet.
    """

    article_id: str
    version_id: str
    outlet: str
    language: str
    headline: str | None
    published: dt.datetime | None
    first_seen: dt.datetime
    kind: str
    contained: float
    other_contained: float
    longest: int
    is_later: bool | None
    direction: str
    credit: str | None
    passages: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def find_copies(
    pinned: Snapshot, asked: Version, days: int, unseen: Collection[str] = ()
) -> list[CopyLine]:
    """The copies of a version within `days` of its claimed date, by time; of each article the best.

    An article that claims no time is compared with the whole lake. Articles that are `unseen` are
    left out.
    """
    family = family_of(pinned, [asked.article_id])
    best: dict[str, tuple[Row, Match]] = {}
    form_days = set()
    for row, text in _candidates(pinned, asked, days, {*family, *unseen}):
        found = verify(asked.text, text, _hours_between(asked.published, row["published"]))
        known = best.get(row["article_id"])
        if found and found.kind == "form":
            form_days.add(row["date"])
        elif found and (known is None or found.comparison.equal > known[1].comparison.equal):
            best[row["article_id"]] = row, found
    best = {
        article_id: (row, found)
        for article_id, (row, found) in best.items()
        if is_copy(found, len(form_days), _hours_between(asked.published, row["published"]))
    }
    credits = _credits(pinned, [asked.version_id, *(row["version_id"] for row, _ in best.values())])
    lines = [_line(asked, row, found, credits) for row, found in best.values()]
    return sorted(lines, key=lambda line: (line.published or line.first_seen, line.article_id))


def _candidates(
    pinned: Snapshot, asked: Version, days: int, left_out: Collection[str]
) -> Iterator[tuple[Row, str]]:
    """Rows and texts of the days around that share a stretch of words with the asked text."""
    words = find_words(asked.text)
    size = _STRETCH_LETTERS if words.is_unspaced else _STRETCH
    stretches = set(_stretches(words, size, 1))
    for file in pinned.files("articles"):
        if _is_near(file.partition, asked, days):
            for row in pinned.read("articles", _COLUMNS, None, [file]).to_pylist():
                text = row.pop("body_text") or row["description_text"] or ""
                found = find_words(text)
                is_new = row["article_id"] not in left_out
                if is_new and not stretches.isdisjoint(_stretches(found, size, _STRIDE)):
                    yield row, text


def _stretches(words: Words, size: int, stride: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(words) - size + 1, stride):
        yield words.folded[start : start + size]


def _is_near(partition: Mapping[str, str], asked: Version, days: int) -> bool:
    if partition["language"] not in (asked.language, "und") and asked.language != "und":
        return False
    if asked.published is None:
        return True
    day = dt.date.fromisoformat(partition["date"])
    return abs((day - asked.published.date()).days) <= days


def _hours_between(one: dt.datetime | None, other: dt.datetime | None) -> float | None:
    return None if one is None or other is None else abs((one - other).total_seconds()) / 3600


def _credits(pinned: Snapshot, versions: Iterable[str]) -> Mapping[str, list[Row]]:
    ids = pa.array(sorted(versions), pa.string())
    where = pc.field("version_id").isin(ids) & pc.field("kind").isin(pa.array(CREDITING))
    credits: dict[str, list[Row]] = {}
    for row in pinned.read("citations", _CITATION, where).to_pylist():
        credits.setdefault(row["version_id"], []).append(row)
    return credits


def _line(asked: Version, row: Row, found: Match, credits: Mapping[str, list[Row]]) -> CopyLine:
    credited_there = _credit_of(credits.get(row["version_id"], ()), asked.outlet, asked.outlet_name)
    credited_here = _credit_of(credits.get(asked.version_id, ()), row["outlet"], row["outlet_name"])
    is_later, direction = _direction(asked, row, credited_here, credited_there)
    credit = credited_there or credited_here
    if is_later is not None:
        credit = credited_there if is_later else credited_here
    is_own = row["outlet"] == asked.outlet
    same = "resend" if is_own else "reprint"
    comparison = found.comparison
    return CopyLine(
        row["article_id"],
        row["version_id"],
        row["outlet"],
        row["language"],
        row["headline"],
        row["published"],
        row["first_seen"],
        same if found.kind == "same" else found.kind,
        round(comparison.contained, 4),
        round(comparison.other_contained, 4),
        comparison.longest,
        is_later,
        direction,
        credit,
        tuple((shared.one, shared.other) for shared in comparison.shared),
    )


def _credit_of(credits: Iterable[Row], outlet: str, outlet_name: str | None) -> str | None:
    """The first words that credit an outlet."""
    return next(
        (row["phrase"] for row in credits if same_source(row["agency"], outlet, outlet_name)), None
    )


def _direction(
    asked: Version, row: Row, credited_here: str | None, credited_there: str | None
) -> tuple[bool | None, str]:
    """Whether the row's article is the later one, and how that is known.

    A credit tells unless the times say that what it would have copied came after it.
    """
    by_time = _is_later(asked, row)
    if (credited_here is None) != (credited_there is None):
        by_credit = credited_there is not None
        if by_time in (None, by_credit):
            return by_credit, "asserted"
    return by_time, "unknown" if by_time is None else "likely"


def _is_later(asked: Version, row: Row) -> bool | None:
    """None where a time is not claimed, or the gap is no larger than what is unsure of both."""
    if asked.published is None or row["published"] is None:
        return None
    known = (asked.published_tz_known, row["published_tz_known"])
    unsure = sum((_ZONES for is_known in known if not is_known), dt.timedelta())
    gap: dt.timedelta = row["published"] - asked.published
    return gap > dt.timedelta() if abs(gap) > unsure else None
