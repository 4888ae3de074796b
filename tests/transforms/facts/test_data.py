"""The lists of numbers and dates can be reviewed: complete, in order, of known ids."""

from __future__ import annotations

import tomllib

import pytest

from transforms.facts.lexicon import DATA, languages, words_of
from transforms.facts.sources import UNITS

TEN = {"ar", "de", "en", "es", "fr", "it", "pt", "ru", "tr", "zh"}
UNIT_IDS = {unit.partition("-")[2] for unit in UNITS}


def test_the_ten_languages() -> None:
    assert languages() == TEN


@pytest.mark.parametrize("language", sorted(TEN))
def test_months_and_weekdays_are_complete(language: str) -> None:
    """Chinese writes months as numbers."""
    words = words_of(language)
    assert set(words.weekdays.values()) == set(range(7))
    assert language == "zh" or set(words.months.values()) == set(range(1, 13))


@pytest.mark.parametrize("language", sorted(TEN))
def test_units_and_currencies_are_known(language: str) -> None:
    """Every unit of a language's list is one of CLDR's that `sources` asks for."""
    table = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    assert table["units"].keys() <= UNIT_IDS
    assert table["money"].keys() - {"unknown"} <= words_of(language).codes
    assert table["counts"].keys() == {"person", "killed", "injured"}


@pytest.mark.parametrize("language", sorted(TEN))
def test_no_name_is_two_units(language: str) -> None:
    """Within the lists written by hand; over CLDR's they stand by intent."""
    table = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    names = [
        name
        for key in ("units", "money", "counts")
        for all_ in table[key].values()
        for name in all_
    ]
    assert sorted(names) == sorted(set(names))
