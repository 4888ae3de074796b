"""A public figure's surname that is a relative's or somebody else's."""

from __future__ import annotations

import pytest

from transforms.entities.figures import _table
from transforms.entities.lexicon import read_people
from transforms.entities.tag import find_entities


def people(text: str, language: str) -> list[tuple[str, str | None]]:
    found = find_entities(text, language)
    return [(one.surface, one.entity_id) for one in found if one.kind == "person"]


@pytest.mark.parametrize(
    ("language", "text", "surface", "entity_id"),
    [
        ("fr", "Selon Mme Macron, la fête est finie.", "Macron", "name:macron"),
        ("en", "In New York Ms Trump said no.", "Trump", "name:trump"),
        ("en", "Yesterday First Lady Biden left.", "Biden", "name:biden"),
        ("en", "Then Mrs Putin left the hall.", "Putin", "name:putin"),
        ("de", "Gestern schwieg Frau Erdogan in Ankara.", "Erdogan", "name:erdogan"),
        ("es", "Ayer la señora Trump no vino.", "Trump", "name:trump"),
        ("de", "Gestern schwieg Frau Merkel in Ankara.", "Merkel", "person:angela-merkel"),
        ("en", "Then Mr Putin left the hall.", "Putin", "person:vladimir-putin"),
        ("fr", "Selon M. Macron, la fête est finie.", "Macron", "person:emmanuel-macron"),
    ],
)
def test_a_womans_title_means_no_man(language: str, text: str, surface: str, entity_id: str):
    """The wife's surname has an id of its own; a woman in office keeps hers."""
    assert people(text, language) == [(surface, entity_id)]


def test_a_title_chooses_between_two_who_are_named():
    """Of Donald and Ivanka Trump she is meant by a woman's title, none by the bare surname."""
    both = "Here Donald Trump met Ivanka Trump. "
    assert people(both + "Later Ms Trump left.", "en")[-1] == ("Trump", "name:ivanka-trump")
    assert people(both + "Nobody saw Trump again.", "en")[-1] == ("Trump", "name:trump")


def test_a_first_name_that_opens_the_text_is_part_of_the_name():
    """A relative named in the first words is not the figure with a word before."""
    assert people("Ivanka Trump came late.", "en") == [("Ivanka Trump", "name:ivanka-trump")]


def test_a_son_is_not_the_father():
    """`Jr.` makes another person of a full name, who is meant by the surname then."""
    assert people("Yesterday Donald Trump Jr. came. Nobody saw Trump.", "en") == [
        ("Donald Trump Jr", "name:donald-trump-jr"),
        ("Trump", "name:donald-trump-jr"),
    ]
    assert ("Дональд Трамп", "person:donald-trump") not in people("Дональд Трамп-младший", "ru")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "قالت إيفانكا ترامب إنها ستبقى."),
        ("ar", "وصلت جيل بايدن إلى المدرسة."),
        ("ar", "وصلت وبريجيت ماكرون إلى المدرسة."),
        ("zh", "他喜欢莫迪利亚尼的画。"),
        ("zh", "小特朗普昨天说。"),
        ("zh", "他在普京大学。"),
        ("zh", "马克龙夫人昨天到达。"),
    ],
)
def test_a_relative_or_namesake_without_capitals(language: str, text: str):
    """Another first name, more of a transcription, 夫人: no public figure."""
    assert not [one for one in people(text, language) if (one[1] or "").startswith("person:")]


@pytest.mark.parametrize(
    ("language", "text", "entity_id"),
    [
        ("ar", "وقال ترامب إنه سيبقى.", "person:donald-trump"),
        ("ar", "التقى الرئيس ماكرون الوزير.", "person:emmanuel-macron"),
        ("zh", "莫迪利用这个机会。", "person:narendra-modi"),
        ("zh", "特朗普昨天说。", "person:donald-trump"),
        ("zh", "普京亚洲行开始。", "person:vladimir-putin"),
        ("zh", "特朗普德国行开始。", "person:donald-trump"),
    ],
)
def test_the_figure_without_capitals(language: str, text: str, entity_id: str):
    """The surname beside other words stays the figure's."""
    assert [one for _, one in people(text, language)] == [entity_id]


def test_every_woman_is_a_public_figure():
    """The list holds ids of `people.tsv`, sorted."""
    women = _table()["women"]
    assert women == sorted(women)
    assert {f"person:{one}" for one in women} <= {person for person, _, _ in read_people()}
