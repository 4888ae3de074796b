"""Which units may be alike at all: an inverted index over their rarest terms and names.

Cost follows the units that are asked about, not the pairs: a term that very many units have is not
looked up, and of a unit's candidates only the most alike are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nlargest
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.stories.unit import Unit

# Terms by which a unit is found, its heaviest; units that may have a term that is looked up.
TERMS: Final = 40
NAMES: Final = 10
MOST_UNITS: Final = 1_000
# Candidates of a unit.
MOST: Final = 40
# A name that weighs less is too common to find by; what one of weight 1 counts beside terms.
RARE_NAME: Final = 5.0
OF_NAME: Final = 0.02


def candidates(units: Sequence[Unit], asked: int) -> Iterator[tuple[int, int]]:
    """Pairs of positions, smaller first, of which at least one is from `asked` on; each once."""
    keys = [_keys(unit) for unit in units]
    places: dict[str, list[int]] = defaultdict(list)
    weights: dict[str, list[float]] = defaultdict(list)
    for at, weighed in enumerate(keys):
        for key, weight in weighed:
            places[key].append(at)
            weights[key].append(weight)
    found: set[tuple[int, int]] = set()
    index: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
    for at in range(asked, len(units)):
        rows, values = [], []
        for key, weight in keys[at]:
            if not 1 < len(places[key]) <= MOST_UNITS:
                continue
            if key not in index:
                index[key] = np.array(places[key]), np.array(weights[key])
            rows.append(index[key][0])
            values.append(index[key][1] * weight)
        if rows:
            found.update(_nearest(at, np.concatenate(rows), np.concatenate(values)))
    return iter(sorted(found))


def _keys(unit: Unit) -> list[tuple[str, float]]:
    """The heaviest terms, as of a vector of unit length, and the rarest names, most first."""
    vector, square = (
        (unit.body, unit.body_square) if unit.bodies else (unit.opening, unit.opening_square)
    )
    length = square**0.5 or 1.0
    heaviest = nlargest(TERMS, ((value, term) for term, value in vector.items()))
    rarest = nlargest(NAMES, ((value, name) for name, value in unit.names.items()))
    return [(term, value / length) for value, term in heaviest] + [
        (f"={name}", OF_NAME * value / unit.count)
        for value, name in rarest
        if value >= RARE_NAME * unit.count
    ]


def _nearest(
    at: int, rows: NDArray[np.int64], values: NDArray[np.float64]
) -> Iterator[tuple[int, int]]:
    sums = np.bincount(rows, weights=values)
    if at < len(sums):
        sums[at] = 0.0
    others = np.flatnonzero(sums)
    # Of equals the first: positions are in order of id.
    nearest = others[np.argsort(-sums[others], kind="stable")[:MOST]]
    for other in nearest.tolist():
        yield (at, other) if at < other else (other, at)
