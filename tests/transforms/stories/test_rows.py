"""Stories as rows of tables, and profiles as bytes: what is written is what is read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

from schemas.story_alias import StoryAlias
from schemas.story_member import StoryMember
from transforms.stories.fold import Merger, Place
from transforms.stories.item import Item, Named, Quoted, Stated
from transforms.stories.newest import standing_aliases
from transforms.stories.profile import make_profile
from transforms.stories.profile_rows import Profiled, decode, encode, first_versions
from transforms.stories.standing_rows import (
    Telling,
    member_rows,
    merger_rows,
    mergers_of,
    places_of,
)

MONDAY = dt.date(2024, 3, 4)
AT = dt.datetime(2024, 3, 9, tzinfo=dt.UTC)


def telling(sequence: int) -> Telling:
    return Telling(sequence, f"run-{sequence}", AT)


def place(article: str, story: str, day: int = 0) -> Place:
    date = MONDAY + dt.timedelta(day)
    return Place(article, story, "fr", date, date, 0.9, "joins")


def plain(rows: list[StoryMember] | list[StoryAlias]) -> list[dict[str, object]]:
    made = [dataclasses.asdict(row) for row in rows]
    random.Random(7).shuffle(made)
    return made


def test_changes_as_rows_give_the_places_again() -> None:
    """A join, a move within a day, a move to another day, a leave for good."""
    steps = [
        {"a": place("a", "S"), "b": place("b", "S")},
        {"a": place("a", "S"), "b": place("b", "T"), "c": place("c", "T", 1)},
        {"a": place("a", "S"), "b": place("b", "T", 2), "c": place("c", "T", 1)},
        {"b": place("b", "T", 2), "c": place("c", "T", 1)},
        {"a": place("a", "U"), "b": place("b", "T", 2), "c": place("c", "T", 1)},
    ]
    before: dict[str, Place] = {}
    rows: list[StoryMember] = []
    for sequence, after in enumerate(steps, 1):
        rows += member_rows(before, after, telling(sequence))
        assert places_of(plain(rows)) == after
        before = after
    assert [(row.article_id, row.op, row.reason) for row in rows] == [
        ("a", "join", "joins"), ("b", "join", "joins"),
        ("b", "leave", "moved"), ("b", "join", "joins"), ("c", "join", "joins"),
        ("b", "leave", "moved"), ("b", "join", "joins"),
        ("a", "leave", "gone"),
        ("a", "join", "joins"),
    ]  # fmt: skip
    # Whoever reads the days of the window only must not see what has moved away.
    of_monday = [row for row in rows if row.date == MONDAY]
    assert places_of(plain(of_monday)).keys() == {"a"}


def test_nothing_new_is_no_row() -> None:
    same = {"a": place("a", "S")}
    rescored = {"a": dataclasses.replace(same["a"], score=0.4)}
    assert list(member_rows(same, rescored, telling(2))) == []


def test_what_claims_no_day_moves_with_its_date() -> None:
    """It was seen first on another day: rows lie in the folder of the date."""
    before = {"a": dataclasses.replace(place("a", "S"), day=None)}
    after = {"a": dataclasses.replace(place("a", "S", 3), day=None)}
    rows = list(member_rows(before, after, telling(2)))
    assert [(row.op, row.date) for row in rows] == [
        ("leave", MONDAY), ("join", MONDAY + dt.timedelta(3)),
    ]  # fmt: skip


def test_mergers_come_and_go() -> None:
    one, other = Merger("S", "T", MONDAY, 0.9), Merger("U", "T", None, 1.0)
    rows = list(merger_rows((), (one, other), "fr", telling(1)))
    rows += merger_rows((one, other), (other,), "fr", telling(2))
    standing = standing_aliases(plain(rows))
    assert mergers_of(standing, {"T"}) == (other,)
    assert mergers_of(standing, {"S"}) == ()
    rows += merger_rows((other,), (one, other), "fr", telling(3))
    assert set(mergers_of(standing_aliases(plain(rows)), {"S", "U"})) == {one, other}


def test_profiles_are_read_as_they_were_written() -> None:
    item = Item(
        "a", "v", "fr", "gazette.example", MONDAY, AT, "Incendie à Lyon : 12 morts le 4 mars",
        body_text="Un incendie a tué 12 personnes à Lyon, a déclaré Odile Kervadec.",
        entities=(
            Named("geonames:2996944", "place", "Lyon", "headline", "gazetteer"),
            Named(None, "person", "Odile Kervadec", "body_text", "rule:title"),
        ),
        facts=(Stated("count", "12", "killed", None, "headline"),
               Stated("date", None, None, MONDAY, "headline")),
        quotes=(Quoted("rien de plus", "Odile Kervadec", None, "k"),),
        sources=("afp",),
    )  # fmt: skip
    empty = Item("b", "w", "und", "gazette.example", MONDAY)
    profiled = [Profiled(make_profile(item), AT), Profiled(make_profile(empty), None)]
    again = decode(encode(profiled))
    for one, other in zip(again, profiled, strict=True):
        assert one.stated_at == other.stated_at
        for field in dataclasses.fields(other.profile):
            mine, its = getattr(one.profile, field.name), getattr(other.profile, field.name)
            assert mine == its, field.name
    assert again[0].profile.terms.tolls == {"killed": 12.0}
    assert decode(encode([])) == []


def test_the_version_that_says_it_is_the_first_counts() -> None:
    def version(name: str, hour: int | None) -> Profiled:
        item = Item("a", name, "fr", "gazette.example", MONDAY)
        return Profiled(make_profile(item), None if hour is None else AT + dt.timedelta(hours=hour))

    versions = [version("u", None), version("second", 3), version("first", 1)]
    for some in (versions, versions[::-1]):
        assert [one.version_id for one in first_versions(some)] == ["first"]
