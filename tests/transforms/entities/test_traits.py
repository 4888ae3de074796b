"""What a single word may be."""

from __future__ import annotations

import pytest

from transforms.entities.traits import CommonWords, Traits

GERMAN = CommonWords({"wagen", "haupt", "angst"}, ["ung", "heit"], ["straße", "dorf"])


@pytest.mark.parametrize(
    ("word", "common"),
    [
        ("wagen", True),
        ("wagens", True),
        ("krankenwagen", True),
        ("kranken-wagen", True),
        ("regierung", True),
        ("oldacre", False),
        ("mozart", False),
    ],
)
def test_common_words_and_their_forms(word: str, common: bool):
    """Genitives, compounds and derived nouns are common; what holds none of the words is not."""
    assert (word in GERMAN) is common


def test_a_street_is_a_name_unless_it_has_a_common_word():
    """Hauptstraße is any street, Mozartstraße one."""
    assert GERMAN.is_of_place("hauptstrasse")
    assert not GERMAN.is_of_place("mozartstrasse")


def test_bits_by_word_and_pattern():
    """A word is asked for in lower case, with signs around it or not."""
    traits = Traits({1: ["Haus", "d[ae]r"], 2: ["haus"]})
    assert [traits[word] for word in ("haus", "«haus»", "dar", "dir")] == [3, 3, 1, 0]


def test_a_very_long_word_is_nothing_and_not_remembered():
    """Hostile text cannot fill the memory with its words."""
    traits = Traits({1: [".*"]})
    assert traits["a" * 100_000] == 0
    assert not traits
