"""The page of a source: who cites it, from where, in which language, how."""

from __future__ import annotations

from tests.tracing.page.models import HOSTILE, NOW, agency_model, hostile, listed
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.agency_model import AgencyPage, CitingArticle, CitingCell
from tracing.listed_model import Count
from tracing.page.agency_page import agency_page
from tracing.page.links import Served
from tracing.trace_model import Words


def page_of(model: AgencyPage) -> Parsed:
    text = agency_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_who_cites_it_is_a_matrix_of_country_and_language() -> None:
    model = agency_model(
        articles=6, countries=(Count("FR", 4), Count("ML", 2)),
        languages=(Count("fr", 5), Count("en", 1)),
        cells=(CitingCell("FR", "fr", 3), CitingCell("ML", "fr", 2), CitingCell("FR", "en", 1)),
    )  # fmt: skip
    page = page_of(model)
    assert page.texts("//table[@class='matrix']/thead//th") == ["Country", "fr", "en", "all"]
    assert page.table("Citing articles by country and language") == [
        ["FR", "3", "1", "4"],
        ["ML", "2", "", "2"],
    ]


def test_its_names_its_outlets_and_how_it_is_credited() -> None:
    words = Words("body_text", 0, 4, "Wire")
    model = agency_model(
        names=("Wire", "The Wire"), country="FR", outlets=(Count("wire.example", 9),), articles=9,
        cited_by=(Count("paper.example", 2),), kinds=(Count("attribution", 2),),
        newest=(CitingArticle(listed("paper"), "attribution", "Wire said", words),),
    )  # fmt: skip
    page = page_of(model)
    text = page.text()
    assert page.text("//h1") == "Wire"
    assert "FR · Credited by 2 articles of 1 outlet." in text
    assert "Also The Wire." in text
    assert "in this lake: wire.example (9 articles)" in text
    assert "attribution: “Wire said”" in page.text("//ol[@class='items']/li")
    assert {"/outlet/wire.example", "/outlet/paper.example", "/article/id-paper"} <= set(
        page.links()
    )


def test_a_source_that_nobody_credits_and_that_is_not_here() -> None:
    text = page_of(agency_model(missing=("citations",))).text()
    assert "nothing of its own is in this lake: credits of it lead nowhere" in text
    assert "No article credits it now." in text
    assert "No credits are known in this lake." in text


def test_hostile_texts_are_texts() -> None:
    many = (Count(HOSTILE, 1),)
    model = agency_model(
        HOSTILE, names=(HOSTILE, HOSTILE), country=HOSTILE, outlets=many, cited_by=many,
        countries=many, languages=many, kinds=many, cells=(CitingCell(HOSTILE, HOSTILE, 1),),
        newest=(CitingArticle(hostile(), HOSTILE, HOSTILE, Words("body_text", 0, 1, "x")),),
    )  # fmt: skip
    assert "<script>alert(1)</script>" in page_of(model).text("//h1")
