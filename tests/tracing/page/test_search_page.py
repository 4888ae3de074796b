"""The page of a search: what was found, where it leads, and what to try where nothing was."""

from __future__ import annotations

import pytest

from tests.tracing.page.models import HOSTILE, NOW, hostile, listed, search_model
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.page.links import Served
from tracing.page.search_page import search_page
from tracing.search_model import Hit, Search


def page_of(model: Search) -> Parsed:
    text = search_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_hits_with_their_words() -> None:
    page = page_of(search_model("ferry oran", hits=(Hit(listed("one"), ("ferry", "oran")),)))
    assert page.text("//h1") == "ferry oran"
    assert "1 article, the best first." in page.text("//p[@class='deck']")
    assert "has ferry, oran" in page.text("//ol[@class='items']/li")
    assert page.tree.xpath("//input[@name='q']/@value") == ["ferry oran"]


def test_its_twins_ask_for_the_same() -> None:
    page = page_of(search_model("a&b c"))
    assert page.links("//footer//a/@href") == [
        "/search.json?q=a%26b%20c",
        "/search.csv?q=a%26b%20c",
    ]


@pytest.mark.parametrize(
    ("kind", "page_of_it"),
    [
        ("article", "/article/x%3A1"),
        ("story", "/story/x%3A1"),
        ("entity", "/entity/x%3A1"),
        ("quote", "/quote/x%3A1"),
        ("outlet", "/outlet/x%3A1"),
        ("agency", "/agency/x%3A1"),
    ],
)
def test_what_has_a_page_leads_there(kind: str, page_of_it: str) -> None:
    page = page_of(search_model("x:1", kind=kind, id="x:1"))
    assert page.links() == [page_of_it]
    article = "an" if kind[0] in "aeo" else "a"
    assert f"That is {article} {kind}: its page." in page.text()


def test_nothing_found_and_nothing_asked_say_what_can_be_asked() -> None:
    page = page_of(search_model("zzz", kind="nothing", missing=("articles",)))
    text = page.text()
    assert "No article here has all of it." in text
    assert "This lake holds no article yet." in text
    assert page_of(search_model(" ", kind="nothing")).text("//h1") == "Nothing was asked for"


def test_hostile_texts_are_texts() -> None:
    page = page_of(
        search_model(HOSTILE, kind=HOSTILE, id=HOSTILE, hits=(Hit(hostile(), (HOSTILE,)),))
    )
    assert "<script>alert(1)</script>" in page.text("//h1")
    [asked] = page.tree.xpath("//input[@name='q']/@value")
    assert asked.startswith('"><script>')
