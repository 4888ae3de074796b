"""Models behind `--entities best`: joined to the rules, and never in the way of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.transforms.cpu_time import least_cpu_seconds
from transforms.entities.backends import LONGEST_TEXT, find_by_model, installed
from transforms.entities.backends.known import kind_of, list_models, our_code
from transforms.entities.gazetteer import Mention
from transforms.entities.model_spans import add_model_spans, without_guesses


def mention(text: str, surface: str, kind: str, entity_id: str | None, method: str) -> Mention:
    start = text.index(surface)
    return Mention(start, start + len(surface), surface, kind, entity_id, method, 0.8)


def test_gazetteer_and_rules_win_over_a_model():
    """A model's span that touches another mention is left out; the others get an id."""
    text = "Le groupe Varga écrit à Ombeni Tessoua."
    rule = mention(text, "Varga", "organization", "name:varga", "rule:type")
    spans = [
        mention(text, "groupe Varga", "person", None, "spacy:m-1"),
        mention(text, "Varga", "person", None, "spacy:m-1"),
        mention(text, "Ombeni Tessoua", "person", None, "spacy:m-1"),
    ]
    joined = add_model_spans(text, [rule], spans)
    assert [(m.surface, m.kind, m.entity_id) for m in joined] == [
        ("Varga", "organization", "name:varga"),
        ("Ombeni Tessoua", "person", "name:ombeni-tessoua"),
    ]


def test_a_longer_name_around_a_place_is_one_name():
    """« Université de Lyon » is not Lyon; a span that only overlaps a place does not take it."""
    text = "L'Université de Lyon et Radio France Inter à Paris Nord."
    places = [mention(text, "Lyon", "place", "geonames:1", "gazetteer:place")]
    places.append(mention(text, "France", "place", "iso3166:FR", "gazetteer:place"))
    places.append(mention(text, "Paris Nord", "place", "geonames:2", "gazetteer:place"))
    spans = [
        mention(text, "Université de Lyon", "organization", None, "spacy:m-1"),
        mention(text, "France Inter", "organization", None, "spacy:m-1"),
        mention(text, "Paris", "place", None, "spacy:m-1"),
    ]
    joined = add_model_spans(text, places, spans)
    assert [(m.surface, m.kind) for m in joined] == [
        ("Université de Lyon", "organization"),
        ("France Inter", "organization"),
        ("Paris Nord", "place"),
    ]


def test_a_place_keeps_its_id_where_a_model_calls_the_same_words_something_else():
    """« Lyon » may be the club; the gazetteer's place is kept where no longer name is found."""
    text = "Lyon gagne."
    place = mention(text, "Lyon", "place", "geonames:1", "gazetteer:place")
    span = mention(text, "Lyon", "organization", None, "spacy:m-1")
    assert add_model_spans(text, [place], [span]) == [place]


def test_a_place_of_a_model_has_no_id():
    """A written name says of which of several places it is the name to nobody."""
    text = "On dort à Montclairet."
    spans = [mention(text, "Montclairet", "place", None, "spacy:m-1")]
    assert [m.entity_id for m in add_model_spans(text, [], spans)] == [None]


def test_a_rule_that_guesses_stands_only_where_no_model_has_read():
    """A model that read a text and found nothing in a word knows better than its capital."""
    text = "Gardons Lumière pour Ombeni Tessoua et Clarté."
    guesses = [
        replace(mention(text, word, "organization", f"name:{word}", "rule:shape"), score=0.4)
        for word in ("Lumière", "Clarté")
    ]
    spans = [mention(text, "Ombeni Tessoua", "person", None, "spacy:m-1")]
    kept = without_guesses(guesses, spans)
    assert [m.surface for m in add_model_spans(text, kept, spans)] == [
        "Ombeni Tessoua",
        "Clarté",
    ]
    assert add_model_spans(text, without_guesses(guesses, []), []) == guesses


def test_a_long_text_with_many_names_is_joined_in_linear_time():
    """Two hundred thousand mentions and as many spans take seconds at most, not hours."""
    many = 200_000
    text = "Ab " * many
    places = [
        Mention(3 * n, 3 * n + 2, "Ab", "place", None, "gazetteer:place", 0.9) for n in range(many)
    ]
    assert least_cpu_seconds(lambda: add_model_spans(text, places, places)) < 10


def test_models_are_listed_with_how_to_get_them():
    """What is installed stands in the place of what is known; another language is added."""
    models = {
        model.language: model
        for model in list_models({"de": "spacy:de_core_news_lg-3.8.0", "xx": "spacy:xx_ours-1.0"})
    }
    assert (models["de"].name, models["de"].licence, models["de"].get) == (
        "de_core_news_lg",
        "",
        "",
    )
    assert models["fr"].get == "pip install 'wiretrace[fr]'"
    assert models["no"].get.endswith("python -m spacy download nb_core_news_md")
    assert (models["xx"].name, models["xx"].installed) == ("xx_ours", "spacy:xx_ours-1.0")


def test_labels_of_models_are_known_in_every_language():
    """Swedish, Polish, Korean and Norwegian pipelines have labels of their own."""
    labels = ("PRS", "persName", "OG", "GPE_LOC", "MISC", "DATE")
    assert [kind_of(label) for label in labels] == [
        "person", "person", "organization", "place", None, None,
    ]  # fmt: skip
    assert our_code("nb") == "no"


def test_a_surname_found_by_a_model_has_the_id_of_its_full_form():
    """Partial names meet their full form, whichever of model and rules found it."""
    text = "Tessoua part. Plus tard Ombeni Tessoua revient."
    spans = [
        mention(text, "Tessoua", "organization", None, "spacy:m-1"),
        mention(text, "Ombeni Tessoua", "person", None, "spacy:m-1"),
    ]
    joined = add_model_spans(text, [], spans)
    assert {(m.kind, m.entity_id) for m in joined} == {("person", "name:ombeni-tessoua")}


@pytest.mark.parametrize(
    ("language", "text", "surface"),
    [
        ("fr", "La romancière Ombeline Tessoua a quitté Lyon hier.", "Ombeline Tessoua"),
        ("ru", "Вчера Павел Дорохов приехал в Москву.", "Павел Дорохов"),
    ],
)
def test_installed_models_find_a_person(language, text, surface):
    """The locked models load, and their offsets count code points; skipped where not installed."""
    if language not in installed():
        pytest.skip(f"no model of {language} installed")
    found = find_by_model(f"😀 {text}", language)
    assert [(m.surface, m.start) for m in found if m.kind == "person"] == [
        (surface, 2 + text.index(surface))
    ]
    assert {m.method for m in found} == {installed()[language]}


def test_a_language_without_a_model_has_none():
    """No model, no mention, no error."""
    assert find_by_model("Pavel Dorokhov", "xx") == []


def test_a_long_text_is_cut():
    """A model's time is bounded: what stands behind the limit is not read."""
    if "ru" not in installed():
        pytest.skip("no model of ru installed")
    text = " " * LONGEST_TEXT + "Павел Дорохов приехал."
    assert find_by_model(text, "ru") == []
