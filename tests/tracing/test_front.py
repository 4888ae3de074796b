"""`read_front`: the newest stories, what the lake holds, and what of it is not there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.article import Article
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import member, run, tie
from tracing.front import read_front
from tracing.front_model import Front
from tracing.newest_stories import read_newest_stories


def wire(name: str, day: int, hour: int = 12, **fields: Any) -> Article:
    given = {"published": at(day, hour), "outlet": f"{name}.example", "first_seen": at(5)}
    return article(name, **{**given, **fields})


def front(builder: LakeBuilder, embargo_at: dt.datetime | None = None) -> Front:
    return read_front(builder.snapshot, embargo_at=embargo_at)


@pytest.fixture
def told(builder: LakeBuilder) -> LakeBuilder:
    """A story in two languages, an older one of two outlets, and a newer one of one outlet."""
    matin = wire("matin", 2, 9, language="fr")
    tass = wire("tass", 1, 23, language="ru", headline="Первый")
    soir = wire("soir", 3, 20, language="fr")
    old = [wire("old", 1, 1), wire("old2", 1, 2)]
    alone = wire("alone", 3, 23)
    parts = {"B": [matin, soir], "A": [tass], "old": old, "alone": [alone]}
    builder.run(
        matin, tass, soir, *old, alone, tie("B", "A"),
        *(member(one, part) for part, mine in parts.items() for one in mine),
        started=at(4), ended=at(4),
    )  # fmt: skip
    return builder


def test_stories_of_several_outlets_come_first_then_the_newest(told: LakeBuilder) -> None:
    found = front(told)
    assert [one.story_id for one in found.stories] == [id_of("A"), id_of("old"), id_of("alone")]
    story = found.stories[0]
    assert (story.first.headline, story.first.outlet) == ("Первый", "tass.example")
    assert story.first.story_id == id_of("A")
    assert (story.languages, story.articles) == (("ru", "fr"), 3)
    assert story.outlets == ("tass.example", "matin.example", "soir.example")
    assert (story.first_claimed, story.last_claimed) == (at(1, 23), at(3, 20))
    assert story.times == (at(1, 23), at(2, 9), at(3, 20))
    assert (found.articles, found.missing) == ((), ())


def test_only_the_newest_stories_are_told(told: LakeBuilder) -> None:
    newest = read_newest_stories(told.snapshot, at(4).date(), 1, frozenset())
    assert [one.story_id for one in newest] == [id_of("A")]
    before = read_newest_stories(told.snapshot, at(1).date(), 9, frozenset())
    assert [one.story_id for one in before] == [id_of("A"), id_of("old")]


def test_what_claims_no_time_comes_after_what_does(told: LakeBuilder) -> None:
    """It is in its story, and never the first of it, whenever it was seen."""
    undated = wire("undated", 1, published=None, first_seen=at(1, 0), date=at(1).date())
    run(told, undated, member(undated, "A", sequence=2))
    [story, *_] = front(told).stories
    assert (story.articles, story.first.outlet) == (4, "tass.example")
    assert story.times[0] == at(1, 0)


def test_what_claims_no_time_makes_no_story_the_latest(told: LakeBuilder) -> None:
    """It was seen after all that the others claim."""
    seen = at(4, 6)
    undated = wire("undated", 1, published=None, first_seen=seen, date=seen.date())
    run(told, undated, member(undated, "old", sequence=2))
    assert [one.story_id for one in front(told).stories][:2] == [id_of("A"), id_of("old")]


def test_the_counts_and_the_newest_run(told: LakeBuilder) -> None:
    found = front(told)
    assert (found.counts.versions, found.counts.runs) == (6, 1)
    assert [(one.name, one.articles) for one in found.counts.languages] == [
        ("en", 3), ("fr", 2), ("ru", 1),
    ]  # fmt: skip
    assert (found.counts.first_day, found.counts.last_day) == (at(1).date(), at(3).date())
    assert found.newest_run is not None
    assert (found.newest_run.sequence, found.newest_run.new) == (1, 6)
    assert found.newest_run.is_balanced
    assert {one.outlet for one in found.coverage.outlets} >= {"tass.example", "alone.example"}


def test_what_claims_to_be_of_the_future_does_not_lead(told: LakeBuilder) -> None:
    late = wire("late", 20)
    told.run(late, member(late, "late", sequence=2), started=at(4, 13), ended=at(4, 13))
    assert id_of("late") not in {one.story_id for one in front(told).stories}


def test_what_is_under_embargo_is_not_there(told: LakeBuilder) -> None:
    for name in ("soir", "alone"):
        told.run(
            Control(uri=name, article_id=id_of(name), kind="embargo", at=at(9), source_uri="k",
                    run_id="", month="2024-05"),
            started=at(4), ended=at(4),
        )  # fmt: skip
    found = front(told, at(5))
    assert found.left_out == 2
    assert [one.story_id for one in found.stories] == [id_of("A"), id_of("old")]
    assert found.stories[0].last_claimed == at(2, 9)
    assert (found.counts.versions, found.counts.last_day) == (4, at(2).date())
    assert all(name not in repr(found) for name in ("soir", "alone"))
    assert front(told).counts.versions == 6


def test_without_stories_the_newest_articles_are_told(builder: LakeBuilder) -> None:
    run(builder, wire("one", 1), wire("two", 2), wire("later", 20))
    builder.run(started=at(3), ended=at(3))
    found = front(builder)
    assert [one.outlet for one in found.articles] == ["two.example", "one.example"]
    assert (found.stories, found.missing) == ((), ("story_members",))


def test_an_empty_lake_has_a_front_page(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    found = front(builder)
    assert (found.sequence, found.newest_run, found.stories, found.articles) == (0, None, (), ())
    assert found.missing == ("articles", "story_members")
    assert found.counts.first_day is None


def test_it_is_ready_for_json(told: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(front(told)), default=str)
