"""Clusters of several languages linked into stories, at most one cluster of a language in each.

Candidates are found by what is rare in both; each pair is scored once. Links are then taken best
first. Where two clusters of one language tie to the same foreign one, the better has it and the
other is left apart: rather one story told as two than two as one.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from transforms.stories.across import Tie, judge, weights
from transforms.stories.claims import Claims
from transforms.stories.concepts import concept_weights
from transforms.stories.evidence import digits_weight
from transforms.stories.name_keys import rough_row
from transforms.stories.terms import TOLLS

_COUNTRY, _CITY = "iso3166:", "geonames:"
# What makes a key: consonants of a name, rarity, weight of a number (of a toll), of a word's
# beginning; and how many countries and concepts are paired, the foremost.
_LEAST_ROW, _LEAST_RARITY, _LEAST_NUMBER, _LEAST_TOLL, _LEAST_WORD = 3, 5, 0.7, 0.35, 10
_COUNTRIES, _CONCEPTS, _LEAST_CONCEPT = 3, 8, 0.3


@dataclass(frozen=True)
class Cluster:
    """Articles of one language on one event; the times of the first and the last, if known."""

    id: str
    language: str
    first: dt.datetime | None
    last: dt.datetime | None
    claims: Claims

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it is looked up by, on every day that it is open."""
        return frozenset(keys(self.claims))


class Scores:
    """How likely two clusters report one event, told once for each pair; 0 if too far in time."""

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self._by_id = {one.id: one for one in clusters}
        self._told: dict[tuple[str, str], tuple[Tie, bool]] = {}

    def tie(self, one: str, other: str) -> Tie | None:
        """Their tie, if they can be linked."""
        found, is_link = self._judge(one, other)
        return found if is_link else None

    def are_alike(self, left: Collection[str], right: Collection[str]) -> bool:
        """Whether two groups of clusters are alike on the whole."""
        given = sorted(self._score(min(a, b), max(a, b)) for a in left for b in right)
        return math.fsum(given) / len(given) >= float(weights()["limits"]["together"])

    def _score(self, one: str, other: str) -> float:
        return self._judge(one, other)[0].score

    def _judge(self, one: str, other: str) -> tuple[Tie, bool]:
        if (one, other) not in self._told:
            mine, theirs = self._by_id[one], self._by_id[other]
            hours = hours_apart(mine, theirs)
            is_near = hours is None or hours <= weights()["limits"]["hours"]
            nothing = Tie(0.0, ()), False
            judged = judge(mine.claims, theirs.claims, hours) if is_near else nothing
            self._told[one, other] = judged
        return self._told[one, other]


def link(clusters: Sequence[Cluster]) -> list[tuple[str, str, Tie]]:
    """Which clusters report one event: pairs of ids, each sorted, the surest first."""
    language_of = {one.id: one.language for one in clusters}
    scores = Scores(clusters)
    groups: dict[str, tuple[str, ...]] = {name: (name,) for name in language_of}
    taken = []
    for one, other, found in ties_among(clusters, scores):
        left, right = groups[one], groups[other]
        if left == right:
            taken.append((one, other, found))
            continue
        if {language_of[name] for name in left} & {language_of[name] for name in right}:
            continue
        if scores.are_alike(left, right):
            taken.append((one, other, found))
            joined = tuple(sorted((*left, *right)))
            groups.update(dict.fromkeys(joined, joined))
    return taken


def ties_among(
    clusters: Sequence[Cluster], scores: Scores, touched: Collection[str] | None = None
) -> list[tuple[str, str, Tie]]:
    """Pairs of ids, each sorted, that can be linked, the surest first; one of each in `touched`."""
    ties = [
        (one, other, found)
        for one, other in candidates(clusters, touched)
        if (found := scores.tie(one, other)) is not None
    ]
    return sorted(ties, key=lambda row: (-row[2].score, row[0], row[1]))


def candidates(
    clusters: Sequence[Cluster], touched: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """Pairs of clusters of different languages that share a key few have, or two of any.

    If `touched` are given, one of each pair is among them.
    """
    holders: dict[str, list[Cluster]] = defaultdict(list)
    wanted = None if touched is None else _keys_of(clusters, touched)
    for one in clusters:
        for key in one.keys if wanted is None else one.keys & wanted:
            holders[key].append(one)
    limits = weights()["limits"]
    shared: Counter[tuple[str, str]] = Counter()
    for found in holders.values():
        if len(found) <= limits["holders"]:
            enough = 2 if len(found) <= limits["few_holders"] else 1
            asked = None if touched is None else {one.id for one in found if one.id in touched}
            for one, other in combinations(found, 2) if asked is None or asked else ():
                if one.language != other.language and (
                    asked is None or one.id in asked or other.id in asked
                ):
                    shared[min(one.id, other.id), max(one.id, other.id)] += enough
    return sorted(pair for pair, times in shared.items() if times > 1)


def _keys_of(clusters: Sequence[Cluster], touched: Collection[str]) -> frozenset[str]:
    """What these clusters are looked up by: what others share among themselves asks nothing."""
    return frozenset().union(*(one.keys for one in clusters if one.id in touched))


def keys(claims: Claims) -> Iterator[str]:
    """What clusters are looked up by."""
    for one in claims.ids:
        if not one.id.startswith(_COUNTRY) and (
            not one.id.startswith(_CITY) or one.rarity >= _LEAST_RARITY
        ):
            yield one.id
        if one.row:
            yield f"row:{rough_row(one.row)}"
    for name in claims.names:
        if len(name.row) >= _LEAST_ROW and name.rarity >= _LEAST_RARITY:
            yield f"row:{rough_row(name.row)}"
    for number in claims.numbers:
        least = _LEAST_TOLL if number.unit in TOLLS else _LEAST_NUMBER
        if digits_weight(number.value) >= least:
            yield f"number:{number.value}"
    for word in claims.words:
        if word.weight >= _LEAST_WORD:
            yield f"word:{word.beginning}"
    countries = [one.id for one in claims.ids if one.id.startswith(_COUNTRY)][:_COUNTRIES]
    known = concept_weights()
    concepts = [
        one.concept for one in claims.concepts if known.get(one.concept, 0.0) >= _LEAST_CONCEPT
    ][:_CONCEPTS]
    for country in countries:
        for concept in concepts:
            yield f"{country} {concept}"


def hours_apart(one: Cluster, other: Cluster) -> float | None:
    """Hours between the nearest of their articles' times, 0 if they overlap; None if not known."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    gap = max(one.first - other.last, other.first - one.last, dt.timedelta())
    return gap.total_seconds() / 3600
