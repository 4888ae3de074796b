"""Which stories of several languages are one, day by day: ties of the days before hold.

On each day the stories that an article joined or founded are compared with those of other languages
that are still open. The surest ties hold first. Two stories of one language come into a whole only
if their own words say as well that they are rather one than not: else which of them is meant is not
known, and one is left apart.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from transforms.stories.across import Tie
from transforms.stories.across_link import Cluster, Scores, ties_among
from transforms.stories.fold import Load, Merger, Place
from transforms.stories.gather import gather_claims
from transforms.stories.naming import follow
from transforms.stories.profile import Profile
from transforms.stories.unit import Unit, unit_of, united
from transforms.stories.unite import contradict
from transforms.stories.window import WINDOW
from transforms.stories.within import likelihood

# How likely by their own words: below what unites stories alone, as here a tie says so, too.
_RATHER: Final = 0.5


@dataclass(frozen=True, slots=True)
class Bond:
    """Two stories of different languages that are one, since `day`; None: one claims no day.

    `languages`: of the younger, then of the older.
    """

    story_id: str
    alias_of: str
    languages: tuple[str, str]
    day: dt.date | None
    tie: Tie


@dataclass(frozen=True, slots=True)
class Whole:
    """All languages' stories as they stand: articles' places, mergers, bonds."""

    places: Mapping[str, Place]
    mergers: Sequence[Merger]
    bonds: Sequence[Bond]


def bind(
    days: Sequence[dt.date],
    first: dt.date,
    moved: dt.date,
    load: Load,
    stood: Whole,
    undated: Sequence[Profile],
    new: Collection[str],
    likely: Collection[dt.date],
) -> list[Bond]:
    """The bonds that hold when the `days` from `first` on are told again.

    After `moved`, the last day on which an article stands otherwise than before, until what is open
    is tied as it was; later bonds stay.

    `undated` are articles that claim no day, of which those in `new` were not compared before: with
    the days that are told and those that are `likely`.
    """
    wall = _Wall(stood)
    late = [one for one in undated if one.article_id in stood.places]
    fresh = {one.article_id for one in late} & set(new)
    pinned = [one for one in late if one.article_id not in fresh]
    told: list[dt.date] = []
    wall.tie_again(bond for bond in stood.bonds if bond.day is None or bond.day < first)
    for day in sorted(day for day in days if day >= first):
        wall.open(day, pinned, load)
        if day > moved + WINDOW and wall.ties(day) == _ties_that_stood(stood, day):
            break
        wall.tie(wall.touched(load(day), day), day)
        told.append(day)
    last = max(told, default=first)
    wall.tie_again(bond for bond in stood.bonds if bond.day is not None and bond.day > last)
    # What claims no day comes last, and may be of any day that was told.
    wall.merge(dt.date.max)
    for day in sorted({*told, *likely}) if fresh else ():
        wall.open(day, late, load)
        wall.tie({wall.unit_of(article) for article in fresh}, None)
    return sorted(wall.bonds, key=lambda bond: (bond.story_id, bond.alias_of))


def _ties_that_stood(stood: Whole, day: dt.date) -> set[tuple[frozenset[str], frozenset[str]]]:
    wall = _Wall(stood)
    wall.tie_again(bond for bond in stood.bonds if bond.day is None or bond.day < day)
    wall.merge(day)
    return wall.ties(day)


class _Wall:
    """The open stories of all languages on a day, and which of them are one."""

    def __init__(self, stood: Whole) -> None:
        self.places = stood.places
        self.aliases: dict[str, str] = {}
        self.mergers = sorted(
            (
                (merger.day or dt.date.min, merger.story_id, merger.alias_of)
                for merger in stood.mergers
            ),
            reverse=True,
        )
        self.members: dict[str, dict[str, Profile]] = {}
        self.wholes: dict[str, str] = {}
        self.languages: dict[str, set[str]] = {}
        self.founded = _founding_days(stood.places)
        self.lasting = _last_days(stood.places)
        self.clusters: dict[str, tuple[frozenset[str], Cluster]] = {}
        self.bonds: list[Bond] = []

    def unit_of(self, article: str) -> str:
        """The story that an article stands in, by the name that it goes by."""
        return follow(self.places[article].story_id, self.aliases)

    def tie_again(self, bonds: Iterable[Bond]) -> None:
        """Bonds of before hold, whatever else."""
        for bond in bonds:
            self.bonds.append(bond)
            for name, language in zip((bond.story_id, bond.alias_of), bond.languages, strict=True):
                self.languages.setdefault(self._root(name), set()).add(language)
            self._join(bond.story_id, bond.alias_of)

    def merge(self, day: dt.date) -> None:
        """Make one what was merged up to a day: what a later day shows decides nothing before."""
        while self.mergers and self.mergers[-1][0] <= day:
            _, younger, older = self.mergers.pop()
            self.aliases[younger] = older
            self._join(younger, older)

    def open(self, day: dt.date, pinned: Sequence[Profile], load: Load) -> None:
        """The stories that have an article of the window up to a day, and those of `pinned`."""
        self.merge(day)
        self.members = {}
        for step in range(WINDOW.days, -1, -1):
            then = day - dt.timedelta(step)
            self._put(one for one in load(then) if self._stands(one, then))
        self.pin(pinned)

    def pin(self, profiles: Iterable[Profile]) -> None:
        """Put stories up whose articles claim no day."""
        self._put(profiles)

    def touched(self, profiles: Iterable[Profile], day: dt.date) -> set[str]:
        """The stories that articles of a day joined or founded."""
        return {self.unit_of(one.article_id) for one in profiles if self._stands(one, day)}

    def ties(self, day: dt.date) -> set[tuple[frozenset[str], frozenset[str]]]:
        """Which stories are one, and the languages of their whole: all that new ties heed.

        Of those that are open on a day, and those that come again later.
        """
        names: dict[str, set[str]] = defaultdict(set)
        languages: dict[str, set[str]] = defaultdict(set)
        for story_id, (last, language) in self.lasting.items():
            if last >= day - WINDOW:
                unit = follow(story_id, self.aliases)
                root = self._root(unit)
                names[root].add(unit)
                languages[root] |= {language, *self.languages.get(root, ())}
        return {(frozenset(names[root]), frozenset(languages[root])) for root in names}

    def tie(self, touched: Collection[str], day: dt.date | None) -> None:
        """Bind what was touched to open stories of other languages, the surest ties first."""
        clusters = self._gathered()
        language_of = {cluster.id: cluster.language for cluster in clusters}
        scores = Scores(clusters)
        groups: dict[str, list[str]] = defaultdict(list)
        for name in self.members:
            groups[self._root(name)].append(name)
        for one, other, tie in ties_among(clusters, scores, touched):
            ours, theirs = self._root(one), self._root(other)
            if ours != theirs and self._fit(ours, theirs, groups, scores):
                younger, older = sorted((one, other), key=self._age, reverse=True)
                languages = language_of[younger], language_of[older]
                self.bonds.append(Bond(younger, older, languages, day, tie))
                self._join(one, other)
                groups[self._root(one)] = groups.pop(ours) + groups.pop(theirs)

    def _gathered(self) -> list[Cluster]:
        """What the open stories claim; most are as they were on the day before."""
        known = self.clusters
        self.clusters = {}
        for name, mine in sorted(self.members.items()):
            articles = frozenset(mine)
            before = known.get(name)
            if before is None or before[0] != articles:
                before = articles, _cluster(name, mine.values())
            self.clusters[name] = before
        return [cluster for _, cluster in self.clusters.values()]

    def _stands(self, one: Profile, day: dt.date) -> bool:
        place = self.places.get(one.article_id)
        return place is not None and place.day == day

    def _put(self, profiles: Iterable[Profile]) -> None:
        for one in profiles:
            unit = self.unit_of(one.article_id)
            self.members.setdefault(unit, {})[one.article_id] = one
            self.languages.setdefault(self._root(unit), set()).add(one.language)

    def _fit(
        self, ours: str, theirs: str, groups: Mapping[str, Sequence[str]], scores: Scores
    ) -> bool:
        """Whether two wholes may be one; `groups`: the open stories of each."""
        left, right = groups[ours], groups[theirs]
        if not scores.are_alike(left, right):
            return False
        both = self.languages[ours] & self.languages[theirs]
        return not both or all(
            any(self._are_near(a, b) for a in left for b in right if self._language(a) == language)
            for language in sorted(both)
        )

    def _language(self, name: str) -> str:
        return next(iter(self.members[name].values())).language

    def _are_near(self, one: str, other: str) -> bool:
        """Whether two open stories of one language are rather one than not."""
        if self._language(one) != self._language(other):
            return False
        mine, theirs = self._unit(one), self._unit(other)
        return not contradict(mine, theirs) and likelihood(mine, theirs) >= _RATHER

    def _unit(self, name: str) -> Unit:
        members = sorted(self.members[name].values(), key=lambda one: one.article_id)
        return reduce(united, (unit_of(one.terms, one.published) for one in members))

    def _root(self, unit: str) -> str:
        return follow(unit, self.wholes)

    def _join(self, one: str, other: str) -> None:
        ours, theirs = sorted((self._root(one), self._root(other)))
        if ours != theirs:
            self.wholes[theirs] = ours
            mine = self.languages.setdefault(ours, set())
            mine |= self.languages.pop(theirs, set())

    def _age(self, story_id: str) -> tuple[dt.date, str]:
        return self.founded.get(story_id, dt.date.min), story_id


def _founding_days(places: Mapping[str, Place]) -> dict[str, dt.date]:
    """By story, of those whose founder is here; what claims no day is younger than what does."""
    return {
        place.story_id: place.day or dt.date.max
        for place in places.values()
        if place.reason == "founds"
    }


def _last_days(places: Mapping[str, Place]) -> dict[str, tuple[dt.date, str]]:
    """By story the day of its last article, and its language; what claims no day is always open."""
    last: dict[str, tuple[dt.date, str]] = {}
    for place in places.values():
        day = place.day or dt.date.max
        if place.story_id not in last or last[place.story_id][0] < day:
            last[place.story_id] = day, place.language
    return last


def _cluster(name: str, members: Iterable[Profile]) -> Cluster:
    mine = sorted(members, key=lambda one: one.article_id)
    times = sorted(one.published for one in mine if one.published is not None)
    first, last = (times[0], times[-1]) if times else (None, None)
    return Cluster(name, mine[0].language, first, last, gather_claims(mine))
