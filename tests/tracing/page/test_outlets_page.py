"""The page of all outlets and feeds: whose days are here, who is silent, which feeds fail."""

from __future__ import annotations

import datetime as dt

from tests.tracing.page.models import (
    HOSTILE,
    NOON,
    NOW,
    coverage,
    days,
    feed,
    outlet_coverage,
    outlet_line,
)
from tests.tracing.page.parsed import Parsed, check_inert
from tracing.coverage_model import Coverage, Failure, Silence
from tracing.outlet_model import OutletLine, Outlets
from tracing.page.links import Served
from tracing.page.outlets_page import outlets_page


def page_of(told: Coverage, *lines: OutletLine, missing: tuple[str, ...] = ()) -> Parsed:
    model = Outlets(sequence=1, outlets=lines, missing=missing)
    text = outlets_page(model, told, Served(), NOW)
    check_inert(text)
    return Parsed(text)


def test_every_outlet_is_listed_and_leads_to_its_page() -> None:
    page = page_of(coverage(), outlet_line("wire.example", country="FR", articles=1200))
    assert page.table("Table of all outlets") == [
        ["wire.example", "wire.example", "FR", "en", "1 May 2024", "1,200"]
    ]
    assert "/outlet/wire.example" in page.links()


def test_who_is_silent_since_when_by_its_own_rhythm() -> None:
    silence = Silence(dt.date(2024, 5, 2), dt.date(2024, 5, 4), 3, is_now=True)
    quiet = outlet_coverage(
        "quiet.example", (2, 0, 0, 0), state="silent", usual_pause=1, silences=(silence,)
    )
    steady = outlet_coverage("steady.example", (1, 1, 1, 1), state="usual", usual_pause=1)
    page = page_of(coverage(days=days(*["run"] * 4), outlets=(quiet, steady), more_outlets=3))
    assert "Silent now: quiet.example." in page.text()
    states = [row[-1] for row in page.table("Outlets and their days")]
    assert states == ["silent 3 days; its usual pause is 1 day", "as usual"]
    assert "3 outlets with fewer articles in these days not shown." in page.text()


def test_feeds_say_how_their_polling_goes() -> None:
    failing = feed(
        "https://feed.example/1", (3, 0), state="failing", failed=(0, 2), failing_since=NOON,
        failures=(Failure("http_404", 2),), possible_gaps=1, why="backs off",
    )  # fmt: skip
    fine = feed(
        "https://feed.example/2", (1, 1), title="Fine feed", last_new_item=None, is_listed=False
    )
    page = page_of(coverage(days=days("run", "run"), feeds=(failing, fine)))
    first, second = page.table("Feeds and their days")
    assert first[2] == "failing since 1 May 2024, 12:00 UTC"
    assert first[5:] == ["http_404 2; 1 possible gap", "not known backs off"]
    assert second[0] == "Fine feed https://feed.example/2 not on the list"
    assert second[4:6] == ["never", "none"]
    assert "1 of 2 failing or silent." in page.text()
    assert page.table("New articles by feed and day")[0][1:] == ["3", "0 (2 failed)"]


def test_a_day_without_a_run_says_nothing_of_a_feed() -> None:
    """Articles of the day came later, so of outlets it says something."""
    told = coverage(
        days=days("run", "later"),
        feeds=(feed("https://feed.example/1", (1, 0)),),
        outlets=(outlet_coverage("a.example", (1, 0)),),
    )
    page = page_of(told)
    outlet, polled = page.tree.xpath("//td/*[@class='strip']/@aria-label")
    assert outlet == "Of 2 days 1 with articles, 1 without, 0 that nobody looked at"
    assert polled == "Of 2 days 1 with articles, 0 without, 1 that nobody looked at"
    assert page.table("New articles by feed and day")[0][2] == "?"


def test_an_empty_lake_and_a_list_that_cannot_be_read_say_so() -> None:
    page = page_of(coverage(missing=("articles", "feeds.toml")), missing=("articles",))
    notes = page.texts("//p[@class='note']")
    assert [note.split(".")[0] for note in notes] == [
        "This lake holds no article yet",
        "The lake’s list of feeds cannot be read",
    ]


def test_hostile_texts_are_texts() -> None:
    told = coverage(
        days=days("run"),
        outlets=(outlet_coverage(HOSTILE, (1,), outlet_name=HOSTILE, state=HOSTILE),),
        feeds=(
            feed("javascript:alert(1)", (1,), title=HOSTILE, outlet=HOSTILE, state=HOSTILE,
                 why=HOSTILE, failures=(Failure(HOSTILE, 1),)),
        ),
    )  # fmt: skip
    line = outlet_line(HOSTILE, outlet_name=HOSTILE, country=HOSTILE, languages=(HOSTILE,))
    page = page_of(told, line)
    assert "<script>alert(1)</script>" in page.table("Table of all outlets")[0][0]
