"""`read_coverage`: which outlets and feeds were silent when, and which days nobody looked at."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.feeds import write_feed_list, write_health
from schemas.article import Article
from schemas.control import Control
from schemas.run import Count
from schemas.sighting import Sighting
from tests.lake.builder import LakeBuilder, article, at, id_of, sighting
from tracing.coverage import DAYS, read_coverage
from tracing.coverage_model import Coverage, FeedCoverage, OutletCoverage
from transforms.feeds.health import FeedHealth

FEED = "https://a.example/rss"


def piece(outlet: str, day: int, **fields: Any) -> Article:
    given = {"outlet": outlet, "published": at(day), "first_seen": at(day)}
    return article(f"{outlet} {day}", **{**given, **fields})


def seen_on(of: Article, day: int, hour: int = 13) -> Sighting:
    when = at(day, hour)
    return sighting(of, first_seen_at=when, last_seen_at=when, date=when.date())


def run_on(builder: LakeBuilder, day: int, *rows: Any, **counts: Any) -> None:
    builder.run(*rows, started=at(day, 18), ended=at(day, 18), **counts)


def coverage(builder: LakeBuilder, embargo_at: dt.datetime | None = None) -> Coverage:
    return read_coverage(builder.snapshot, embargo_at=embargo_at)


def outlet_of(found: Coverage, outlet: str) -> OutletCoverage:
    [one] = [one for one in found.outlets if one.outlet == outlet]
    return one


@pytest.fixture
def daily(builder: LakeBuilder) -> LakeBuilder:
    """Twelve days of `a.example`; `b.example` has nothing any more after the eighth."""
    rows = [piece("a.example", day) for day in range(1, 13)]
    rows += [piece("b.example", day) for day in range(1, 9)]
    run_on(builder, 12, *rows, *(seen_on(one, one.date.day) for one in rows))
    return builder


def test_who_is_silent_comes_first(daily: LakeBuilder) -> None:
    found = coverage(daily)
    assert found.is_live
    assert [(one.outlet, one.state) for one in found.outlets] == [
        ("b.example", "silent"), ("a.example", "usual"),
    ]  # fmt: skip
    silent = outlet_of(found, "b.example")
    assert (silent.articles, silent.last, silent.last_seen) == (8, at(8).date(), at(8, 13))
    assert silent.counts[-6:] == (1, 1, 0, 0, 0, 0)
    [silence] = silent.silences
    assert (silence.first, silence.last, silence.is_now) == (at(9).date(), at(11).date(), True)


def test_days_end_with_the_newest_run_even_if_it_found_nothing(daily: LakeBuilder) -> None:
    """A compaction is no look at the world."""
    run_on(daily, 16)
    run_on(daily, 21, command="compact")
    found = coverage(daily)
    assert (len(found.days), found.days[-1].day) == (DAYS, at(16).date())
    assert [(day.runs, day.looked) for day in found.days[-6:]] == [
        (0, "run"), (1, "run"), (0, "not looked"), (0, "not looked"), (0, "run"), (1, "run"),
    ]  # fmt: skip
    # Nobody looked at the two days after the twelfth, and the sixteenth is not over.
    assert outlet_of(found, "a.example").state == "usual"


def test_an_archive_is_told_of_by_its_own_days(builder: LakeBuilder) -> None:
    """It came years later, in one run: its last day is the last that anything is known of."""
    rows = [piece("a.example", day) for day in range(1, 17) if day != 9]
    late = at(1).replace(year=2026)
    builder.run(*rows, started=late, ended=late)
    found = coverage(builder)
    assert not found.is_live
    assert found.days[-1].day == at(16).date()
    by_day = {day.day: day for day in found.days}
    assert (by_day[at(9).date()].looked, by_day[at(10).date()].looked) == ("not looked", "later")
    assert outlet_of(found, "a.example").silences == ()
    assert (found.missing, outlet_of(found, "a.example").last_seen) == (("sightings",), None)


def test_a_claim_of_the_future_does_not_move_the_days(daily: LakeBuilder) -> None:
    run_on(daily, 12, piece("c.example", 1, published=at(1).replace(year=2031)))
    found = coverage(daily)
    assert (found.days[-1].day, found.is_live) == (at(12).date(), True)


def test_an_article_counts_once_whatever_versions_it_has(daily: LakeBuilder) -> None:
    again = piece("a.example", 12, version_id=id_of("again"), body_text="Other words.")
    run_on(daily, 12, again)
    assert outlet_of(coverage(daily), "a.example").counts[-1] == 1


def test_what_is_under_embargo_does_not_count(daily: LakeBuilder) -> None:
    hidden = piece("secret.example", 12)
    told = Control(uri="u", article_id=hidden.article_id, kind="embargo", at=at(30), reason=None,
                   source_uri="k", run_id="", month="2024-05")  # fmt: skip
    run_on(daily, 12, hidden, seen_on(hidden, 12, 20), told)
    found = coverage(daily, at(13))
    assert "secret.example" not in repr(found)
    assert found.days[-1].articles == 1
    assert outlet_of(coverage(daily), "secret.example").last_seen == at(12, 20)


def test_without_a_run_nothing_is_known(builder: LakeBuilder) -> None:
    from lake.tables import create_lake

    create_lake(builder.root)
    found = coverage(builder)
    assert (found.days, found.outlets, found.feeds) == ((), (), ())
    assert found.missing == ("articles", "sightings")


def remember(builder: LakeBuilder, *feeds: FeedHealth) -> None:
    sequence = builder.snapshot.sequence
    write_health(builder.lake, sequence, sequence, {one.url: one.to_json() for one in feeds})


def feed_of(found: Coverage, url: str = FEED) -> FeedCoverage:
    [one] = [one for one in found.feeds if one.url == url]
    return one


def test_feeds_are_told_of_by_their_runs(builder: LakeBuilder) -> None:
    found = (Count(FEED, "new", None, 3), Count(FEED, "duplicate", None, 9))
    for day in range(1, 9):
        run_on(builder, day, counts=found)
    unread = Count(FEED, "rejected", "read:too_slow", 1)
    for day in (9, 10):
        run_on(builder, day, counts=(unread, Count(FEED, "rejected", "parse:empty", 5)))
    remember(builder, FeedHealth(url=FEED, last_attempt=at(10), failures={"too_slow": 3}))
    feed = feed_of(coverage(builder))
    assert feed.state == "usual"
    assert feed.counts[-4:] == (3, 3, 0, 0)
    assert feed.failed[-4:] == (0, 0, 1, 1)
    assert [(one.kind, one.times) for one in feed.failures] == [("too_slow", 3)]
    run_on(builder, 11)
    assert feed_of(coverage(builder)).state == "silent"
    remember(builder, FeedHealth(url=FEED, last_attempt=at(11), failing_since=at(10)))
    assert feed_of(coverage(builder)).state == "failing"
    remember(builder, FeedHealth(url=FEED, last_attempt=at(11), retired="410 Gone"))
    assert feed_of(coverage(builder)).state == "retired"


def test_a_feed_of_the_list_that_was_never_asked(daily: LakeBuilder) -> None:
    write_feed_list(daily.lake, f'[[feed]]\nurl = "{FEED}"\ntitle = "A"\n')
    feed = feed_of(coverage(daily))
    assert (feed.state, feed.title, feed.is_listed, feed.next_due) == (
        "never asked",
        "A",
        True,
        None,
    )


def test_a_list_that_cannot_be_read_is_said_to_be_missing(daily: LakeBuilder) -> None:
    remember(daily, FeedHealth(url=FEED, last_attempt=at(12)))
    write_feed_list(daily.lake, "no TOML")
    found = coverage(daily)
    assert (found.missing, feed_of(found).is_listed) == (("feeds.toml",), False)


def test_it_is_ready_for_json(daily: LakeBuilder) -> None:
    remember(daily, FeedHealth(url=FEED, last_attempt=at(12)))
    json.dumps(dataclasses.asdict(coverage(daily)), default=str)


def test_what_claims_no_time_makes_no_archive_live(builder: LakeBuilder) -> None:
    """Taken in on the thirtieth: articles of the first days, and one that is dated by that run."""
    rows = [piece("a.example", day) for day in range(1, 9)]
    undated = piece("local", 30, published=None, date=at(30).date())
    run_on(builder, 30, *rows, undated, *(seen_on(one, 30) for one in (*rows, undated)))
    found = coverage(builder)
    assert not found.is_live
    assert found.days[-1].day == at(8).date()
    assert "a.example" in [one.outlet for one in found.outlets]
