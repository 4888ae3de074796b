"""Passages that two texts share."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.copies.align import Passage, align

SIZE = 5
FEW_WORDS = st.lists(st.sampled_from("abcd"), max_size=60)


def numbered(name: str, count: int) -> list[str]:
    """Words that stand nowhere else."""
    return [f"{name}{n}" for n in range(count)]


def places(passages: Sequence[Passage]) -> list[tuple[int, int, int, int]]:
    return [(p.start, p.end, p.other_start, p.other_end) for p in passages]


def test_a_text_is_its_own_passage() -> None:
    text = numbered("w", 40)
    assert places(align(text, text, SIZE)) == [(0, 40, 0, 40)]


@pytest.mark.parametrize("text", [["a"] * 40, ["short", "text"]])
def test_equal_texts_are_one_passage_whatever_they_are(text: list[str]) -> None:
    """Also what is shorter than a seed, and a refrain."""
    assert places(align(text, list(text), SIZE)) == [(0, len(text), 0, len(text))]


def test_what_stands_within_another_is_found_where_it_stands() -> None:
    wire = numbered("w", 30)
    roundup = numbered("before", 200) + wire + numbered("after", 100)
    assert places(align(wire, roundup, SIZE)) == [(0, 30, 200, 230)]
    assert places(align(roundup, wire, SIZE)) == [(200, 230, 0, 30)]


def test_moved_paragraphs_are_passages_of_their_own() -> None:
    first, second = numbered("a", 20), numbered("b", 20)
    assert places(align(first + second, second + first, SIZE)) == [(0, 20, 20, 40), (20, 40, 0, 20)]


def test_rewritten_words_do_not_split_a_passage() -> None:
    text = numbered("w", 40)
    copy = [*text[:10], "x", *text[11:25], "y", "z", "q", *text[25:]]
    (passage,) = align(text, copy, SIZE)
    assert (passage.start, passage.end, passage.equal) == (0, 40, 39)


def test_an_edge_goes_on_beyond_a_rewritten_word() -> None:
    """Two words at the end are fewer than a seed, and belong to it all the same."""
    text = numbered("w", 20)
    copy = ["w0", "w1", "x", *text[3:17], "y", "w18", "w19"]
    assert places(align(text, copy, SIZE)) == [(0, 20, 0, 20)]


def test_an_edge_does_not_go_on_over_another_passage() -> None:
    """Found by search: growing the second over a rewritten word would take two of the first's."""
    passages = align("bebfacffdgffaeagcdegdcbefd", "cdecbeadccagcbgdbfe", 3)
    assert places(passages) == [(14, 21, 10, 16), (21, 24, 3, 6)]


def test_a_refrain_is_one_in_either_text() -> None:
    """Nine times in one of them is too often to start from, whichever is asked for."""
    refrain, rest = numbered("r", 6), numbered("w", 20)
    often = [word for _ in range(9) for word in refrain]
    assert align(refrain, often + rest, SIZE) == []
    assert align(often + rest, refrain, SIZE) == []


def test_a_run_begins_in_a_refrain_where_the_words_are_equal() -> None:
    refrain, rest = numbered("r", 6), numbered("w", 20)
    often = [word for _ in range(9) for word in refrain]
    assert places(align(often + rest, refrain + rest, SIZE)) == [(48, 74, 0, 26)]
    assert places(align(refrain + rest, often + rest, SIZE)) == [(0, 26, 48, 74)]


def test_stock_phrases_are_no_passage() -> None:
    one = [*numbered("a", 10), "said", "in", "a", "statement", *numbered("b", 10)]
    other = [*numbered("c", 10), "said", "in", "a", "statement", *numbered("d", 10)]
    assert align(one, other, SIZE) == []


@given(FEW_WORDS, FEW_WORDS)
def test_runs_are_equal_words_and_each_word_belongs_to_one(
    one: list[str], other: list[str]
) -> None:
    runs = [run for passage in align(one, other, 3) for run in passage.runs]
    ones = [n for run in runs for n in range(run.start, run.start + run.length)]
    others = [n for run in runs for n in range(run.other, run.other + run.length)]
    assert len(ones) == len(set(ones))
    assert len(others) == len(set(others))
    for run in runs:
        here, there = one[run.start :][: run.length], other[run.other :][: run.length]
        assert here == there
        assert len(here) == run.length


@given(FEW_WORDS, FEW_WORDS)
def test_passages_are_in_order_and_hold_their_runs(one: list[str], other: list[str]) -> None:
    passages = align(one, other, 3)
    assert all(a.end <= b.start for a, b in itertools.pairwise(passages))
    for passage in passages:
        first, last = passage.runs[0], passage.runs[-1]
        assert (passage.start, passage.other_start) == (first.start, first.other)
        assert passage.end == last.start + last.length
        assert passage.other_end == last.other + last.length


@pytest.mark.parametrize(
    "words",
    [["a"], ["a", "b"], numbered("w", 50), numbered("w", 5000)],
    ids=["one word", "two words", "a refrain", "few repeats"],
)
def test_time_is_linear(words: list[str]) -> None:
    """Four times the words take about four times as long, never sixteen."""

    def cost(count: int) -> float:
        text = (words * count)[:count]
        return least_cpu_seconds(lambda: align(text, text[7:] + text[:7], SIZE))

    assert cost(20_000) < 9 * max(cost(5_000), 0.01)
