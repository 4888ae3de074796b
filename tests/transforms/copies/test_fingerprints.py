"""Winnowing: what it promises of two texts, and what it costs."""

from __future__ import annotations

import random

import numpy as np
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from transforms.copies.fingerprints import find_fingerprints
from transforms.copies.words import find_words

VOCABULARY = [f"word{number}" for number in range(400)]
HAN = [chr(0x4E00 + number) for number in range(400)]


def text_of(seed: int, words: int, vocabulary: list[str], space: str) -> str:
    chosen = random.Random(seed)
    return space.join(chosen.choice(vocabulary) for _ in range(words))


@given(st.integers(0, 10**6), st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_a_shared_run_is_never_missed(
    seed: int, before: int, after: int, is_unspaced: bool
) -> None:
    vocabulary, space, run = (HAN, "", 24) if is_unspaced else (VOCABULARY, " ", 15)
    shared = text_of(seed, run, vocabulary, space)
    texts = [
        space.join(
            (
                text_of(seed + side, before * side, vocabulary, space),
                shared,
                text_of(seed - side, after, vocabulary, space),
            )
        )
        for side in (1, 2)
    ]
    one, other = (set(find_fingerprints(find_words(text)).tolist()) for text in texts)
    assert one & other


@pytest.mark.parametrize(("words", "found"), [(14, 0), (15, 1)])
def test_a_text_that_is_too_short_to_be_a_copy_has_none(words: int, found: int) -> None:
    assert len(find_fingerprints(find_words(" ".join(VOCABULARY[:words])))) == found


def test_they_are_sorted_and_each_is_there_once() -> None:
    found = find_fingerprints(find_words(" ".join(VOCABULARY[:300] * 2)))
    assert (np.diff(found.astype(object)) > 0).all()


def test_about_a_fifth_of_the_words_is_kept() -> None:
    found = find_fingerprints(find_words(text_of(1, 2_000, VOCABULARY, " ")))
    assert 0.18 < len(found) / 2_000 < 0.26  # 2 / (8 + 1), Schleimer et al.


def slow(words: list[str]) -> set[int]:
    """The same in plain integers, from the definition: least hash of each window of stretches."""
    hashes = []
    for start in range(len(words) - 7):
        rolled = 0
        for word in words[start : start + 8]:
            rolled = (rolled * 0x9E3779B97F4A7C15 + xxhash.xxh3_64_intdigest(word)) % 2**64
        rolled ^= rolled >> 32
        rolled = rolled * 0xD6E8FEB86659FD93 % 2**64
        hashes.append(rolled ^ (rolled >> 32))
    return {min(hashes[start : start + 8]) for start in range(len(hashes) - 7)}


def test_they_are_those_of_the_definition() -> None:
    """Kept on disk, and compared with those of other machines: nothing of the process decides."""
    text = text_of(3, 200, VOCABULARY, " ")
    assert set(find_fingerprints(find_words(text)).tolist()) == slow(text.split())
