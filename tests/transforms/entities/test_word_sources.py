"""What is taken from frequency lists into `data/words`."""

from __future__ import annotations

from transforms.entities.word_sources import COMPARED, common_words


def test_names_are_as_frequent_in_every_language_and_words_are_not():
    """Casa is a word of Spanish, Merkel of none; a rare word is left out."""
    frequencies = {language: {"merkel": 4.5, "casa": 2.0} for language in COMPARED}
    frequencies["es"] = {"merkel": 4.6, "casa": 6.0, "zaguán": 2.0}
    assert common_words("es", frequencies, 3.6) == {"casa"}


def test_a_german_noun_is_known_by_its_forms():
    """As frequent elsewhere, yet declined: a word."""
    frequencies = {language: {"motor": 4.6, "obama": 4.4} for language in COMPARED}
    frequencies["de"] |= {"motore": 2.1, "motoren": 4.0, "obamas": 3.0}
    assert {"motor", "obama"} & common_words("de", frequencies, 2.7) == {"motor"}
