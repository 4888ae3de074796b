"""The page of an outlet: when it was silent, what it has of others, who has its text."""

from __future__ import annotations

import datetime as dt

from tests.tracing.page.models import (
    HOSTILE,
    NOON,
    NOW,
    days,
    feed,
    hostile,
    listed,
    outlet_coverage,
    outlet_model,
)
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.listed_model import Count, DayCount
from tracing.outlet_model import Copied, OutletPage
from tracing.page.links import Served
from tracing.page.outlet_page import outlet_page
from tracing.uncredited_line import UncreditedLine


def uncredited(article: str, headline: str | None, source: str) -> UncreditedLine:
    return UncreditedLine(
        article, NOON, headline, "id-source", source, None, 8.5, "reprint", 0.81, 70, "…"
    )


def page_of(model: OutletPage) -> Parsed:
    text = outlet_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_what_of_it_is_here() -> None:
    model = outlet_model(
        outlet_name="The Paper", agency="paper", country="FR", articles=3,
        days=(DayCount(dt.date(2024, 4, 30), 1), DayCount(dt.date(2024, 5, 1), 2)),
        languages=(Count("fr", 2), Count("en", 1)), newest=(listed("one", story_id="s-1"),),
    )  # fmt: skip
    page = page_of(model)
    assert page.text("//p[@class='deck']") == (
        "paper.example · FR · 3 articles in fr, en, 30 Apr 2024 to 1 May 2024 · as a source: paper"
    )
    assert {"/agency/paper", "/article/id-one", "/story/s-1"} <= set(page.links())
    assert page.table("Articles by month") == [["2024-05", "2"], ["2024-04", "1"]]


def test_its_days_and_feeds_are_drawn() -> None:
    model = outlet_model(
        coverage=outlet_coverage("paper.example", (2, 0)), coverage_days=days("run", "run"),
        feeds=(feed("https://paper.example/feed", (2, 0)),),
    )  # fmt: skip
    page = page_of(model)
    assert len(page.tree.xpath("//td/*[@class='strip']")) == 2
    assert "Absence in the data is not absence in the world." in page.text()


def test_words_of_others_without_a_name_are_listed_with_what_that_does_not_say() -> None:
    model = outlet_model(
        uncredited=(uncredited("id-one", "Ours", "wire.example"),), since=dt.date(2024, 4, 1)
    )
    page = page_of(model)
    [row] = page.table("Articles with another’s words that name nobody")
    assert row[1:] == [
        "Ours", "wire.example: without a headline", "8 h 30 min", "81 %", "70 words", "both texts"
    ]  # fmt: skip
    text = page.text()
    assert "/evidence/id-one/id-source" in page.links()
    assert "both may have them from a source that this lake does not have" in text
    assert "Counted are articles dated from 1 Apr 2024 on." in text


def test_shared_text_both_ways_with_how_the_direction_is_known() -> None:
    model = outlet_model(
        copies_from=(Copied("wire.example", 5, 1, 4, 1, 1),),
        copies_to=(Copied("late.example", 0, 2, 0, 2, 0),),
    )
    page = page_of(model)
    assert page.table("Whose text it has") == [["wire.example", "5", "1", "4", "1", "1"]]
    assert page.table("Who has its text") == [["late.example", "0", "2", "0", "2", "0"]]


def test_credits_both_ways() -> None:
    model = outlet_model(
        credits=(Count("wire.example", 4), Count("afp", 1)), credited_by=(Count("late.example", 2),)
    )
    page = page_of(model)
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("th | td")][:2]
        for row in page.tree.xpath("//table[@class='counts']/tbody/tr")
    ]
    assert rows == [["wire.example", "4"], ["afp", "1"], ["late.example", "2"]]
    assert {"/agency/afp", "/outlet/late.example"} <= set(page.links())
    assert page.tree.xpath("//*[@class='bar']/rect/@width") == ["100.0", "25.0", "100.0"]


def test_long_lists_are_folded() -> None:
    """Of 320 sources 12 are shown, 288 folded, 20 counted; bars are shares of the most."""
    many = tuple(Count(f"source-{number}", 640 - 2 * number) for number in range(320))
    page = page_of(outlet_model(credits=many))
    tables = page.tree.xpath("//table[@class='counts']")
    assert [len(table.xpath("tbody/tr")) for table in tables] == [12, 288]
    assert page.texts("//details[.//table[@class='counts']]/summary") == ["308 more"]
    assert "20 more are not shown here." in page.text()
    assert tables[1].xpath("tbody/tr[1]//rect/@width") == ["96.2"]  # of 616 in 640


def test_where_nothing_is_known_it_says_so() -> None:
    page = page_of(outlet_model(missing=("citations", "links"), left_out=1))
    text = page.text()
    assert "None that we can show." in text
    assert "Nothing is known to be shared with another outlet." in text
    assert text.count("Nobody that we know.") == 2
    assert "No credits are known in this lake." in text
    assert "1 article under embargo left out." in text


def test_hostile_texts_are_texts() -> None:
    many = (Count(HOSTILE, 1),)
    model = outlet_model(
        HOSTILE, outlet_name=HOSTILE, agency=HOSTILE, country=HOSTILE, languages=many,
        credits=many, credited_by=many, newest=(hostile(),), missing=(HOSTILE,),
        copies_from=(Copied(HOSTILE, 1, 1, 1, 1, 1),),
        uncredited=(uncredited(HOSTILE, HOSTILE, HOSTILE),),
        coverage=outlet_coverage(HOSTILE, (1,)), coverage_days=days("run"),
    )  # fmt: skip
    assert "<script>alert(1)</script>" in page_of(model).text("//h1")
