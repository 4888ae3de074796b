"""Stories of several languages bound day by day.

Which are alike is told by a toy: those whose articles share a word, the more the surer. What is
tested is what binding makes of it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import pytest

from transforms.stories import bind as module
from transforms.stories.across import Tie
from transforms.stories.bind import Bond, Whole, bind
from transforms.stories.fold import WINDOW, Merger, Place
from transforms.stories.item import Item
from transforms.stories.profile import Profile, make_profile

MONDAY = dt.date(2024, 3, 4)
Claims = frozenset[str]


class ToyScores:
    def __init__(self, clusters: object) -> None: ...

    def are_alike(self, left: Collection[str], right: Collection[str]) -> bool:
        return bool(left) and bool(right)


def toy_claims(members: Sequence[Profile]) -> Claims:
    return frozenset(word for one in members for word in one.version_id.split())


def toy_ties(
    clusters: Sequence[module.Cluster], scores: object, touched: Collection[str]
) -> Iterator[tuple[str, str, Tie]]:
    found = [
        (one.id, other.id, Tie(len(shared) / 10, ()))
        for one in clusters
        for other in clusters
        if one.id < other.id and one.language != other.language
        if {one.id, other.id} & set(touched)
        if (shared := one.claims & other.claims)  # type: ignore[operator]
    ]
    yield from sorted(found, key=lambda row: (-row[2].score, row[:2]))


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Scores", ToyScores)
    monkeypatch.setattr(module, "gather_claims", toy_claims)
    monkeypatch.setattr(module, "ties_among", toy_ties)
    monkeypatch.setattr(
        module._Wall, "_are_near", lambda wall, one, other: one.split()[0] == other.split()[0]
    )


class Desk:
    """Articles, where they stand, and what was bound so far."""

    def __init__(self) -> None:
        self.articles: dict[dt.date | None, list[Profile]] = defaultdict(list)
        self.places: dict[str, Place] = {}
        self.bonds: list[Bond] = []

    def put(self, story: str, language: str, words: str, day: int | None) -> Profile:
        """An article of a story; the first of a story founds it."""
        date = MONDAY + dt.timedelta(day or 0)
        published = None if day is None else dt.datetime.combine(date, dt.time(12), dt.UTC)
        name = f"{story} {day} {len(self.places)}"
        one = make_profile(Item(name, words, language, "gazette.example", date, published))
        known = {place.story_id for place in self.places.values()}
        reason = "joins" if story in known else "founds"
        placed = None if day is None else date
        self.places[name] = Place(name, story, language, placed, date, 1.0, reason)
        self.articles[placed].append(one)
        return one

    def bind(
        self, first: int, new: Iterable[Profile] = (), likely: Iterable[int] = (), last: int = 99
    ) -> set[tuple[str, str]]:
        days = [day for day in self.articles if day and day <= MONDAY + dt.timedelta(last)]
        self.bonds = bind(
            sorted(days),
            MONDAY + dt.timedelta(first),
            MONDAY + dt.timedelta(99),
            lambda day: [] if day > MONDAY + dt.timedelta(last) else self.articles[day],
            Whole(self.places, (), self.bonds),
            self.articles[None],
            [one.article_id for one in new],
            [MONDAY + dt.timedelta(day) for day in likely],
        )
        return {(bond.story_id, bond.alias_of) for bond in self.bonds}


def test_the_younger_is_an_alias_of_the_older() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov mali", 0)
    desk.put("fr 1", "fr", "lavrov mali", 1)
    assert desk.bind(0) == {("fr 1", "ru 1")}
    [bond] = desk.bonds
    assert bond.day == MONDAY + dt.timedelta(1)
    assert bond.languages == ("fr", "ru")
    assert bond.tie.score == 0.2


def test_what_is_no_more_open_is_not_bound() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov", 0)
    desk.put("fr 1", "fr", "lavrov", WINDOW.days + 1)
    assert desk.bind(0) == set()
    desk.put("ru 1", "ru", "lavrov", 1)
    assert desk.bind(0) == {("fr 1", "ru 1")}


def test_of_two_in_one_language_the_surer_is_bound() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov mali wagner", 0)
    desk.put("a-fr", "fr", "lavrov", 0)
    desk.put("b-fr", "fr", "lavrov mali", 0)
    assert desk.bind(0) == {("ru 1", "b-fr")}  # founded on one day: by id


def test_two_in_one_language_come_together_if_their_words_say_so() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov mali wagner", 0)
    desk.put("fr 1", "fr", "lavrov", 0)
    desk.put("fr 2", "fr", "lavrov mali", 0)
    assert {frozenset(pair) for pair in desk.bind(0)} == {
        frozenset({"ru 1", "fr 1"}), frozenset({"ru 1", "fr 2"}),
    }  # fmt: skip


def test_a_language_that_is_bound_but_no_more_open_still_counts() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov mali", 0)
    desk.put("a-en", "en", "lavrov mali", 0)
    desk.put("ru 1", "ru", "wagner", WINDOW.days)
    desk.put("ru 1", "ru", "wagner", WINDOW.days + 1)
    desk.put("b-en", "en", "wagner", WINDOW.days + 1)
    once = desk.bind(0)
    assert len(once) == 1
    # The same by days, where the run of the last day sees nothing of the first.
    daily = Desk()
    daily.articles, daily.places = desk.articles, desk.places
    for day in range(WINDOW.days + 2):
        found = daily.bind(day, last=day)
    assert found == once


@pytest.mark.parametrize("seed", range(15))
def test_once_and_by_days_are_the_same(seed: int) -> None:
    chosen = random.Random(seed)
    desk = Desk()
    for number in range(60):
        day, story = chosen.randrange(12), chosen.randrange(8)
        language = chosen.choice(["fr", "ru", "en"])
        words = " ".join(f"w{story}{chosen.randrange(3)}" for _ in range(2))
        if chosen.random() < 0.2:
            words += f" w{story + 1}0"
        desk.put(f"{language}{story}-{day // 5} {number % 2}", language, words, day)
    # A founder is who is there first.
    for story in {place.story_id for place in desk.places.values()}:
        mine = [name for name, place in desk.places.items() if place.story_id == story]
        first, *others = sorted(mine, key=lambda name: (desk.places[name].date, name))
        _reason(desk, first, "founds")
        for name in others:
            _reason(desk, name, "joins")
    once = desk.bind(0)
    daily = Desk()
    daily.articles, daily.places = desk.articles, desk.places
    for day in range(12):
        found = daily.bind(day, last=day)
    assert found == once
    again = daily.bind(4)
    assert again == once
    assert len(once) > 5


def _reason(desk: Desk, name: str, reason: str) -> None:
    place = desk.places[name]
    desk.places[name] = Place(
        name, place.story_id, place.language, place.day, place.date, 1.0, reason
    )


def test_what_claims_no_day_is_bound_to_likely_days() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov mali", -900)
    new = desk.put("fr 1", "fr", "lavrov mali", None)
    assert desk.bind(0, [new]) == set()
    assert desk.bind(0, [new], [-900]) == {("fr 1", "ru 1")}
    assert [bond.day for bond in desk.bonds] == [None]
    # Later runs, which do not ask again, keep it.
    assert desk.bind(5) == {("fr 1", "ru 1")}


def test_a_dated_story_is_bound_to_one_without_a_day_that_came_before() -> None:
    desk = Desk()
    desk.put("fr 1", "fr", "lavrov mali", None)
    desk.put("ru 1", "ru", "lavrov mali", 3)
    assert desk.bind(3) == {("fr 1", "ru 1")}
    assert [bond.day for bond in desk.bonds] == [MONDAY + dt.timedelta(3)]


def test_merged_stories_are_bound_by_the_name_that_they_go_by() -> None:
    desk = Desk()
    desk.put("ru 1", "ru", "lavrov", 0)
    desk.put("fr 1", "fr", "mali", 0)
    desk.put("fr 2", "fr", "lavrov", 1)
    whole = Whole(desk.places, (Merger("fr 2", "fr 1", MONDAY, 0.9),), ())
    days = [MONDAY, MONDAY + dt.timedelta(1)]
    [bond] = bind(days, MONDAY, days[-1], lambda day: desk.articles[day], whole, [], [], [])
    assert {bond.story_id, bond.alias_of} == {"fr 1", "ru 1"}
