"""Frames that are not asked are frames that could not have matched."""

from __future__ import annotations

import pytest

from tests.transforms.citations.test_samples import ALL
from transforms.citations.beginnings import beginnings, text_beginnings
from transforms.citations.lexicon import OTHER, SOURCE, lexicon


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["told"], {"told"}),
        (["to"], {"to"}),
        (["stated"], {"stat"}),
        (["say(?:s|ing)?"], {"say", "says", "sayi"}),
        (["sa(?:id|ys)"], {"said", "says"}),
        (["pri?se"], {"pris", "prse"}),
        (["ri[cs]e"], {"rice", "rise"}),
        (["not\\w*"], {"not"}),
        (["as quoted by"], {"as"}),
        (["ab*c"], {"a"}),
        (["İhbar", "Iş"], {"ihba", "iş"}),
    ],
)
def test_beginnings_of_a_list(words: list[str], expected: set[str]):
    """Up to four letters, every branch, what is optional with and without."""
    assert beginnings(words) == expected


@pytest.mark.parametrize("word", ["\\w+ said", "(?!x)ab|cd", "", "(?:a|(?:b|c)d)e", "[^a]b"])
def test_what_cannot_be_told_is_not_claimed(word: str):
    """A list with an expression that may begin in any way is asked everywhere."""
    assert beginnings(["told", word]) is None


def test_beginnings_of_a_text():
    """Of every word its first letters, in small; what Python takes for i is i."""
    assert text_beginnings("İki TASS’ın") == {
        *("i", "ik", "iki"),
        *("t", "ta", "tas", "tass"),
        *("in",),
    }


def test_no_frame_that_matches_is_left_out():
    """On all samples, words in turn as the source: needs and signs hold wherever it matches."""
    for language, _, text in ALL:
        words = text.split()
        for at in range(0, len(words), 3):
            pieces = [OTHER if place == at + 2 else word for place, word in enumerate(words)]
            pieces[at] = SOURCE
            masked = " ".join(pieces)
            begun, signs = text_beginnings(masked), set(masked)
            for frame in lexicon(language).frames:
                asked = frame.signs <= signs and not any(map(begun.isdisjoint, frame.needs))
                if not asked or (frame.other and OTHER not in masked):
                    assert frame.pattern.search(masked) is None, (frame.pattern.pattern, masked)
