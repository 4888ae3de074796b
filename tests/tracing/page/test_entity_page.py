"""The page of an entity: how it is written where, who names it, who else it may be."""

from __future__ import annotations

import datetime as dt

from tests.tracing.page.models import HOSTILE, NOW, entity_model, hostile, listed
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.entity_model import EntityPage, NamingArticle, Spelling
from tracing.listed_model import Count
from tracing.page.entity_page import entity_page
from tracing.page.links import Served
from tracing.spellings import Joined, Shared
from tracing.trace_model import Words


def page_of(model: EntityPage) -> Parsed:
    text = entity_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_its_spellings_by_language_and_who_names_it() -> None:
    model = entity_model(
        articles=5, spellings=(Spelling("ru", "Оран", 3), Spelling("en", "Oran", 2)),
        outlets=(Count("wire.example", 5),), languages=(Count("ru", 3),),
        together=(Count("geonames:2", 2),), stories=(Count("story-1", 2),),
        newest=(NamingArticle(listed("one"), Words("body_text", 0, 4, "Oran")),),
        since=dt.date(2024, 4, 1),
    )  # fmt: skip
    page = page_of(model)
    assert page.text("//h1") == "Оран"
    assert page.tree.xpath("//h1//bdi/@lang") == ["ru"]
    assert page.table("Spellings by language") == [["Оран", "ru", "3"], ["Oran", "en", "2"]]
    assert {"/outlet/wire.example", "/entity/geonames%3A2", "/story/story-1"} <= set(page.links())
    assert "as Oran" in page.text("//ol[@class='items']/li")
    assert "Named in 5 articles of 1 outlet. Counted are articles dated from 1 Apr 2024 on." in (
        page.text("//p[@class='deck']")
    )


def test_other_ids_taken_for_the_same_are_shown_with_why() -> None:
    joined = Joined(
        "name:ivanov", "person:ivanov", ("Иванов", "Ivanov"), 0.75, (Shared("geonames:2", 4, 3.0),)
    )
    page = page_of(entity_model("person:ivanov", joined=(joined,)))
    assert page.table("Other ids of the same") == [
        ["name:ivanov", "Иванов and Ivanov", "75 %", "geonames:2"]
    ]


def test_named_by_nobody_it_has_its_id_for_a_name() -> None:
    page = page_of(entity_model(missing=("entities",)))
    assert page.text("//h1") == "geonames:1"
    assert "No article names it now." in page.text()
    assert "No names are known in this lake." in page.text()


def test_hostile_texts_are_texts() -> None:
    many = (Count(HOSTILE, 1),)
    joined = Joined(HOSTILE, HOSTILE, (HOSTILE, HOSTILE), 0.5, (Shared(HOSTILE, 1, 1.0),))
    model = entity_model(
        HOSTILE, kind=HOSTILE, spellings=(Spelling(HOSTILE, HOSTILE, 1),), outlets=many,
        languages=many, together=many, stories=many, joined=(joined,),
        newest=(NamingArticle(hostile(), Words("body_text", 0, 1, HOSTILE)),),
    )  # fmt: skip
    assert "<script>alert(1)</script>" in page_of(model).text("//h1")
