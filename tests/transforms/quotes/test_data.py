"""The lists of `transforms/quotes/data` are sorted, without doubles, and in the shape matched."""

from __future__ import annotations

import tomllib

import pytest

from transforms.quotes.lexicon import DATA, languages, speech

FILES = sorted(languages())


def lists(language: str) -> dict[str, list[str]]:
    table = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    return {key: value for key, value in table.items() if isinstance(value, list)}


@pytest.mark.parametrize("language", FILES)
def test_lists_are_sorted_without_doubles(language: str) -> None:
    """An addition has one place."""
    assert all(words == sorted(set(words)) for words in lists(language).values())


@pytest.mark.parametrize("language", FILES)
def test_words_are_lower_case_with_straight_apostrophes(language: str) -> None:
    """Words of a text are compared in this form; another would never match."""
    words = [word for words in lists(language).values() for word in words]
    assert [word for word in words if word != word.lower() or "’" in word] == []


def test_the_languages_promised_have_a_file():
    """The ten of the issue, and Ukrainian."""
    assert {"ar", "de", "en", "es", "fr", "it", "pt", "ru", "tr", "uk", "zh"} <= languages()


def test_a_language_without_a_file_has_empty_lists():
    """`und` and the like: nothing is attributed, nothing fails."""
    assert speech("und").verbs == speech(None).verbs == frozenset()
