"""The short way to hashes and fingerprints gives what the long way does."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.copies import word_hashes, words
from transforms.copies.fingerprints import find_all_fingerprints, find_fingerprints
from transforms.copies.strip import strip, stripped_words
from transforms.copies.word_hashes import find_hashes, hash_word
from transforms.copies.words import find_words

# What bears on where a word ends: numbers, their signs and spaces, points, joiners, scripts.
PIECES = (
    *("a", "Be", "İ", "ﬁ", "é", "e\u0301", "1", "12", "345", "1.200,50", ",", ".", "-", "\u2212"),
    *("$", "%", "€", "_", "'", "’", "“", "(", "@", " ", "\u00a0", "\u202f", "\u2009", "\n", "\t"),
    *("\u00ad", "\u200d", "\u0640", "أ", "ا\u0654", "م", "\u05b0", "ש", "ж", "½", "²", "①", "😀"),
    *("क\u093f", "\x1c", "\x85"),
)
UNSPACED = ("中", "文", "の", "ー", "ไ", "ท")
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(texts)
def test_hashes_are_those_of_the_words(text: str) -> None:
    assert find_hashes(text) == b"".join(map(hash_word, find_words(text).folded))


@given(texts, st.sampled_from(UNSPACED))
def test_a_text_with_unspaced_letters_has_no_short_way(text: str, letter: str) -> None:
    assert find_hashes(text + letter) is None


@given(st.text())
def test_whatever_text_there_is(text: str) -> None:
    found = find_hashes(text)
    assert found is None or found == b"".join(map(hash_word, find_words(text).folded))


def long_texts(seed: int) -> list[str]:
    """Of all lengths about those of a window, some with unspaced letters, some equal."""
    chosen = random.Random(seed)
    vocabulary = [*PIECES, *UNSPACED[: chosen.choice([0, 6])], *(f"w{n}" for n in range(30))]
    made = [
        " ".join(chosen.choices(vocabulary, k=chosen.choice([0, 1, 8, 14, 15, 16, 40, 200])))
        for _ in range(8)
    ]
    return [*made, made[0], made[3]]


@given(st.integers(0, 10**6))
def test_all_texts_at_once_have_the_fingerprints_of_each(seed: int) -> None:
    some = long_texts(seed)
    prints, numbers = find_all_fingerprints(some)
    pairs = list(zip(numbers.tolist(), prints.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {
        (number, one)
        for number, text in enumerate(some)
        for one in find_fingerprints(find_words(text)).tolist()
    }


FRAMED = (
    "BAMAKO, 12 mars (AFP) - ", "By Jane Doe\n", "\nRead also: the mill of Tern is sold\n",
    "\n© 2024 AFP. All rights reserved.", " (AFP)\n", "\nReuters",
)  # fmt: skip


@given(st.integers(0, 10**6))
def test_a_stripped_text_has_the_words_that_are_left(seed: int) -> None:
    chosen = random.Random(seed)
    plain = [f"{text}." for text in long_texts(seed)]
    text = "".join(chosen.choice(FRAMED) + one for one in plain)
    assert find_words(strip(text)).folded == stripped_words(text).folded


@pytest.mark.parametrize("length", [words.LONGEST_REMEMBERED, words.LONGEST_REMEMBERED + 1])
def test_only_short_words_are_remembered(length: int) -> None:
    """A text may be one word of a megabyte, and the next another."""
    word = "x" * (length - 1)
    find_words(word + "é")
    find_hashes(word + "!")
    is_short = length <= words.LONGEST_REMEMBERED
    assert (word + "é" in words._FOLDED) is is_short
    assert (word + "!" in word_hashes._TOKENS) is is_short


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (words, word_hashes):
        monkeypatch.setattr(module, "MOST_REMEMBERED", 10)
    text = " ".join(f"bounded{number}!" for number in range(100))
    find_words(text)
    find_hashes(text)
    for table in (words._FOLDED, word_hashes._TOKENS):
        assert len(table) <= 10
