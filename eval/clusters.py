"""How well found clusters of items agree with gold ones.

Clusters are a mapping of each item to the name of its cluster; gold and found ones have the same
items. Measures: Hubert and Arabie 1985 (adjusted Rand index), Amigó et al. 2009 (B-cubed).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision and recall, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def components(items: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Item to the name of its connected component; links join items that are given."""
    parents = {item: item for item in items}

    def root(item: str) -> str:
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    for one, other in links:
        parents[root(one)] = root(other)
    return {item: root(item) for item in parents}


def adjusted_rand(gold: Mapping[str, str], found: Mapping[str, str]) -> float:
    """1 if the clusters are the same, 0 as expected by chance, below 0 if worse than that."""
    both, ours, theirs = (_pairs(sizes) for sizes in _sizes(gold, found))
    everything = _pairs({"all": len(gold)})
    by_chance = ours * theirs / everything if everything else 0.0
    most = (ours + theirs) / 2
    # Both all apart, or both all in one: nothing is left to chance, and they are the same.
    return (both - by_chance) / (most - by_chance) if most != by_chance else 1.0


def pairwise(gold: Mapping[str, str], found: Mapping[str, str]) -> Agreement:
    """Of all pairs of items that stand in one cluster; 1 where there are none."""
    both, ours, theirs = (_pairs(sizes) for sizes in _sizes(gold, found))
    return Agreement(both / theirs if theirs else 1.0, both / ours if ours else 1.0)


def b_cubed(gold: Mapping[str, str], found: Mapping[str, str]) -> Agreement:
    """Of each item's cluster, the item itself counted; the mean over items."""
    both, ours, theirs = _sizes(gold, found)
    precision = sum(n * n / theirs[cluster] for (_, cluster), n in both.items())
    recall = sum(n * n / ours[cluster] for (cluster, _), n in both.items())
    return Agreement(precision / len(gold), recall / len(gold))


def _sizes(
    gold: Mapping[str, str], found: Mapping[str, str]
) -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str]]:
    """How many items each intersection, each gold and each found cluster has."""
    both = Counter((cluster, found[item]) for item, cluster in gold.items())
    return both, Counter(gold.values()), Counter(found.values())


def _pairs(sizes: Mapping[Any, int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())
