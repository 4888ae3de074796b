"""Persons, organizations and small places by the words around them: `names.tsv`, a line each."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.entities.gazetteer import Mention, find_mentions
from transforms.entities.lexicon import DATA, read_people
from transforms.entities.name_words import first_names, name_words
from transforms.entities.names import find_names

SAMPLES = Path(__file__).with_name("names.tsv")
LANGUAGES = ("de", "en", "es", "fr", "it", "pt", "ru")


def read_samples() -> Iterator[tuple[str, str, str]]:
    for line in SAMPLES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, expected, text = line.split("\t")
            yield language, expected, text


def names(text: str, language: str) -> list[Mention]:
    return find_names(text, language, find_mentions(text, language))


@pytest.mark.parametrize(("language", "expected", "text"), list(read_samples()))
def test_names_of_a_text(language: str, expected: str, text: str):
    """Kind and surface of every name, in order, and nothing more."""
    found = names(text, language)
    assert (";".join(f"{one.kind}:{one.surface}" for one in found) or "-") == expected
    assert all(text[one.start : one.end] == one.surface for one in found)


def ids(text: str, language: str) -> list[str | None]:
    return [one.entity_id for one in names(text, language)]


def test_a_part_of_a_name_has_the_id_of_the_whole():
    """The surname, and in Russian its cases, are the person named in full elsewhere."""
    assert ids("Аркадий Верешников прибыл. Слова Верешникова удивили.", "ru") == [
        "name:аркадии-верешников",
        "name:аркадии-верешников",
    ]
    assert ids("« Non », dit Bakary Tounfara. M. Tounfara part.", "fr") == [
        "name:bakary-tounfara",
        "name:bakary-tounfara",
    ]


def test_a_surname_of_two_people_is_neither():
    """With two full names of one surname, the surname alone has an id of its own."""
    text = "Odile Varempont et Cyprien Varempont arrivent. Mme Varempont sourit."
    assert ids(text, "fr")[-1] == "name:varempont"


def test_a_public_figure_alone():
    """A rare surname of somebody in office is that person, unless the text names another."""
    assert ids("Coup dur pour Macron : rien ne va plus.", "fr") == ["person:emmanuel-macron"]
    assert ids("Brigitte Macron arrive. Pour Macron, c'est tôt.", "fr") == [
        "name:brigitte-macron",
        "name:brigitte-macron",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le ministre Sergueï Lavrov a confirmé.", "fr"),
        ("Foreign Minister Sergey Lavrov confirmed it.", "en"),
        ("Об этом заявил Сергей Лавров.", "ru"),
        ("Слова Сергея Лаврова удивили.", "ru"),
        ("Außenminister Sergej Lawrow bestätigte es.", "de"),
        ("وقال سيرغي لافروف إن بلاده", "ar"),
        ("俄罗斯外长拉夫罗夫说", "zh"),
    ],
)
def test_a_public_figure_has_one_id_in_all_languages(text: str, language: str):
    """Lavrov is one man, whatever the script and the case."""
    found = [*find_mentions(text, language), *names(text, language)]
    assert [one.entity_id for one in found if one.kind == "person"] == ["person:sergei-lavrov"]


def test_a_language_without_words_has_no_names():
    """Nothing is guessed where no rule is written."""
    assert names("Matti Meikäläinen sanoi niin.", "fi") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words(language: str):
    """A file of a language compiles, and its openers are capitalized."""
    words = tomllib.loads((DATA / "names" / f"{language}.toml").read_text("utf-8"))
    assert name_words(language) is not None
    assert all(opener[0].isupper() for opener in words["openers"])


def test_the_lists_are_sorted_without_doubles():
    """First names and people can be reviewed: in order, nothing twice."""
    lines = (DATA / "first_names.txt").read_text("utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert listed == sorted(set(listed))
    assert set(listed) == first_names()
    people = [person for person, _, _ in read_people()]
    assert people == sorted(set(people))
    names_of = [name for _, full, alone in read_people() for name in (*full, *alone)]
    assert len(names_of) == len(set(names_of))


@pytest.mark.parametrize(
    ("piece", "language"),
    [
        *((piece, "fr") for piece in ("Aa ", "M. Aa ", "de Aa de ", "A.", "« Aa", "Aa Bb, ")),
        *((piece, "fr") for piece in ("rue de Aa ", "Saint-Aa-de-", "d'Aa ", "L'a")),
        *((piece, "en") for piece in ("Bank of ", "Bank ", "AAA ", "A", "A-", "Aa's ")),
        *(("A. ", language) for language in ("en", "es", "it", "pt")),
        *((piece, language) for piece, language in (("L. ", "fr"), ("Y. ", "es"))),
        *((piece, "de") for piece in ("Haus ", "Haus-", "Straße", "Kölner ")),
        *((piece, "zh") for piece in ("阿·", "阿", "在中国", "中国 ", "路", "在路")),
    ],
)
def test_hostile_text_costs_no_more_than_its_length(piece: str, language: str):
    """Thirty times the text takes at most some hundred times as long; a square would take 900."""
    short, long = (piece * (size // len(piece)) for size in (10_000, 300_000))
    find_names(short, language, [])
    quick, slow = (_seconds(text, language) for text in (short, long))
    assert slow < 100 * max(quick, 0.02)


def _seconds(text: str, language: str) -> float:
    begin = time.process_time()
    find_names(text, language, [])
    return time.process_time() - begin
