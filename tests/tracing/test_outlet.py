"""`read_outlet` and `read_outlets`: whose text an outlet has, whom it credits, who credits it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.feeds import write_feed_list
from lake.tables import create_lake
from schemas.article import Article
from schemas.control import Control
from schemas.link import Aligned
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit, member
from tracing.find_uncredited import NoSuchOutlet
from tracing.listed_model import Count
from tracing.outlet import read_outlet, read_outlets
from tracing.outlet_model import Copied, OutletPage

TEXT = "The harbour of Tern will close for three weeks in April, its master said on Tuesday."
PAPER, GAZETTE = "paper.example", "harbourgazette.example"


def wire(name: str, day: int, hour: int = 12, **fields: Any) -> Article:
    given: dict[str, Any] = {
        "published": at(day, hour), "published_tz_known": True, "first_seen": at(5),
        "body_text": TEXT, "outlet": PAPER,
    }  # fmt: skip
    return article(name, **{**given, **fields})


def page(builder: LakeBuilder, outlet: str = PAPER, at_: dt.datetime | None = None) -> OutletPage:
    return read_outlet(builder.snapshot, outlet, embargo_at=at_)


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    """The paper has a text of the gazette without a word, and one with a credit; it credits AFP."""
    a = wire("a", 1, 8, outlet=GAZETTE)
    b = wire("b", 1, 20, outlet_name="The Paper")
    c = wire("c", 3, 9, language="fr")
    d = wire("d", 3, 12, outlet="other.example")
    span = (Aligned(0, len(TEXT), 0, len(TEXT)),)
    links = [
        link("b", "a", evidence=span, hours_apart=12.0),
        link("c", "a", evidence=span, credited=True, direction="asserted", hours_apart=49.0),
        link("d", "b", evidence=span, direction="unknown", hours_apart=40.0),
        link("c", "b", "updates", evidence=span, hours_apart=37.0),
    ]
    builder.run(
        a, b, c, d, *links, credit(c, "afp"), credit(c, "afp", "via"),
        credit(c, "harbourgazette"), credit(c, "paper"),
        credit(d, "paper"), credit(d, "afp", "mention"), credit(a, "paper", "mention"),
        member(a, "A"), member(b, "A"), started=at(4), ended=at(4),
    )  # fmt: skip
    return builder


def test_its_articles_by_day_and_language(lake: LakeBuilder) -> None:
    found = page(lake)
    assert (found.articles, found.outlet_name, found.country) == (2, "The Paper", "unknown")
    assert [(one.day, one.articles) for one in found.days] == [
        (at(1).date(), 1), (at(3).date(), 1),
    ]  # fmt: skip
    assert found.languages == (Count("en", 1), Count("fr", 1))
    assert [one.article_id for one in found.newest] == [id_of("c"), id_of("b")]
    assert [one.story_id for one in found.newest] == [None, id_of("A")]
    assert (found.since, found.agency, found.missing) == (None, None, ("sightings",))


def test_whom_it_credits_and_who_credits_it(lake: LakeBuilder) -> None:
    found = page(lake)
    assert found.credits == (Count("afp", 1), Count("harbourgazette", 1))
    assert found.credited_by == (Count("other.example", 1),)
    assert page(lake, GAZETTE).credited_by == (Count(PAPER, 1),)


def test_whose_text_it_has_and_who_has_its(lake: LakeBuilder) -> None:
    found = page(lake)
    assert found.copies_from == (Copied(GAZETTE, 1, 1, asserted=1, likely=1, unknown=0),)
    assert found.copies_to == (Copied("other.example", 0, 1, asserted=0, likely=0, unknown=1),)
    assert [(one.article_id, one.source) for one in found.uncredited] == [(id_of("b"), GAZETTE)]
    gazette = page(lake, GAZETTE)
    assert gazette.copies_to == (Copied(PAPER, 1, 1, asserted=1, likely=1, unknown=0),)
    assert (gazette.copies_from, gazette.uncredited) == ((), ())


def test_counts_are_of_the_last_days_only(lake: LakeBuilder) -> None:
    """The text and the credits of the first days are too long ago; its articles are not."""
    lake.run(wire("e", 31), started=at(31, 13), ended=at(31, 13))
    found = page(lake)
    assert found.since == at(31).date() - dt.timedelta(27)
    assert (found.articles, found.credits, found.copies_from) == (3, (), ())


def test_until_when_is_counted_is_said_where_there_is_more(lake: LakeBuilder) -> None:
    """Who credits it long after its last article is not counted, and nobody is told otherwise."""
    assert page(lake).until is None
    far = wire("far", 1, outlet="far.example", published=at(1).replace(year=2025))
    lake.run(far, started=at(1).replace(year=2025), ended=at(1).replace(year=2025))
    [*_, last] = page(lake).days
    assert page(lake).until == last.day + dt.timedelta(28)


def test_its_coverage_and_its_feeds(lake: LakeBuilder) -> None:
    write_feed_list(lake.lake, '[[feed]]\nurl = "https://paper.example/rss"\n'
                               '[[feed]]\nurl = "https://x.example/rss"\noutlet = "paper.example"\n'
                               '[[feed]]\nurl = "https://other.example/rss"\n')  # fmt: skip
    found = page(lake)
    assert found.coverage is not None
    assert (found.coverage.outlet, found.coverage.articles) == (PAPER, 2)
    by_day = zip(found.coverage_days, found.coverage.counts, strict=True)
    assert sum(day.articles >= count > 0 for day, count in by_day) == 2
    assert [one.url for one in found.feeds] == [
        "https://paper.example/rss", "https://x.example/rss",
    ]  # fmt: skip


def test_an_agency_is_told_to_be_one(builder: LakeBuilder) -> None:
    builder.run(wire("t", 1, outlet="tass.ru"), wire("u", 1, outlet="afp"))
    assert (page(builder, "tass.ru").agency, page(builder, "afp").agency) == ("tass", "afp")


def test_what_is_under_embargo_is_not_there(lake: LakeBuilder) -> None:
    for name in ("b", "d"):
        told = Control(uri=name, article_id=id_of(name), kind="embargo", at=at(9), source_uri="k",
                       run_id="", month="2024-05")  # fmt: skip
        lake.run(told, started=at(4), ended=at(4))
    found = page(lake, at_=at(5))
    assert (found.articles, [one.article_id for one in found.newest]) == (1, [id_of("c")])
    assert (found.copies_to, found.uncredited, found.credited_by) == ((), (), ())
    assert found.copies_from == (Copied(GAZETTE, 1, 0, asserted=1, likely=0, unknown=0),)
    assert (found.outlet_name, found.left_out) == (None, 2)
    with pytest.raises(NoSuchOutlet):
        page(lake, "other.example", at(5))
    assert "other.example" not in {
        one.outlet for one in read_outlets(lake.snapshot, embargo_at=at(5)).outlets
    }


@pytest.mark.parametrize("outlet", ["nobody.example", "", "\ud800"])
def test_an_unknown_outlet_is_an_error(lake: LakeBuilder, outlet: str) -> None:
    with pytest.raises(NoSuchOutlet):
        page(lake, outlet)


def test_all_outlets_the_most_articles_first(lake: LakeBuilder) -> None:
    found = read_outlets(lake.snapshot, embargo_at=None).outlets
    assert [(one.outlet, one.articles, one.languages) for one in found] == [
        (PAPER, 2, ("en", "fr")), (GAZETTE, 1, ("en",)), ("other.example", 1, ("en",)),
    ]  # fmt: skip
    assert (found[0].outlet_name, found[0].last_day) == ("The Paper", at(3).date())


def test_lakes_that_have_little(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    empty = read_outlets(builder.snapshot, embargo_at=None)
    assert (empty.outlets, empty.missing) == ((), ("articles",))
    builder.run(wire("b", 1))
    found = page(builder)
    assert (found.credits, found.copies_from) == ((), ())
    assert found.missing == ("citations", "links", "story_members", "sightings")


def test_it_is_ready_for_json(lake: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(page(lake)), default=str)
