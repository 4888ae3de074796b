"""Towns whose names are words, surnames or first names."""

from __future__ import annotations

import pytest

from transforms.entities.gazetteer import find_mentions


def places(text: str, language: str) -> list[str]:
    return [one.surface for one in find_mentions(text, language) if one.kind == "place"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Löhne in der Kita steigen wieder."),
        ("de", "Gestern wurde die Bade gesperrt."),
        ("es", "Libertad para todos."),
        ("es", "La libertad de prensa es de todos."),
        ("en", "Manage your account here."),
        ("en", "Vista is slow."),
        ("ru", "Думаю, что нет."),
    ],
)
def test_a_word_is_no_town(language: str, text: str):
    """Where it may be the word: at the start of a sentence, in German anywhere."""
    assert places(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "town"),
    [
        ("de", "Deutschland: Die Stadt Löhne wächst.", "Löhne"),
        ("de", "Gestern brannte es in Augsburg.", "Augsburg"),
        ("en", "Much snow fell around Nashville.", "Nashville"),
        ("fr", "Paris dort. Un lycée de Besançon aussi.", "Besançon"),
        ("fr", "Un lycée brûle à Besançon.", "Besançon"),
    ],
)
def test_a_town_that_is_also_a_word(language: str, text: str, town: str):
    """Its country or another town of it, one of the language's own, or where no word stands."""
    assert town in places(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Here Harper left early."),
        ("en", "Nobody heard Harper."),
        ("en", "Once Bradford Malloway sang."),
        ("es", "Ayer Iglesias dijo que no."),
        ("es", "Dijo Chaves que no."),
        ("es", "Ayer Farah Diba llegó."),
    ],
)
def test_a_surname_is_no_town(language: str, text: str):
    """A small one takes its country or a word such as `in`, a larger one no capital beside it."""
    assert places(text, language) == []


def test_a_capital_needs_nothing():
    """Paris is a first name too, Roma a word."""
    assert places("Paris burns. Nobody saw London.", "en") == ["Paris", "London"]
