"""Models behind `--entities best`: joined to the rules, and never in the way of a run."""

from __future__ import annotations

import pytest

from transforms.entities.backends import LONGEST_TEXT, find_by_model, installed
from transforms.entities.gazetteer import Mention
from transforms.entities.model_spans import add_model_spans


def mention(text: str, surface: str, kind: str, entity_id: str | None, method: str) -> Mention:
    start = text.index(surface)
    return Mention(start, start + len(surface), surface, kind, entity_id, method, 0.5)


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
