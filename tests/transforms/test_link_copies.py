"""How pairs are cut into what fits into memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import link_copies
from transforms.link_copies import in_batches


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_copies, "_PAIRS_AT_ONCE", 4)
    monkeypatch.setattr(link_copies, "_WORDS_AT_ONCE", 100)


def test_a_batch_is_full_at_so_many_pairs() -> None:
    pairs = [(number, 0) for number in range(1, 10)]
    assert [len(batch) for batch in in_batches(pairs, [1] * 10)] == [4, 4, 1]


def test_or_at_so_many_words_each_text_counted_once() -> None:
    pairs = [(1, 0), (2, 0), (3, 0)]
    assert [len(batch) for batch in in_batches(pairs, [40, 30, 30, 30])] == [2, 1]


def test_texts_that_are_too_long_are_alone() -> None:
    pairs = [(1, 0), (2, 1), (3, 2)]
    assert [len(batch) for batch in in_batches(pairs, [900, 900, 900, 900])] == [1, 1, 1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_every_pair_is_in_one_batch_in_order(pairs: list[tuple[int, int]]) -> None:
    words = [1, 5, 20, 40, 60, 80, 99, 100, 101, 500]
    batches = list(in_batches(pairs, words))
    assert [pair for batch in batches for pair in batch] == pairs
    for batch in batches:
        assert 0 < len(batch) <= 4
        held = {number for pair in batch for number in pair}
        assert len(batch) == 1 or sum(words[number] for number in held) <= 100
