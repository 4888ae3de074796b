"""`transforms/fingerprint.py`: what folding and counting words promise, against the slow ways."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest

import transforms.fingerprint
from transforms.fingerprint import (
    SENTENCES,
    count_words,
    fingerprint,
    fold,
    words_of,
)


def test_white_space_of_every_kind_is_one_space() -> None:
    """Splitting finds what the pattern `\\s` finds, for every code point."""
    every = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    for start in range(0, len(every), 4096):
        text = "a".join(every[start : start + 4096])
        folded = unicodedata.normalize("NFKC", text).casefold()
        assert fold(text) == re.sub(r"\s+", " ", folded).strip()


def test_a_huge_text_is_folded_alike_and_not_kept() -> None:
    """A hostile file must not stay in memory when its article is gone."""
    huge = "The PORT closed. " * 70_000
    before = transforms.fingerprint._remembered.cache_info()
    assert fold(huge) == ("the port closed. " * 70_000).strip()
    assert transforms.fingerprint._remembered.cache_info() == before


@pytest.mark.parametrize(
    ("folded", "words"),
    [
        ("the port closed", ["the", "port", "closed"]),
        ("où est né zoé", ["où", "est", "né", "zoé"]),
        ("港口closed は", ["港", "口", "closed", "は"]),
    ],
)
def test_ideographs_and_kana_count_one_word_each(folded: str, words: list[str]) -> None:
    assert words_of(folded) == words


@pytest.mark.parametrize(
    ("description", "body", "words"),
    [
        ("a standfirst", "The port closed today", 4),
        ("a standfirst", "The port closed today … read more", 7),
        ("a standfirst of five words", None, 0),
    ],
)
def test_words_of_a_body_are_counted_cut_mark_and_all(
    description: str, body: str | None, words: int
) -> None:
    """The fingerprint counts up to a cut mark, and a standfirst where there is no body."""
    assert count_words(body, fingerprint(None, description, body)) == words


def test_an_ellipsis_marks_a_cut_however_it_is_written() -> None:
    marked = [
        fingerprint(None, None, f"The port closed today {mark}").marked for mark in ("…", "...", "")
    ]
    assert marked == [True, True, False]


def test_prefixes_end_with_the_first_sentences() -> None:
    """Of more sentences than are kept, those at the start are."""
    text = " ".join(f"sentence {n}." for n in range(SENTENCES + 5))
    start = " ".join(f"sentence {n}." for n in range(SENTENCES))
    assert fingerprint(None, None, text).sentences == fingerprint(None, None, start).sentences
    assert len(fingerprint(None, None, text).sentences) == SENTENCES
