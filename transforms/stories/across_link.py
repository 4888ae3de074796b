"""Clusters of several languages linked into stories, at most one cluster of a language in each.

Candidates are found by what is rare in both; each pair is scored once. Links are then taken best
first. Where two clusters of one language tie to the same foreign one, the better has it and the
other is left apart: rather one story told as two than two as one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from transforms.stories.across import Tie, judge, weights
from transforms.stories.claims import Claims
from transforms.stories.concepts import concept_weights
from transforms.stories.evidence import TOLLS, digits_weight
from transforms.stories.name_keys import rough_row

_COUNTRY, _CITY = "iso3166:", "geonames:"
# What makes a key: consonants of a name, rarity, weight of a number (of a toll), of a word's
# beginning; and how many countries and concepts are paired, the foremost.
_LEAST_ROW, _LEAST_RARITY, _LEAST_NUMBER, _LEAST_TOLL, _LEAST_WORD = 3, 5, 0.7, 0.35, 10
_COUNTRIES, _CONCEPTS, _LEAST_CONCEPT = 3, 8, 0.3


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles of one language on one event; the times of the first and the last, if known."""

    id: str
    language: str
    first: dt.datetime | None
    last: dt.datetime | None
    claims: Claims


def link(clusters: Sequence[Cluster]) -> list[tuple[str, str, Tie]]:
    """Which clusters report one event: pairs of ids, each sorted, the surest first."""
    by_id = {one.id: one for one in clusters}
    scored: dict[tuple[str, str], float] = {}
    ties: list[tuple[str, str, Tie]] = []
    for one, other in candidates(clusters):
        mine, theirs = by_id[one], by_id[other]
        hours = hours_apart(mine, theirs)
        if hours is not None and hours > weights()["limits"]["hours"]:
            continue
        found, is_link = judge(mine.claims, theirs.claims, hours)
        scored[one, other] = found.score
        if is_link:
            ties.append((one, other, found))
    ties.sort(key=lambda row: (-row[2].score, row[0], row[1]))
    return _best_first(ties, by_id, scored)


def candidates(clusters: Sequence[Cluster]) -> list[tuple[str, str]]:
    """Pairs of clusters of different languages that share a key few have, or two of any."""
    holders: dict[str, list[Cluster]] = defaultdict(list)
    for one in clusters:
        for key in set(keys(one.claims)):
            holders[key].append(one)
    limits = weights()["limits"]
    shared: Counter[tuple[str, str]] = Counter()
    for found in holders.values():
        if len(found) <= limits["holders"]:
            enough = 2 if len(found) <= limits["few_holders"] else 1
            for one, other in combinations(found, 2):
                if one.language != other.language:
                    shared[min(one.id, other.id), max(one.id, other.id)] += enough
    return sorted(pair for pair, times in shared.items() if times > 1)


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


def _best_first(
    ties: Sequence[tuple[str, str, Tie]],
    by_id: Mapping[str, Cluster],
    scored: Mapping[tuple[str, str], float],
) -> list[tuple[str, str, Tie]]:
    """Those ties that join groups without a language in common and alike on the whole."""
    groups: dict[str, tuple[str, ...]] = {name: (name,) for name in by_id}
    taken = []
    for one, other, found in ties:
        left, right = groups[one], groups[other]
        if left == right:
            taken.append((one, other, found))
            continue
        if {by_id[name].language for name in left} & {by_id[name].language for name in right}:
            continue
        given = [scored.get((min(a, b), max(a, b)), 0.0) for a in left for b in right]
        if sum(sorted(given)) / len(given) < weights()["limits"]["together"]:
            continue
        taken.append((one, other, found))
        joined = tuple(sorted((*left, *right)))
        groups.update(dict.fromkeys(joined, joined))
    return taken
