"""Whether two quotations are one that was changed or shortened, and in which words they differ.

Words are those by which copies are compared: marks, case and white space make no difference. They
are aligned by a longest common subsequence (Hunt and Szymanski 1977 call it that; here the plain
table, as both are short). Thresholds and how they were got: `variants.toml`.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transforms.copies.words import Words, find_words

_LIMITS: Final = tomllib.loads(Path(__file__).with_name("variants.toml").read_text("utf-8"))
_LEAST: Final[int] = _LIMITS["least_words"]
_RATIO: Final[float] = _LIMITS["ratio"]
_CONTAINMENT: Final[float] = _LIMITS["containment"]
_MOST: Final[int] = _LIMITS["most_words"]
_LETTERS_OF_A_WORD: Final = 2
_ELLIPSIS: Final = re.compile(r"…|\.\s?\.\s?\.")
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that are `same`, `removed` (only in the first) or `added` (in the second)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    """How the second of two quotations differs from the first.

    `kind`: `respelled`, all words the same; `shorter`, it is a piece of the first, or leaves words
    out where it has an ellipsis; `longer`, the same the other way round; else `changed`.
    `similarity`: twice the common words over all words, 0 to 1.
    """

    kind: str
    similarity: float
    pieces: tuple[Piece, ...]


def compare_quotes(one: str, other: str) -> Variant | None:
    """How `other` differs from `one`; None if they are two quotations."""
    first, second = find_words(one), find_words(other)
    a, b = first.folded[:_MOST], second.folded[:_MOST]
    if not _may_be_near(a, b, _least(first, second)):
        return None
    pairs, longest = _align(a, b)
    if not _are_near(len(a), len(b), len(pairs), longest, _least(first, second)):
        return None
    similarity = round(2 * len(pairs) / (len(first) + len(second)), 4)
    return Variant(_kind(first, second, pairs), similarity, tuple(_pieces(first, second, pairs)))


def _least(first: Words, second: Words) -> int:
    unspaced = first.is_unspaced or second.is_unspaced
    return _LEAST * _LETTERS_OF_A_WORD if unspaced else _LEAST


def _may_be_near(a: Sequence[str], b: Sequence[str], least: int) -> bool:
    """By the words that both have in whatever order: no alignment has more."""
    common = (Counter(a) & Counter(b)).total()
    return _are_near(len(a), len(b), common, common, least)


def _are_near(a: int, b: int, common: int, longest: int, least: int) -> bool:
    if min(a, b) < least:
        return False
    is_like = 2 * common >= _RATIO * (a + b)
    return is_like or (longest >= least and common >= _CONTAINMENT * min(a, b))


def _align(a: Sequence[str], b: Sequence[str]) -> tuple[Pairs, int]:
    """Pairs of places of a longest common subsequence, in order, and its longest unbroken run.

    Of several, the one that takes the earliest words of both.
    """
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        row, below, word = table[i], table[i + 1], a[i]
        for j in range(len(b) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if word == b[j] else max(below[j], row[j + 1])
    pairs: Pairs = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs, max((len(run) for run in _runs(pairs)), default=0)


def _runs(pairs: Pairs) -> Iterator[Pairs]:
    """Pairs that follow each other in both."""
    for _, run in itertools.groupby(
        enumerate(pairs), lambda one: (one[1][0] - one[0], one[1][1] - one[0])
    ):
        yield [pair for _, pair in run]


def _kind(first: Words, second: Words, pairs: Pairs) -> str:
    if len(pairs) == len(first) == len(second):
        return "respelled"
    if len(pairs) == len(second) and _is_cut(second, [(j, i) for i, j in pairs]):
        return "shorter"
    if len(pairs) == len(first) and _is_cut(first, pairs):
        return "longer"
    return "changed"


def _is_cut(piece: Words, pairs: Pairs) -> bool:
    """Whether a text whose words all stand in another leaves inner ones out only at an ellipsis."""
    for (at, there), (after, next_there) in itertools.pairwise(pairs):
        between = piece.text[piece.spans[at][1] : piece.spans[after][0]]
        if next_there > there + 1 and not _ELLIPSIS.search(between):
            return False
    return True


def _pieces(first: Words, second: Words, pairs: Pairs) -> Iterator[Piece]:
    """In the order of reading, what is removed before what is added in its place."""
    i = j = 0
    ends = [(len(first), len(second))]
    for run in [*_runs(pairs), ends]:
        at, there = run[0]
        yield from _piece("removed", first, i, at)
        yield from _piece("added", second, j, there)
        if run is not ends:
            i, j = at + len(run), there + len(run)
            yield from _piece("same", second, there, j)


def _piece(kind: str, words: Words, start: int, end: int) -> Iterator[Piece]:
    if start < end:
        yield Piece(kind, words.text[words.spans[start][0] : words.spans[end - 1][1]])
