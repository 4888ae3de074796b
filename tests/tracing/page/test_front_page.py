"""The front page: stories as a list, what the lake holds, who was silent, and what is missing."""

from __future__ import annotations

import datetime as dt

from tests.tracing.page.models import (
    HOSTILE,
    NOON,
    NOW,
    coverage,
    days,
    front,
    front_story,
    hostile,
    listed,
    outlet_coverage,
    run_line,
)
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.coverage_model import Silence
from tracing.front_model import Front, LakeCounts
from tracing.page.front_page import front_page
from tracing.page.links import Served


def page_of(model: Front) -> Parsed:
    text = front_page(model, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_a_story_has_its_headline_who_was_first_and_how_far_it_went() -> None:
    first = listed("wire", headline="Паром ушёл", language="ru", outlet_name="Wire")
    page = page_of(front(stories=(front_story(first),)))
    assert page.texts("//ol[@class='stories']//h3") == ["Паром ушёл"]
    assert page.tree.xpath("//ol[@class='stories']//h3//bdi/@lang") == ["ru"]
    assert "/story/story-of-id-wire" in page.links()
    [entry] = page.texts("//ol[@class='stories']/li")
    assert "Wire claims to be first, 1 May 2024, 12:00 UTC" in entry
    assert "3 articles of 2 outlets in en, fr" in entry
    assert "over 7 h" in entry


def test_how_a_story_grew_stands_in_a_table_too() -> None:
    """Of 0, 2 and 7 hours: one within an hour, two within six, all within a day."""
    page = page_of(front(stories=(front_story(listed("wire")),)))
    [row] = page.table("Growth of stories")
    assert row[3:] == ["1", "2", "3", "3", "0", "3"]


def test_an_article_that_claims_no_time_stretches_no_picture() -> None:
    """It was seen ten days later than the last claim."""
    times = (NOON, NOON + dt.timedelta(hours=2), NOON + dt.timedelta(days=10))
    story = front_story(listed("wire"), times=times, last_claimed=times[1])
    page = page_of(front(stories=(story,)))
    assert page.text("//figcaption") == "over 2 h, 1 undated"
    assert page.table("Growth of stories")[0][-2:] == ["1", "3"]


def test_a_story_in_which_nobody_claims_a_time_has_no_picture() -> None:
    """When we saw its articles says nothing of how it grew."""
    undated = front_story(listed("wire"), first_claimed=None, last_claimed=None)
    page = page_of(front(stories=(undated,)))
    assert page.texts("//figure") == []
    assert "no date claimed" in page.text()


def test_days_seen_empty_and_unlooked_are_three_shapes_and_three_words() -> None:
    told = coverage(
        days=days("run", "run", "not looked"),
        outlets=(outlet_coverage("quiet.example", (4, 0, 0)),),
    )
    page = page_of(front(coverage=told))
    [strip] = page.tree.xpath("//td/*[@class='strip']")
    drawn = {path.get("class"): path.get("d").count("M") for path in strip.xpath("*")}
    assert drawn == {"unlooked": 1, "seen-bar": 1, "nothing": 1, "silent": 0}
    assert strip.get("aria-label") == (
        "Of 3 days 1 with articles, 1 without, 1 that nobody looked at"
    )
    assert page.table("Articles by outlet and day") == [["quiet.example", "4", "0", "?"]]


def test_who_is_silent_is_named_and_it_is_said_what_that_does_not_mean() -> None:
    silence = Silence(dt.date(2024, 5, 2), dt.date(2024, 5, 3), 2, is_now=True)
    quiet = outlet_coverage(
        "quiet.example", (4, 0, 0), state="silent", usual_pause=1, silences=(silence,)
    )
    told = coverage(days=days("run", "run", "run"), outlets=(quiet,))
    page = page_of(front(coverage=told))
    text = page.text()
    assert "Absence in the data is not absence in the world" in text
    assert "Silent now: quiet.example." in text
    [row] = page.table("Outlets and their days")
    assert row[-1] == "silent 2 days; its usual pause is 1 day"
    [line] = page.tree.xpath("//td/*[@class='strip']/*[@class='silent']/@d")
    assert line == "M9 28H27"


def test_a_lake_without_stories_shows_articles_and_says_what_makes_stories() -> None:
    page = page_of(front(articles=(listed("wire"),), missing=("story_members", "links")))
    assert page.text("//h1") == "Latest articles"
    assert "/article/id-wire" in page.links()
    notes = page.texts("//p[@class='note']")
    assert notes[0].startswith("This lake has no stories yet. The next wiretrace run")
    assert notes[1].startswith("No copies are known in this lake yet.")


def test_an_empty_lake_says_how_to_fill_it() -> None:
    nothing = LakeCounts(versions=0, languages=(), first_day=None, last_day=None, runs=0)
    page = page_of(front(newest_run=None, counts=nothing, missing=("articles",)))
    assert page.text("//h1") == "Nothing yet"
    assert "wiretrace demo makes a lake to look at" in page.text()


def test_the_newest_run_and_what_is_under_embargo_are_told() -> None:
    page = page_of(front(newest_run=run_line(7, rejected=2), left_out=2))
    assert "2 articles under embargo left out." in page.text()
    assert "It saw 10 items: 4 new, 1 revised, 2 known already, 1 message, 2 rejected." in (
        page.text()
    )
    assert "/run/run-7" in page.links()


def test_hostile_texts_are_texts() -> None:
    told = coverage(
        days=days("run"), outlets=(outlet_coverage(HOSTILE, (1,), outlet_name=HOSTILE),)
    )
    story = front_story(hostile(), outlets=(HOSTILE,), languages=(HOSTILE,), times=(NOON,))
    page = page_of(front(stories=(story,), articles=(hostile(),), coverage=told))
    assert "<script>alert(1)</script>" in page.text("//ol[@class='stories']//h3")


def test_of_an_archive_it_says_where_its_days_end() -> None:
    told = coverage(days=days("run"), outlets=(outlet_coverage("a.example", (1,)),), is_live=False)
    assert (
        "days end with its newest article, not with today" in page_of(front(coverage=told)).text()
    )
    told = coverage(days=days("run"), outlets=(outlet_coverage("a.example", (1,)),), is_live=True)
    assert "archive" not in page_of(front(coverage=told)).text()
