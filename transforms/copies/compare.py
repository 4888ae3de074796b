"""Two texts compared: the passages that they share, where these stand, and what was rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transforms.copies.align import Passage, Run, align
from transforms.copies.words import Words, find_words

# Words of a seed; in scripts without spaces, letters, of which five are two words or three.
_SEED, _SEED_UNSPACED = 5, 8
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Spans of the texts, in code points; `same`: they hold the same words."""

    one: Span
    other: Span
    same: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that both texts have: its spans, its parts, same and rewritten by turns.

    `equal`: how many of its words are the same.
    """

    one: Span
    other: Span
    parts: tuple[Part, ...]
    equal: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`words`, `other_words`: how many each text has; `equal` of them stand in shared passages.

    `longest`: the most words that stand in one run in both. `shared` is in the order of the one.
    """

    words: int
    other_words: int
    equal: int
    longest: int
    shared: tuple[Shared, ...]

    @property
    def contained(self) -> float:
        """Share of the one's words that the other has, 0 to 1."""
        return self.equal / self.words if self.words else 0.0

    @property
    def other_contained(self) -> float:
        """Share of the other's words that the one has, 0 to 1."""
        return self.equal / self.other_words if self.other_words else 0.0


def compare(one: str, other: str) -> Comparison:
    """What two texts have in common. Quotes, dashes, case and spaces make no difference."""
    return compare_words(find_words(one), find_words(other))


def compare_words(words: Words, others: Words) -> Comparison:
    """The same of texts whose words are known."""
    passages = align(words.folded, others.folded, min(seed_size(words), seed_size(others)))
    runs = [run for passage in passages for run in passage.runs]
    return Comparison(
        len(words),
        len(others),
        sum(run.length for run in runs),
        max((run.length for run in runs), default=0),
        tuple(_shared(passage, words, others) for passage in passages),
    )


def seed_size(words: Words) -> int:
    """Words of a run that a passage may start from."""
    return _SEED_UNSPACED if words.is_unspaced else _SEED


def _shared(passage: Passage, words: Words, others: Words) -> Shared:
    return Shared(
        _span(words, passage.start, passage.end),
        _span(others, passage.other_start, passage.other_end),
        tuple(_parts(passage.runs, words, others)),
        passage.equal,
    )


def _parts(runs: tuple[Run, ...], words: Words, others: Words) -> Iterator[Part]:
    last = None
    for run in runs:
        one = _span(words, run.start, run.start + run.length)
        other = _span(others, run.other, run.other + run.length)
        if last is not None:
            left_out = run.start - last[0].start - last[0].length
            put_in = run.other - last[0].other - last[0].length
            between = (last[1].one[1], one[0]), (last[1].other[1], other[0])
            yield Part(*between, same=left_out + put_in == 0)
        part = Part(one, other, same=True)
        yield part
        last = run, part


def _span(words: Words, start: int, end: int) -> Span:
    return words.spans[start][0], words.spans[end - 1][1]
