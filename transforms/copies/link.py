"""A link: which of two versions has its text from the other, of which kind, with the evidence."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schemas.link import FORM, Aligned, Link
from transforms.copies.compare import Comparison, seed_size
from transforms.copies.direction import (
    Cited,
    Credit,
    Direction,
    Times,
    Why,
    find_credit,
    find_order,
    place_in_time,
)
from transforms.copies.strip import stripped_words
from transforms.copies.thresholds import LIMITS
from transforms.copies.verify import Match, stretches, verify_words
from transforms.copies.words import Words

_LINK: Final = LIMITS["link"]
TEXTS: Final = ("body_text", "description_text")
LINKABLE: Final = (
    "article_id", "version_id", "outlet", "outlet_name", "published", "published_tz_known",
    "versioncreated", "signals", *TEXTS,
)  # fmt: skip
_MENDING: Final = frozenset(_LINK["mending"])
_MOST_PASSAGES: Final = 32


@dataclass(frozen=True, slots=True)
class Linkable:
    """What a version says that bears on whose text it has; `field` is the column of its text."""

    article_id: str
    version_id: str
    outlet: str
    outlet_name: str | None
    date: dt.date
    times: Times
    signals: frozenset[str]
    field: str
    words: Words
    cited: tuple[Cited, ...] = ()

    @property
    def place_in_time(self) -> tuple[float, str]:
        """By this, one of two is `earlier`."""
        return place_in_time(self.times.published, self.version_id)


def linkable(
    row: Mapping[str, Any], date: dt.date, words: Words | None = None, cited: Sequence[Cited] = ()
) -> Linkable:
    """A row of `articles` with the columns of `LINKABLE`; its words, where they are known."""
    field = "body_text" if row["body_text"] else "description_text"
    return Linkable(
        row["article_id"],
        row["version_id"],
        row["outlet"],
        row["outlet_name"],
        date,
        Times(row["published"], row["versioncreated"], row["published_tz_known"]),
        frozenset(row["signals"] or ()),
        field,
        words or stripped_words(row[field] or ""),
        tuple(cited),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """Which run says it, and when that began."""

    run_id: str
    as_of: dt.datetime


@dataclass(frozen=True, slots=True)
class Relation:
    """What a match of two texts amounts to; `earlier` and `later` as they were given.

    `is_in_order`: whether `later` is the later one; None if that is not known. `credit`: the words
    with which `later` credits the other's outlet, `other_credit` the reverse.
    """

    kind: str
    is_in_order: bool | None
    direction: Direction
    why: Why
    credit: Credit | None
    other_credit: Credit | None


def find_link(earlier: Linkable, later: Linkable, claim: Claim) -> Link | None:
    """The link of two versions, or None if neither has its text from the other.

    `earlier` and `later` are by `place_in_time`. Where the direction is known otherwise, or not at
    all, the link says so.
    """
    hours = hours_between(earlier.times, later.times)
    match = verify_words(earlier.words, later.words, hours)
    if match is None:
        return None
    relation = relate(earlier, later, match)
    is_turned = relation.is_in_order is False
    source, copy = (later, earlier) if is_turned else (earlier, later)
    credit = relation.other_credit if is_turned else relation.credit
    found = match.comparison
    contained = found.contained, found.other_contained
    in_copy, in_source = contained if is_turned else reversed(contained)
    return Link(
        from_article_id=copy.article_id,
        to_article_id=source.article_id,
        from_version_id=copy.version_id,
        to_version_id=source.version_id,
        kind=relation.kind,
        score=_score(match, earlier.words, later.words),
        jaccard=round(shingle_jaccard(earlier.words, later.words), 4),
        containment_from=round(in_copy, 4),
        containment_to=round(in_source, 4),
        longest=found.longest,
        direction=relation.direction,
        direction_reason=relation.why,
        credited=credit is not None,
        credit=credit.phrase if credit else None,
        from_field=copy.field,
        to_field=source.field,
        evidence=() if match.kind == FORM else _evidence(found, is_turned=is_turned),
        from_date=copy.date,
        to_date=source.date,
        hours_apart=None if hours is None else round(hours, 4),
        withdrawn=False,
        as_of=claim.as_of,
        run_id=claim.run_id,
        month=f"{claim.as_of:%Y-%m}",
    )


def relate(earlier: Linkable, later: Linkable, match: Match) -> Relation:
    """The kind and direction of a match of `earlier.words` with `later.words`."""
    credit = find_credit(later.cited, earlier.outlet, earlier.outlet_name)
    other_credit = find_credit(earlier.cited, later.outlet, later.outlet_name)
    shape = _later_by_shape(earlier, later, match)
    order = find_order(earlier.times, later.times, other_credit, credit, shape)
    is_turned = order.is_other_later is False
    source, copy = (later, earlier) if is_turned else (earlier, later)
    kind = _kind(match, source, copy)
    return Relation(kind, order.is_other_later, order.direction, order.why, credit, other_credit)


def hours_between(one: Times, other: Times) -> float | None:
    """Between two claimed times of publication; None where one is not known."""
    if one.published is None or other.published is None:
        return None
    return abs((one.published - other.published).total_seconds()) / 3600


def shingle_jaccard(one: Words, other: Words) -> float:
    """Of the sets of shingles, five words each or eight letters (Broder 1997), 0 to 1."""
    size = min(seed_size(one), seed_size(other))
    ours, theirs = set(stretches(one, size)), set(stretches(other, size))
    both = len(ours & theirs)
    return both / max(len(ours) + len(theirs) - both, 1)


def _kind(match: Match, source: Linkable, copy: Linkable) -> str:
    """As in DESIGN §1. Within an outlet an item that has more, or mends, replaces the earlier."""
    if match.kind == FORM:
        return FORM
    if source.outlet != copy.outlet:
        return "reprint" if match.kind == "same" else match.kind
    hours = hours_between(source.times, copy.times)
    if match.kind != "excerpt" and hours is not None and hours <= _LINK["replaces_hours"]:
        found = match.comparison
        is_equal = min(found.contained, found.other_contained) >= _LINK["equal"]
        has_more = len(copy.words) >= len(source.words)
        if not is_equal and (has_more or copy.signals & _MENDING):
            return "updates"
    return "resend" if match.kind == "same" else match.kind


def _score(match: Match, earlier: Words, later: Words) -> float:
    """How much agrees of what forms are filled in with, less for a run that a form may have."""
    short = min((earlier, later), key=len)
    letters = LIMITS["letters"] if short.is_unspaced else 1
    sure = LIMITS["near"]["longest_run"] * letters
    agreed = min(match.names, match.numbers)
    return round(agreed * min(match.comparison.longest / float(sure), 1.0), 4)


def _later_by_shape(earlier: Linkable, later: Linkable, match: Match) -> bool | None:
    """Whether `later` is, by the texts alone."""
    if earlier.outlet == later.outlet and match.kind != "excerpt":
        mends, mended = (bool(one.signals & _MENDING) for one in (later, earlier))
        if mends != mended:
            return mends
    if match.kind != "embedded":
        return None
    is_later_longer = len(later.words) > len(earlier.words)
    longer = later.words if is_later_longer else earlier.words
    spans = (s.other if is_later_longer else s.one for s in match.comparison.shared)
    first = min(start for start, _ in spans)
    before = bisect_left([start for start, _ in longer.spans], first)
    return is_later_longer if before >= _LINK["words_before"] else None


def _evidence(found: Comparison, *, is_turned: bool) -> tuple[Aligned, ...]:
    longest = sorted(found.shared, key=lambda shared: -shared.equal)[:_MOST_PASSAGES]
    spans: Sequence[tuple[tuple[int, int], tuple[int, int]]] = [
        (shared.one, shared.other) if is_turned else (shared.other, shared.one)
        for shared in longest
    ]
    return tuple(Aligned(*copied, *source) for copied, source in sorted(spans))
