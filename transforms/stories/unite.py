"""Whether two units are to be one: likely enough, and alike enough among themselves.

Between two thresholds likelihood does not decide: there a second kind of evidence has to agree.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transforms.stories.term_weights import stem
from transforms.stories.unit import Unit, Vector, dot
from transforms.stories.within import HEADLINE, TEXT, kind_of, likelihood

THRESHOLDS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("thresholds.toml").read_text("utf-8")
)


# A toll is corrected within a day; what is less than this share of it later is no correction.
_TOLLS_SETTLE: Final = dt.timedelta(days=1)
_FALLEN: Final = 0.5
_PLACE: Final = ("geonames:", "iso3166:")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely two units report one event, and whether they are to be one."""

    score: float
    unites: bool


def judge(one: Unit, other: Unit) -> Verdict:
    """The verdict on two units of one language."""
    if contradict(one, other):
        return Verdict(0.0, False)
    kind = kind_of(one, other)
    if kind == HEADLINE and _shares_one_word(one, other):
        return Verdict(0.0, False)
    score = likelihood(one, other)
    limits = THRESHOLDS[kind]
    unites = score >= limits["join"] or (
        score >= limits["undecided"] and has_second_evidence(one, other)
    )
    return Verdict(score, unites and cohesion(one, other, kind) >= limits["cohesion"])


def _shares_one_word(one: Unit, other: Unit) -> bool:
    """Whether there is but one word that both headlines have, as columns are called."""
    both = one.opening.keys() & other.opening.keys()
    return len({stem(term).rstrip("*") for term in both if " " not in term}) < 2


def contradict(one: Unit, other: Unit) -> bool:
    """Whether both cannot be one event: a bulletin of another day, a toll that fell, other names.

    Tolls rise while a story is told; one told days later that is less than half is another's.
    """
    series = {key for key, _ in one.bulletins} & {key for key, _ in other.bulletins}
    if any(len({b for b in one.bulletins | other.bulletins if b[0] == key}) > 1 for key in series):
        return True
    if _name_others(one, other):
        return True
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    earlier, later = (one, other) if one.last <= other.first else (other, one)
    if not earlier.last or not later.first or later.first - earlier.last < _TOLLS_SETTLE:
        return False
    return any(
        later.tolls[kind] < earlier.tolls[kind] * _FALLEN
        for kind in earlier.tolls.keys() & later.tolls.keys()
    )


def _name_others(one: Unit, other: Unit) -> bool:
    """Whether each has names in its headlines that the other has not, and no more in common.

    Reports of two fires in two towns share nearly all their words. Of a headline without a text,
    which could name the others, only the places say so, and not beside a group, whose headlines
    differ.
    """
    mine, theirs = one.named, other.named
    if kind_of(one, other) == HEADLINE:
        if one.count + other.count > 2:
            return False
        mine, theirs = _places(mine), _places(theirs)
    return bool(
        mine
        and theirs
        and mine.isdisjoint(other.names)
        and theirs.isdisjoint(one.names)
        and not has_second_evidence(one, other)
    )


def _places(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in names if name.startswith(_PLACE))


def has_second_evidence(one: Unit, other: Unit) -> bool:
    """Whether both have a rare name, a telling number or quoted words in common."""
    second = THRESHOLDS["second"]
    return (
        not one.quotes.isdisjoint(other.quotes)
        or _heaviest(one.names, one.count, other.names, other.count) >= second["name"]
        or _heaviest(one.numbers, one.count, other.numbers, other.count) >= second["digits"]
    )


def cohesion(one: Unit, other: Unit, kind: str) -> float:
    """The mean cosine of two members of what both would be together."""
    if kind == TEXT:
        members = one.bodies + other.bodies
        square = one.body_square + other.body_square + 2 * dot(one.body, other.body)
    else:
        members = one.count + other.count
        square = one.opening_square + other.opening_square + 2 * dot(one.opening, other.opening)
    return (square - members) / (members * (members - 1))


def _heaviest(one: Vector, ones: int, other: Vector, others: int) -> float:
    """The most that a shared key weighs, by its geometric mean over all members of both."""
    most = max((one[key] * other[key] for key in one.keys() & other.keys()), default=0.0)
    return float((most / (ones * others)) ** 0.5)
