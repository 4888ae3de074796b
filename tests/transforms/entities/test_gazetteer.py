"""What the gazetteer finds, and what it leaves alone."""

from __future__ import annotations

import itertools
import tomllib
import unicodedata
from pathlib import Path

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.entities.gazetteer import find_mentions
from transforms.entities.lexicon import DATA

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SENTENCES = tomllib.loads((HERE / "mentions.toml").read_text("utf-8"))["sentence"]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: f"{s['language']}:{s['text'][:40]}")
def test_finds_exactly_what_the_sentence_names(sentence):
    """Every expected mention with its id, in order, and no other."""
    found = find_mentions(sentence["text"], sentence["language"])
    assert [f"{m.surface}={m.entity_id or ''}" for m in found] == sentence["expect"]


@pytest.mark.parametrize("language", ["fr", "en", "ru", "es", "de", "ar", "zh"])
def test_every_main_language_has_twelve_sentences_and_a_negative_one(language):
    """The samples cover each language, and each has text in which nothing may be found."""
    of_language = [s for s in SENTENCES if s["language"] == language]
    assert len(of_language) >= 12
    assert any(not s["expect"] for s in of_language)


@pytest.mark.parametrize(
    "text",
    [
        unicodedata.normalize("NFD", "Le Pérou, le Bénin et la Côte d’Ivoire"),
        "İİİ ßß ﬁﬁ Ŀ Moscou 𝔘𝔫 😀 Paris \u00ad France",
        "Mo\u00adscou et Fran\u200bce",
        "في فَرَنْسَا ورُوسِيَا",
    ],
)
def test_offsets_point_into_the_text_as_given(text):
    """Folding (length-changing case, marks, soft hyphens) shifts no offset."""
    found = find_mentions(text, None)
    assert len(found) >= 2
    assert all(m.surface == text[m.start : m.end] for m in found)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Moscou", "fr"),
        ("Moscow", "en"),
        ("Москва", "ru"),
        ("Moskau", "de"),
        ("موسكو", "ar"),
        ("莫斯科", "zh"),
    ],
)
def test_moscow_is_one_city_in_every_script(name, language):
    """One id for a city, whatever the language."""
    assert [m.entity_id for m in find_mentions(name, language)] == ["geonames:524901"]


def test_a_homonym_follows_the_country_that_the_text_names():
    """Hyderabad is in India unless the text speaks of Pakistan alone."""
    alone = find_mentions("A march in Hyderabad.", "en")
    other = find_mentions("Pakistan: a march in Hyderabad.", "en")
    assert [m.entity_id for m in alone] == ["geonames:1269843"]
    assert other[-1].entity_id == "geonames:1176734"


def test_every_acronym_written_as_a_word_is_one_of_a_list():
    """`Onu` has an `ONU` in one of the tables; no row is left behind."""
    table = tomllib.loads((DATA / "acronyms.toml").read_text("utf-8"))
    for language, forms in table.items():
        assert sorted(forms) == forms
        for form in forms:
            upper = {one.entity_id for one in find_mentions(form.upper(), language)}
            assert upper
            assert upper == {one.entity_id for one in find_mentions(form, language)}


def test_mentions_never_overlap():
    """A name inside a longer one is not a mention of its own."""
    found = find_mentions("UN Security Council, Papua New Guinea, New York City, Paris", "en")
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert len(found) == 4


def test_time_is_linear_in_hostile_text():
    """Eight times the text takes less than twenty times as long, also for prefixes of names."""

    def cost(text: str) -> float:
        return least_cpu_seconds(lambda: find_mentions(text, "en"))

    for piece in ("New York ", "united states of ", "و" * 50, "A " * 25, "中国人民"):
        assert cost(piece * 4000) < 20 * max(cost(piece * 500), 1e-3)


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "😀" * 10, "\u0301" * 100])
def test_odd_text_is_no_failure(text):
    """Empty text, lone surrogates and stray marks hold no names."""
    assert find_mentions(text, None) == []


def test_the_seed_names_its_places_and_organizations(shared):
    """The article that the project started from (issue 3)."""
    seed = shared / "seed" / "lecourrier-du-soir.txt"
    found = find_mentions(seed.read_text("utf-8"), "fr")
    named = {(m.surface, m.kind, m.entity_id) for m in found}
    assert {
        ("Mali", "place", "iso3166:ML"),
        ("Russie", "place", "iso3166:RU"),
        ("France", "place", "iso3166:FR"),
        ("Bamako", "place", "geonames:2460596"),
        ("Moscou", "place", "geonames:524901"),
        ("Paris", "place", "geonames:2988507"),
        ("Tass", "organization", "agency:tass"),
        ("Union Européenne", "organization", "org:eu"),
    } <= named
