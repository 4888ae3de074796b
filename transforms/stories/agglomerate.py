"""Agglomerative clustering of units over candidate pairs, the most likely pair first.

Linkage is the likelihood of the united units (`within`), so that of groups by their centroids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Final

from transforms.stories.candidates import candidates
from transforms.stories.unit import Unit, united
from transforms.stories.unite import judge

# Clusters that one is compared with again when it has grown.
MOST_NEIGHBOURS: Final = 40
_Entry = tuple[float, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Clusters:
    """What became of the units, by their positions.

    `home`: of each, the cluster's position, that of its first unit; `score`: the likelihood at
    which it came in, 1 where it is alone or never moved. `bridged`: pairs of fixed units, earlier
    first, to which one that moved belonged alike.
    """

    home: Sequence[int]
    score: Sequence[float]
    units: dict[int, Unit]
    bridged: frozenset[tuple[int, int]]


@dataclass(slots=True)
class _Cluster:
    unit: Unit
    members: list[int]
    version: int = 0
    neighbours: set[int] = field(default_factory=set)


def agglomerate(units: Sequence[Unit], fixed: int) -> Clusters:
    """Unite the most likely two again and again; the first `fixed` units never with each other.

    The order of `units` breaks ties, so it has to be one that says nothing of how they came in.
    """
    clusters = {at: _Cluster(unit, [at]) for at, unit in enumerate(units)}
    scores = [1.0] * len(units)
    bridged: set[tuple[int, int]] = set()
    heap: list[_Entry] = []
    for one, other in candidates(units, fixed):
        clusters[one].neighbours.add(other)
        clusters[other].neighbours.add(one)
        verdict = judge(units[one], units[other])
        if verdict.unites:
            heap.append((-verdict.score, one, other, 0, 0))
    heapify(heap)
    while heap:
        value, one, other, *versions = heappop(heap)
        if _is_current(clusters, one, versions[0]) and _is_current(clusters, other, versions[1]):
            joining = clusters.pop(other)
            _score(scores, clusters[one], joining, -value, is_fixed=one < fixed)
            if one < fixed:
                bridged |= _bridges(one, joining, clusters, fixed)
            _absorb(clusters, one, joining, fixed, heap)
    home = [0] * len(units)
    for at, cluster in clusters.items():
        for member in cluster.members:
            home[member] = at
    kept = {at: cluster.unit for at, cluster in sorted(clusters.items())}
    return Clusters(home, scores, kept, frozenset(bridged))


def _is_current(clusters: dict[int, _Cluster], at: int, version: int) -> bool:
    return at in clusters and clusters[at].version == version


def _score(
    scores: list[float], into: _Cluster, joining: _Cluster, score: float, *, is_fixed: bool
) -> None:
    if is_fixed or len(joining.members) == 1:
        for member in joining.members:
            scores[member] = score
    if not is_fixed and len(into.members) == 1:
        scores[into.members[0]] = score


def _bridges(
    one: int, joining: _Cluster, clusters: dict[int, _Cluster], fixed: int
) -> set[tuple[int, int]]:
    """The fixed units beside `one` that a joining cluster would have gone to as well."""
    return {
        (min(one, other), max(one, other))
        for other in joining.neighbours
        if other < fixed and other != one and judge(clusters[other].unit, joining.unit).unites
    }


def _absorb(
    clusters: dict[int, _Cluster], one: int, joining: _Cluster, fixed: int, heap: list[_Entry]
) -> None:
    cluster = clusters[one]
    cluster.unit = united(cluster.unit, joining.unit)
    cluster.members += joining.members
    cluster.version += 1
    judged = []
    for other in sorted((cluster.neighbours | joining.neighbours) & clusters.keys() - {one}):
        clusters[other].neighbours.discard(one)
        if other >= fixed or one >= fixed:
            judged.append((judge(*_in_order(clusters, one, other)), other))
    judged.sort(key=lambda found: (-found[0].score, found[1]))
    cluster.neighbours = set()
    for verdict, other in judged[:MOST_NEIGHBOURS]:
        cluster.neighbours.add(other)
        clusters[other].neighbours.add(one)
        if verdict.unites:
            first, second = min(one, other), max(one, other)
            versions = clusters[first].version, clusters[second].version
            heappush(heap, (-verdict.score, first, second, *versions))


def _in_order(clusters: dict[int, _Cluster], one: int, other: int) -> tuple[Unit, Unit]:
    return clusters[min(one, other)].unit, clusters[max(one, other)].unit
