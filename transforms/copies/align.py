"""Which passages two texts share: seed and extend over words, as aligners of sequences do.

Every run of `size` equal words is a seed (BLAST's word hits; Altschul et al. 1990). Seeds grow to
maximal runs, the longest runs are kept that do not overlap in either text, and runs that follow
each other in both with a few words rewritten in between are one passage (collinear chaining). A
seed that stands in either text more than `_MOST_PLACES` times is a refrain, and no place to start
from; each diagonal is walked once, so the cost is linear in the words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_MOST_PLACES: Final = 8
# Words; of two texts that are both longer, only what stands once in each starts a passage.
_LONG: Final = 20_000
# Rewritten words between two runs of one passage, in either text; and at its edges.
_MOST_BETWEEN: Final = 12
_MOST_AT_EDGE: Final = 2
# Equal words that make a passage go on beyond a rewritten edge.
_RESUMED: Final = 2
_SKIPS: Final = sorted(
    ((a, b) for a in range(_MOST_AT_EDGE + 1) for b in range(_MOST_AT_EDGE + 1) if a or b), key=sum
)
# Of a run whose ends a longer one has claimed.
_LEAST_LEFT: Final = 3


@dataclass(frozen=True, slots=True)
class Run:
    """`length` equal words: from word `start` of the one text and word `other` of the other."""

    start: int
    other: int
    length: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Words `start:end` of the one text are, but for a few, words `other_start:other_end`."""

    start: int
    end: int
    other_start: int
    other_end: int
    runs: tuple[Run, ...]

    @property
    def equal(self) -> int:
        """How many words are the same, in the same order."""
        return sum(run.length for run in self.runs)


def align(one: Sequence[str], other: Sequence[str], size: int) -> list[Passage]:
    """The passages that two lists of words share, in the order of the first, not overlapping."""
    if one and one == other:  # also where all of it is a refrain
        return [Passage(0, len(one), 0, len(one), (Run(0, 0, len(one)),))]
    claims = _Claims()
    chains = list(_chains(claims.pick(find_runs(one, other, size))))
    return [claims.grow(chain, one, other) for chain in chains]


def find_runs(one: Sequence[str], other: Sequence[str], size: int) -> list[Run]:
    """Maximal runs of at least `size` equal words, longest first."""
    seeds = list(zip(*(other[at:] for at in range(size)), strict=False))
    there = Counter(seeds)
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for start, seed in enumerate(zip(*(one[at:] for at in range(size)), strict=False)):
        if seed in there:
            places[seed].append(start)
    most = _MOST_PLACES if min(len(one), len(other)) < _LONG else 1
    runs = []
    walked: dict[int, int] = {}
    for at, seed in enumerate(seeds):
        starts = places.get(seed)
        if starts is None or max(len(starts), there[seed]) > most:
            continue
        for start in starts:
            done = walked.get(at - start, 0)
            if at >= done:
                length = _equal_from(one, other, start, at)
                walked[at - start] = at + length
                back = _equal_before(one, other, start, at, at - done)
                runs.append(Run(start - back, at - back, back + length))
    return sorted(runs, key=lambda run: (-run.length, run.start, run.other))


def _equal_from(one: Sequence[str], other: Sequence[str], start: int, at: int) -> int:
    length, most = 0, min(len(one) - start, len(other) - at)
    while length < most and one[start + length] == other[at + length]:
        length += 1
    return length


def _equal_before(one: Sequence[str], other: Sequence[str], start: int, at: int, most: int) -> int:
    """A run begins in a refrain that was no seed: at most where another run has ended."""
    most = min(most, start, at)
    return next((n for n in range(most) if one[start - n - 1] != other[at - n - 1]), most)


def _chains(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Runs that follow each other closely in both texts, together."""
    chain: list[Run] = []
    for run in runs:
        if chain and not _follows(chain[-1], run):
            yield chain
            chain = []
        chain.append(run)
    if chain:
        yield chain


def _follows(run: Run, later: Run) -> bool:
    between = later.start - run.start - run.length
    elsewhere = later.other - run.other - run.length
    return 0 <= between <= _MOST_BETWEEN and 0 <= elsewhere <= _MOST_BETWEEN


class _Claims:
    """Which words of either text belong to a run: each to one only."""

    def __init__(self) -> None:
        self._ones: set[int] = set()
        self._others: set[int] = set()

    def pick(self, runs: Iterable[Run]) -> list[Run]:
        """What earlier ones have left of the runs, in the order of the first text."""
        kept = []
        for run in runs:
            if self._are_free(run):
                kept.append(self._claim(run))
                continue
            free = [n for n in range(run.length) if self._is_free(run.start + n, run.other + n)]
            # Longer runs cut off ends, seldom a middle: what is left then is one piece.
            if len(free) >= _LEAST_LEFT and free[-1] - free[0] + 1 == len(free):
                kept.append(self._claim(Run(run.start + free[0], run.other + free[0], len(free))))
        return sorted(kept, key=lambda run: run.start)

    def grow(self, chain: Sequence[Run], one: Sequence[str], other: Sequence[str]) -> Passage:
        """A chain, its edges moved over a rewritten word or two where the copy goes on."""
        runs = list(chain)
        while run := self._next(one, other, runs[-1].start + runs[-1].length, runs[-1], 1):
            runs.append(self._claim(run))
        while run := self._next(one, other, runs[0].start - 1, runs[0], -1):
            runs.insert(0, self._claim(run))
        first, last = runs[0], runs[-1]
        end, other_end = last.start + last.length, last.other + last.length
        return Passage(first.start, end, first.other, other_end, tuple(runs))

    def _next(
        self, one: Sequence[str], other: Sequence[str], edge: int, run: Run, step: int
    ) -> Run | None:
        """The run that goes on beyond an edge, forwards (`step` 1) or backwards (-1)."""
        for skipped, inserted in _SKIPS:
            at, place = edge, run.other + (edge - run.start)
            start, other_start = at + step * skipped, place + step * inserted
            if not (0 <= start < len(one) and 0 <= other_start < len(other)):
                continue
            if one[start] != other[other_start]:
                continue
            if not self._may_skip(at, place, step * skipped, step * inserted):
                continue
            at, place, length = start, other_start, 0
            while (
                0 <= at < len(one)
                and 0 <= place < len(other)
                and self._is_free(at, place)
                and one[at] == other[place]
            ):
                at, place, length = at + step, place + step, length + 1
            if length >= _RESUMED:
                back = length if step > 0 else -1
                return Run(at - back, place - back, length)
        return None

    def _may_skip(self, at: int, place: int, skipped: int, inserted: int) -> bool:
        """Nothing in between belongs to another run."""
        ones = range(min(at, at + skipped + 1), max(at, at + skipped))
        others = range(min(place, place + inserted + 1), max(place, place + inserted))
        return self._ones.isdisjoint(ones) and self._others.isdisjoint(others)

    def _is_free(self, at: int, place: int) -> bool:
        return at not in self._ones and place not in self._others

    def _are_free(self, run: Run) -> bool:
        ones, others = _words_of(run)
        return (
            run.length >= _LEAST_LEFT
            and self._ones.isdisjoint(ones)
            and self._others.isdisjoint(others)
        )

    def _claim(self, run: Run) -> Run:
        ones, others = _words_of(run)
        self._ones.update(ones)
        self._others.update(others)
        return run


def _words_of(run: Run) -> tuple[range, range]:
    """Which words of either text it holds."""
    return range(run.start, run.start + run.length), range(run.other, run.other + run.length)
