"""Stories of several languages bound day by day: the same whatever the order of arrival.

Which are alike is told here by a toy: the hash of their articles. What is tested is what is made of
it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pytest

from schemas.ids import hash_id
from transforms.stories import bind as module
from transforms.stories.across import Tie
from transforms.stories.bind import Bond, Whole, bind
from transforms.stories.fold import Merger, Place
from transforms.stories.item import Item
from transforms.stories.profile import Profile, make_profile

MONDAY = dt.date(2024, 3, 4)
# Within a few windows, and over so many that stories close, and come again.
CALENDARS = (16, 40)


@dataclass(frozen=True)
class ToyCluster:
    id: str
    language: str
    articles: tuple[str, ...]


def chance(*of: object) -> float:
    """From 0 to 1, the same for the same."""
    return int(hash_id("toy", repr(of))[:8], 16) / 0xFFFFFFFF


class ToyScores:
    def __init__(self, clusters: Sequence[ToyCluster]) -> None:
        self.articles = {one.id: one.articles for one in clusters}

    def are_alike(self, left: Collection[str], right: Collection[str]) -> bool:
        sides = (
            sorted(name for one in side for name in self.articles[one]) for side in (left, right)
        )
        return chance(sorted(sides)) > 0.2


def toy_ties(
    clusters: Sequence[ToyCluster], scores: ToyScores, touched: Collection[str]
) -> list[tuple[str, str, Tie]]:
    ties = [
        (chance(one.articles, other.articles), one.id, other.id)
        for one in clusters
        for other in clusters
        if one.language < other.language and (one.id in touched or other.id in touched)
    ]
    return [(one, other, Tie(sure, ())) for sure, one, other in sorted(ties)[::-1] if sure > 0.5]


def toy_cluster(name: str, members: Iterable[Profile]) -> ToyCluster:
    mine = sorted(members, key=lambda one: one.article_id)
    return ToyCluster(name, mine[0].language, tuple(one.article_id for one in mine))


@pytest.fixture(autouse=True)
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cluster", toy_cluster)
    monkeypatch.setattr(module, "Scores", ToyScores)
    monkeypatch.setattr(module, "ties_among", toy_ties)


def article(name: str, language: str, day: int) -> Profile:
    date = MONDAY + dt.timedelta(day)
    published = dt.datetime.combine(date, dt.time(12), dt.UTC)
    return make_profile(Item(name, name, language, "gazette.example", date, published))


def run(
    articles: Sequence[Profile],
    new: Sequence[Profile],
    stood: Sequence[Bond] = (),
    mergers: Sequence[Merger] = (),
) -> list[Bond]:
    """Bind what has arrived; an article stands in the story that its name begins with."""
    places = {
        one.article_id: Place(
            one.article_id, one.article_id.split("-")[0], one.language, one.day, one.day, 1.0, ""
        )
        for one in articles
    }
    days = {one.day for one in articles}
    new_days = [one.day for one in new]

    def load(day: dt.date) -> list[Profile]:
        return [one for one in articles if one.day == day]

    whole = Whole(places, mergers, stood)
    return bind(sorted(days), min(new_days), max(new_days), load, whole, [], [], ())


def months(seed: int, days: int) -> list[Profile]:
    source = random.Random(seed)
    return [
        article(f"{language}{source.randrange(2)}-{number}", language, source.randrange(days))
        for number in range(24)
        for language in [source.choice(["en", "fr", "ru"])]
    ]


@pytest.mark.parametrize("days", CALENDARS)
@pytest.mark.parametrize("seed", range(80))
def test_one_that_comes_late_changes_what_it_would_have_changed(seed: int, days: int) -> None:
    articles = months(seed, days)
    late = random.Random(seed).choice(articles)
    before = [one for one in articles if one is not late]
    told = run(articles, [late], run(before, before))
    assert told == run(articles, articles)


@pytest.mark.parametrize("days", CALENDARS)
@pytest.mark.parametrize("seed", range(40))
def test_what_comes_in_parts_of_any_days_is_bound_as_at_once(seed: int, days: int) -> None:
    articles = months(seed, days)
    source = random.Random(seed)
    order = source.sample(articles, len(articles))
    parts = source.randint(2, 5)
    bonds: list[Bond] = []
    here: list[Profile] = []
    for part in range(parts):
        new = order[part::parts]
        here += new
        bonds = run(here, new, bonds)
    assert bonds == run(articles, articles)


def test_what_is_merged_on_a_later_day_decides_nothing_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On the first day `f2` alone is tied; that it is `f1` is seen on the third."""

    def tied(
        clusters: Sequence[ToyCluster], scores: ToyScores, touched: Collection[str]
    ) -> list[tuple[str, str, Tie]]:
        alone = [one.id for one in clusters if one.articles == ("f2-b",)]
        return [("e", name, Tie(0.9, ())) for name in alone]

    monkeypatch.setattr(module, "ties_among", tied)
    monkeypatch.setattr(ToyScores, "are_alike", lambda *_: True)
    articles = [article("f1-a", "fr", 0), article("f2-b", "fr", 0), article("e-c", "en", 0)]
    first = run(articles, articles)
    assert [(bond.story_id, bond.alias_of) for bond in first] == [("f2", "e")]
    last = article("f1-d", "fr", 2)
    merger = Merger("f2", "f1", last.day, 0.9)
    assert run([*articles, last], [last], first, [merger]) == first
    assert run([*articles, last], [*articles, last], (), [merger]) == first
