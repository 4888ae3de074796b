"""What cannot be one event, however alike its words."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.stories.item import Item, Named, Stated
from transforms.stories.terms import make_terms
from transforms.stories.unit import Unit, unit_of, united
from transforms.stories.unite import contradict, judge

MONDAY = dt.datetime(2024, 3, 4, 12, tzinfo=dt.UTC)


def unit(headline: str, hours: float | None, killed: int | None = None) -> Unit:
    published = None if hours is None else MONDAY + dt.timedelta(hours=hours)
    facts = () if killed is None else (Stated("count", str(killed), "killed", None, "headline"),)
    body = "Gunmen on motorbikes attacked the market of Tessala, the governor of Tessala said."
    item = Item(
        headline, headline, "en", "gazette.example", MONDAY.date(), published, headline,
        body_text=body, facts=facts,
    )  # fmt: skip
    return unit_of(make_terms(item), published)


@pytest.mark.parametrize(
    ("earlier", "later", "hours", "apart"),
    [
        (37, 12, 50.0, True),
        (37, 12, 10.0, False),  # corrected within a day
        (37, 30, 50.0, False),  # less, but not by half
        (12, 37, 50.0, False),  # tolls rise
        (37, None, 50.0, False),
        (37, 12, None, False),  # when it was told is not known
    ],
)
def test_a_toll_that_fell_by_half_is_another_events(
    earlier: int, later: int | None, hours: float | None, apart: bool
) -> None:
    one = unit("Attack on Tessala market", 0.0, earlier)
    other = unit("Attack on Tessala market again", hours, later)
    assert contradict(one, other) is contradict(other, one) is apart
    if apart:
        assert not judge(one, other).unites
    elif hours and hours < 24:
        assert judge(one, other).unites


def test_days_of_a_series_are_apart_also_in_a_group() -> None:
    one, other = (
        unit("Markets on May 3: shares fall", 0.0),
        unit("Markets on May 4: shares up", 9.0),
    )
    same = unit("Markets on May 3: shares fall further", 2.0)
    assert contradict(one, other)
    assert not contradict(one, same)
    assert contradict(united(one, same), other)


def report(headline: str, *names: str, body: str = "Sixty men fought the blaze there.") -> Unit:
    entities = tuple(Named(name, "place", name, "headline", "gazetteer") for name in names)
    item = Item(
        headline, headline, "en", f"{headline[:4]}.example", MONDAY.date(), MONDAY, headline,
        body_text=body, entities=entities,
    )  # fmt: skip
    return unit_of(make_terms(item), MONDAY)


LEEDS, BRISTOL, ENGLAND = "geonames:2644688", "geonames:2654675", "iso3166:GB"


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ((LEEDS,), (BRISTOL,), True),
        ((LEEDS,), (LEEDS, BRISTOL), False),
        ((LEEDS, ENGLAND), (BRISTOL, ENGLAND), False),  # in common, little as it is
        ((LEEDS,), (), False),
    ],
)
@pytest.mark.parametrize("body", ["Sixty men fought the blaze there.", ""])
def test_two_towns_have_two_fires(
    one: tuple[str, ...], other: tuple[str, ...], apart: bool, body: str
) -> None:
    mine = report("Fire in warehouse", *one, body=body)
    theirs = report("Warehouse on fire", *other, body=body)
    assert contradict(mine, theirs) is contradict(theirs, mine) is apart


def test_beside_a_group_a_headline_alone_is_not_told_apart_by_its_place() -> None:
    group = united(report("Fire at mill", body=""), report("Mill on fire", LEEDS, body=""))
    assert not contradict(group, report("Blaze at mill", BRISTOL, body=""))


def test_one_word_is_no_headline() -> None:
    one, other = (unit_of(make_terms(item_of(name)), MONDAY) for name in ("a", "b"))
    assert not judge(one, other).unites


def item_of(name: str) -> Item:
    return Item(name, name, "en", f"{name}.example", MONDAY.date(), MONDAY, "Podcast")


def told(headline: str, town: str, *also: str, number: str | None = None) -> Unit:
    """A report that names a town in its headline and others in its text, by common words."""
    written = {LEEDS: "York", BRISTOL: "Bath"}
    entities = (
        Named(town, "place", written[town], "headline", "gazetteer"),
        *(Named(name, "place", written[name], "body_text", "gazetteer") for name in also),
    )
    facts = () if number is None else (Stated("number", number, None, None, "body_text"),)
    item = Item(
        headline, headline, "en", f"{headline[:4]}.example", MONDAY.date(), MONDAY, headline,
        body_text="Sixty men fought the blaze there.", entities=entities, facts=facts,
    )  # fmt: skip
    return unit_of(make_terms(item), MONDAY)


def test_a_text_that_knows_the_other_town_is_not_of_another_fire() -> None:
    one = told("Fire in warehouse", LEEDS)
    for other in (told("Warehouse burns", BRISTOL, LEEDS), told("Warehouse burns", BRISTOL)):
        is_known = LEEDS in other.names
        assert contradict(one, other) is contradict(other, one) is not is_known


def test_something_telling_in_common_outweighs_other_names() -> None:
    one = told("Fire in warehouse", LEEDS, number="4713")
    assert not contradict(one, told("Warehouse burns", BRISTOL, number="4713"))
    assert contradict(one, told("Warehouse burns", BRISTOL, number="4714"))


def test_traditional_and_simplified_chinese_are_the_same_words() -> None:
    """Fictional: a ferry runs aground, both scripts."""
    reports = ("馬雷達號渡輪觸礁擱淺 乘客獲救", "马雷达号渡轮触礁搁浅 乘客获救")
    items = [
        Item(text, text, "zh", f"{n}.example", MONDAY.date(), MONDAY, text)
        for n, text in enumerate(reports)
    ]
    one, other = (make_terms(item).opening for item in items)
    assert one.keys() == other.keys()
