"""`read_entity_page`: how an entity is written, and which articles name it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.article import Article
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of, place
from tests.tracing.small_lake import member
from tracing.entity_model import EntityPage, Spelling
from tracing.entity_page import NoSuchEntity, read_entity_page
from tracing.listed_model import Count

TERN = "geonames:7"


def wire(name: str, day: int, **fields: Any) -> Article:
    given = {"published": at(day), "outlet": f"{name}.example"}
    return article(name, **{**given, "body_text": "In Tern, by Tern, near Rook.", **fields})


def page(builder: LakeBuilder, entity_id: str = TERN, at_: dt.datetime | None = None) -> EntityPage:
    return read_entity_page(builder.snapshot, entity_id, embargo_at=at_)


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    a = wire("a", 1)
    b = wire("b", 2, language="fr", headline="Terne ferme", body_text="Terne.")
    c = wire("c", 3)
    again = dataclasses.replace(place(a, "Tern", entity_id=TERN), start=12, end=16)
    builder.run(
        a, b, c, wire("d", 4), again, place(a, "Tern", entity_id=TERN),
        place(b, "Terne", "headline", entity_id=TERN), place(b, "Terne", entity_id=TERN),
        place(c, "Tern", entity_id=TERN), place(c, "Rook", entity_id="geonames:8"),
        place(c, "near", entity_id=None), member(a, "A"), member(b, "A"), member(c, "C"),
    )  # fmt: skip
    return builder


def test_how_it_is_written_by_language(lake: LakeBuilder) -> None:
    found = page(lake)
    assert (found.articles, found.kind) == (3, "place")
    assert found.spellings == (Spelling("en", "Tern", 2), Spelling("fr", "Terne", 1))
    assert found.languages == (Count("en", 2), Count("fr", 1))
    assert [one.name for one in found.outlets] == ["a.example", "b.example", "c.example"]


def test_the_newest_articles_with_the_first_mention(lake: LakeBuilder) -> None:
    newest = page(lake).newest
    assert [one.article.article_id for one in newest] == [id_of("c"), id_of("b"), id_of("a")]
    assert [(one.words.field, one.words.start) for one in newest] == [
        ("body_text", 3), ("headline", 0), ("body_text", 3),
    ]  # fmt: skip


def test_beside_whom_and_in_which_stories(lake: LakeBuilder) -> None:
    found = page(lake)
    assert found.together == (Count("geonames:8", 1),)
    assert found.stories == (Count(id_of("A"), 2), Count(id_of("C"), 1))
    assert (found.since, found.missing, found.joined) == (None, (), ())


def test_only_as_many_days_as_have_enough_are_read(
    lake: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracing.entity_page._ENOUGH", 2)
    monkeypatch.setattr("tracing.entity_page._DAYS_AT_ONCE", 1)
    found = page(lake)
    assert (found.articles, found.since) == (2, at(2).date())


def test_another_spelling_of_a_person_is_told_with_the_reason(builder: LakeBuilder) -> None:
    """As in tests/tracing/test_spellings.py: rare company in common."""
    rows: list[Any] = []
    for name, person, surface in (("a", "name:petr-orlov", "Petr Orlov"),
                                  ("b", "name:пётр-орлов", "Пётр Орлов")):  # fmt: skip
        made = wire(name, 1, body_text=f"{surface} in Tern with Ada Poe and Rook.")
        rows += [made, dataclasses.replace(place(made, surface, entity_id=person), kind="person")]
        for company, id_ in (("Tern", "org:1"), ("Ada Poe", "name:ada-poe"), ("Rook", "org:2")):
            near = place(made, company, entity_id=id_)
            rows.append(dataclasses.replace(near, kind="organization"))
    rows += [wire(f"x{number}", 1) for number in range(60)]
    builder.run(*rows)
    found = page(builder, "name:petr-orlov")
    assert [one.entity_id for one in found.joined] == ["name:пётр-орлов"]
    assert found.articles == 1


def test_what_is_under_embargo_is_not_there(lake: LakeBuilder) -> None:
    told = Control(uri="c", article_id=id_of("c"), kind="embargo", at=at(9), source_uri="k",
                   run_id="", month="2024-05")  # fmt: skip
    lake.run(told)
    found = page(lake, at_=at(5))
    assert (found.articles, found.together, found.left_out) == (2, (), 1)
    assert "c.example" not in repr(found)
    with pytest.raises(NoSuchEntity):
        page(lake, "geonames:8", at(5))


@pytest.mark.parametrize("entity_id", ["geonames:9", "", "\ud800"])
def test_an_unknown_entity_is_an_error(lake: LakeBuilder, entity_id: str) -> None:
    with pytest.raises(NoSuchEntity):
        page(lake, entity_id)


def test_a_lake_without_entities(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    with pytest.raises(NoSuchEntity):
        page(builder)


def test_it_is_ready_for_json(lake: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(page(lake)), default=str)
