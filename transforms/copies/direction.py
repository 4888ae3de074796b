"""Which of two articles with the same text is the later one, and how that is known.

A credit by name asserts it, unless the times say that what would have been copied came after. Else
the times tell, if they are further apart than either may be wrong. Else the shape: what stands
within a longer piece, behind words of its own, was there before it; and of two items of one outlet
the one that calls itself a correction or an update is the later. Else nothing is said.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

from transforms.citations.names import outlet_by_domain
from transforms.citations.same_source import is_exactly, same_source
from transforms.entities.agencies import agency_by_domain

Direction = Literal["asserted", "likely", "unknown"]
Why = Literal["credit", "time", "shape", "contradiction", "times overlap", "no time"]

# How far off a time may be whose zone is not known, and one that is but a day.
_ZONES: Final = dt.timedelta(hours=14)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """What an article claims of when it came out and when it was last changed."""

    published: dt.datetime | None
    versioncreated: dt.datetime | None
    is_zone_known: bool | None


def place_in_time(published: dt.datetime | None, version_id: str) -> tuple[float, str]:
    """What `earlier` and `later` are by, of two versions that are compared: claimed time, then id.

    A version that claims no time comes after all others.
    """
    return (math.inf if published is None else published.timestamp()), version_id


@dataclass(frozen=True, slots=True)
class Cited:
    """A source that an article credits, and its words."""

    agency: str
    phrase: str


CITED: Final = ("version_id", "field", "start", "agency", "phrase")


def cited_by_version(rows: pa.Table) -> dict[str, tuple[Cited, ...]]:
    """Rows of `citations` with the columns of `CITED`, by version, in the order of its text."""
    cited: dict[str, list[Cited]] = defaultdict(list)
    for row in rows.sort_by([(name, "ascending") for name in CITED]).to_pylist():
        cited[row["version_id"]].append(Cited(row["agency"], row["phrase"]))
    return {version: tuple(mine) for version, mine in cited.items()}


@dataclass(frozen=True, slots=True)
class Credit:
    """Words that credit an outlet; `is_exact`: by its own name, not by a part or sound of it."""

    phrase: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Order:
    """Whether the other article is the later one, None if that is not known; how, and why."""

    is_other_later: bool | None
    direction: Direction
    why: Why


def find_credit(cited: Iterable[Cited], outlet: str, outlet_name: str | None) -> Credit | None:
    """The first words that credit an outlet, by its exact name if any do.

    An outlet that our tables know is credited by its own id only: `interfax` is not
    `interfax.com.ua`.
    """
    known = agency_by_domain(outlet) or outlet_by_domain(outlet)
    found = []
    for one in cited:
        if known:
            if one.agency == known:
                found.append(Credit(one.phrase, True))
        elif same_source(one.agency, outlet, outlet_name):
            found.append(Credit(one.phrase, is_exactly(one.agency, outlet, outlet_name)))
    return max(found, key=lambda credit: credit.is_exact, default=None)


def find_order(
    one: Times,
    other: Times,
    credits_other: Credit | None,
    is_credited: Credit | None,
    by_shape: bool | None = None,
) -> Order:
    """Which of two is later; `credits_other`: the one's words, `is_credited`: the other's.

    `by_shape`: whether the other is, by its text; None if that says nothing.
    """
    by_time, why = _is_later(one, other)
    here = bool(credits_other and credits_other.is_exact)
    there = bool(is_credited and is_credited.is_exact)
    if here != there:
        if by_time in (None, there):
            return Order(there, "asserted", "credit")
        return Order(None, "unknown", "contradiction")
    if by_time is None and by_shape is not None:
        return Order(by_shape, "likely", "shape")
    return Order(by_time, "unknown" if by_time is None else "likely", why)


def _is_later(one: Times, other: Times) -> tuple[bool | None, Why]:
    """None where a time is not claimed, or where the two may be the other way round."""
    mine, its = _span(one), _span(other)
    if mine is None or its is None:
        return None, "no time"
    if its[0] > mine[1]:
        return True, "time"
    return (False, "time") if mine[0] > its[1] else (None, "times overlap")


def least_hours(one: Times, other: Times) -> float | None:
    """The least that the other may have come out after the one; None if a time is not claimed."""
    mine, its = _span(one), _span(other)
    return None if mine is None or its is None else (its[0] - mine[1]) / dt.timedelta(hours=1)


def _span(times: Times) -> tuple[dt.datetime, dt.datetime] | None:
    """Between which times a text may have come out: first published, last changed."""
    if times.published is None:
        return None
    first = times.published
    last = max(first, times.versioncreated or first)
    if first.time() == dt.time():  # a day without a time, mostly
        last += _DAY
    if not times.is_zone_known:
        first, last = first - _ZONES, last + _ZONES
    return first, last
