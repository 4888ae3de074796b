"""Ids of unknown persons: `person_ids.tsv`, a line each, and how a text settles an open case."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.entities.gazetteer import Mention
from transforms.entities.person_names import person_ids, settle_ids, settle_people

SAMPLES = Path(__file__).with_name("person_ids.tsv")


def read_samples() -> Iterator[tuple[str, str, str]]:
    for line in SAMPLES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, written, expected = line.split("\t")
            yield language, written, expected


@pytest.mark.parametrize(("language", "written", "expected"), list(read_samples()))
def test_id_of_a_written_name(language: str, written: str, expected: str):
    """The likeliest id, the same for every form that is safe to bring together."""
    assert person_ids(written, language)[0] == f"name:{expected}"


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Сергей Иванов", "Анна Иванова", "ru"),
        ("С. Иванов", "В. Иванов", "ru"),
        ("С. Иванов", "Сергей Иванов", "ru"),
        ("Александр Иванов", "Александра Иванова", "ru"),
        ("Сергей Викторович Иванов", "Сергей Борисович Иванов", "ru"),
        ("Ким Чен Ир", "Ким Чен Ын", "ru"),
        ("John Major", "John Mayer", "en"),
        ("José Quintavilla Ríos", "José Quintavilla Peña", "es"),
        ("Michael Nowak", "Michal Nowak", "de"),
    ],
)
def test_two_people_have_two_ids(one: str, other: str, language: str):
    """Initials, patronymics, second surnames and gender are not thrown away."""
    assert person_ids(one, language)[0] != person_ids(other, language)[0]


def test_an_open_case_is_settled_by_the_text():
    """«Александра Иванова» is a man's genitive where the text also has him in another case."""
    open_case = "Александра Иванова"
    assert settle_ids([open_case], "ru") == {open_case: "name:александра-иванова"}
    assert settle_ids([open_case, "Александром Ивановым"], "ru")[open_case] == (
        "name:александр-иванов"
    )
    both = settle_ids([open_case, "Александром Ивановым", "Александрой Ивановой"], "ru")
    assert both[open_case] == "name:александра-иванова"


def test_mentions_of_a_text_are_settled_together():
    """A part keeps to its whole; organizations, places and public figures are left as they are."""

    def mention(surface: str, kind: str, entity_id: str | None) -> Mention:
        return Mention(0, len(surface), surface, kind, entity_id, "rule:title", 0.9)

    mentions = [
        mention("Аркадия Верешникова", "person", "name:аркадия-верешникова"),
        mention("Верешникову", "person", "name:аркадия-верешникова"),
        mention("Верешникова", "organization", "name:верешникова"),
        mention("Сергея Лаврова", "person", "person:sergei-lavrov"),
        mention("Липовка", "place", None),
    ]
    assert [one.entity_id for one in settle_people(mentions, "ru")] == [
        "name:аркадии-верешников",
        "name:аркадии-верешников",
        "name:верешникова",
        "person:sergei-lavrov",
        None,
    ]


@pytest.mark.parametrize("piece", ["а", "а ", "Иванова ", "a'", "ße", "ае", ". ", "\u0301"])
def test_hostile_names_cost_nothing(piece: str):
    """Any string passes, and a long one costs no more than a name may be long."""
    begin = time.process_time()
    for language in ("ru", "uk", "de", None):
        assert person_ids(piece * (100_000 // len(piece)), language)[0].startswith("name:")
    assert time.process_time() - begin < 0.5
