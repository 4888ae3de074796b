"""Stories of one language, day by day: what came before a day decides what its articles join.

A day's articles are placed as a set, among the stories of the days before it. So where an article
stands depends on no article of a later day, and on no order of arrival: told at once or day after
day, stories are the same, and an article that arrives late is placed on its own day, from which on
the days are told again until nothing differs any more (DESIGN.md §4.8). What claims no day is
placed after all that does, and moves nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.ids import hash_id
from transforms.stories.cluster import Story
from transforms.stories.cluster import place as place_day
from transforms.stories.naming import follow, name_stories
from transforms.stories.profile import Profile
from transforms.stories.window import WINDOW

# Before the id of a story that was founded and has no name yet: which that is, all days decide.
_NEW: Final = "new "
Load = Callable[[dt.date], Sequence[Profile]]
"""Gives the articles that claim a day, each once, in any order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands: in which story, placed on which day (None: it claims none), why.

    `date` is the column `date` of the article; `reason` one of `schemas.story_member.REASONS`.
    """

    article_id: str
    story_id: str
    language: str
    day: dt.date | None
    date: dt.date
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Merger:
    """Two stories that are one: the younger goes by the older's id.

    An article of `day` showed it; or, without a day, an article that came late took the younger's
    members away, all of them.
    """

    story_id: str
    alias_of: str
    day: dt.date | None
    score: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What earlier runs told: places by article, from a window before the first day on, mergers.

    `elsewhere`: stories of other languages: an article that was taken to be of another may have
    founded one.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    mergers: tuple[Merger, ...] = ()
    elsewhere: frozenset[str] = frozenset()


def mint(founder: str) -> str:
    """The id of the story that an article founds."""
    return hash_id("story", founder)


def tell(
    days: Sequence[dt.date],
    asked: Iterable[dt.date],
    load: Load,
    standing: Standing,
    undated: Sequence[Profile],
    likely: Collection[dt.date],
    copies: Mapping[str, str],
) -> Standing:
    """What stands after the days from the first `asked` for on were told; `days` have articles.

    `undated` are articles that claim no day and may still be joined, whether they stand or are new;
    what these report may be of the days that were told, or of those that are `likely`. `copies`:
    article to the name of its copy family.
    """
    wanted = sorted(asked)
    desk = _Desk(copies)
    pool = {one.article_id: one for one in undated}
    told: list[dt.date] = []
    if wanted:
        desk.seat(load, [day for day in days if wanted[0] - WINDOW <= day < wanted[0]], standing)
        desk.seat_undated(pool, standing)
        for day in sorted(day for day in days if day >= wanted[0]):
            desk.open(day)
            if day > wanted[-1] and desk.agrees(standing, day):
                found = _rename(desk, standing, told)
                if _have_same_names(found, standing, day):
                    break
            desk.add(load(day), day)
            told.append(day)
    found = _rename(desk, standing, told)
    rest = [one for one in undated if one.article_id not in found.places]
    seen = sorted({*told, *likely} & {*days})
    return _with_undated(found, rest, pool, seen, load, copies) if rest else found


class _Desk:
    """Stories on a day: their members of the last days, by the name that a story goes by."""

    def __init__(self, copies: Mapping[str, str]) -> None:
        self.copies = copies
        self.members: dict[str, list[Profile]] = defaultdict(list)
        self.places: dict[str, Place] = {}
        self.mergers: list[Merger] = []
        self.units: dict[str, str] = {}
        self.seated: set[str] = set()  # stories from before: their names are given

    def seat(self, load: Load, days: Sequence[dt.date], standing: Standing) -> None:
        """Put the articles of the days before where they stand."""
        last = days[-1] if days else None
        for merger in standing.mergers:
            if last is not None and merger.day is not None and merger.day <= last:
                self.mergers.append(merger)
                self.units[merger.story_id] = merger.alias_of
        for day in days:
            for one in _in_order(load(day)):
                place = standing.places.get(one.article_id)
                if place is not None and place.day == day:
                    self._put(one, place)
                    self.seated |= {place.story_id, self.unit(place.story_id)}

    def seat_undated(self, pool: Mapping[str, Profile], standing: Standing) -> None:
        """Put the stories that articles without a day founded: any day may join them."""
        mine = [standing.places[one] for one in sorted(pool) if one in standing.places]
        founded = {place.story_id for place in mine if place.reason == "founds"}
        for place in mine:
            if place.story_id in founded:
                self._put(pool[place.article_id], place)
                self.seated |= {place.story_id, self.unit(place.story_id)}

    def unit(self, story_id: str) -> str:
        """The name that a merged story goes by."""
        return follow(story_id, self.units)

    def open(self, day: dt.date) -> None:
        """Begin a day: what is more than a window older leaves the desk."""
        first = day - WINDOW
        for story_id, members in list(self.members.items()):
            open_ones = [m for m in members if m.published is None or m.day >= first]
            self.members[story_id] = _in_order(open_ones)
            if not self.members[story_id]:
                del self.members[story_id]

    def agrees(self, standing: Standing, day: dt.date) -> bool:
        """Whether the same articles are together on the desk as stood together before a day.

        Each of the same day: it decides how long they stay. Not while an article that stood on this
        day or later was placed on an earlier one.
        """
        stood = (standing.places.get(one) for one in self.places)
        if any(place is not None and place.day is not None and place.day >= day for place in stood):
            return False
        theirs: dict[str, set[tuple[str, dt.date | None]]] = defaultdict(set)
        for one, name in _names_on(standing, day).items():
            theirs[name].add((one, standing.places[one].day))
        ours = (
            frozenset((one.article_id, one.day) for one in members if one.published is not None)
            for members in self.members.values()
        )
        return {mine for mine in ours if mine} == set(map(frozenset, theirs.values()))

    def add(self, profiles: Sequence[Profile], day: dt.date) -> None:
        """Place a day's articles; those that were placed on an earlier day stay there."""
        new = [one for one in _in_order(profiles) if one.article_id not in self.places]
        by_id = {one.article_id: one for one in new}
        # By neutral names: what ids came to be must decide nothing.
        names = {members[0].article_id: name for name, members in self.members.items()}
        existing = [Story(first, tuple(self.members[names[first]])) for first in sorted(names)]
        found = place_day(existing, new, self.copies)
        for article_id, (first, score) in sorted(found.joins.items()):
            story_id = names[first]
            one = by_id[article_id]
            self._put(one, _place(one, story_id, day, score, "joins"))
        for group in found.founds:
            founder = group[0][0]
            for article_id, score in group:
                reason = "founds" if article_id == founder else "joins"
                one = by_id[article_id]
                self._put(one, _place(one, _NEW + mint(founder), day, score, reason))
        for younger, older, score in found.merges:
            one_name, other = self.unit(names[younger]), self.unit(names[older])
            if one_name != other:
                self.mergers.append(Merger(one_name, other, day, score))
                self.units[one_name] = other
                self.members[other] += self.members.pop(one_name, [])

    def _put(self, one: Profile, place: Place) -> None:
        self.places[one.article_id] = place
        self.members[self.unit(place.story_id)].append(one)


def _have_same_names(found: Standing, standing: Standing, day: dt.date) -> bool:
    """Whether what a day may join goes by the names that it stood by: later days use these."""
    ours, theirs = _names_on(found, day), _names_on(standing, day)
    return all(theirs.get(one) == name for one, name in ours.items())


def _names_on(standing: Standing, day: dt.date) -> dict[str, str]:
    """By article of the window before a day the name that its story goes by on that day."""
    units = {m.story_id: m.alias_of for m in standing.mergers if m.day and m.day < day}
    names = {}
    for one, place in standing.places.items():
        if place.day is not None and day - WINDOW <= place.day < day:
            names[one] = follow(place.story_id, units)
    return names


def _rename(desk: _Desk, standing: Standing, told: Sequence[dt.date]) -> Standing:
    """The desk's stories under the names that stood, and what stands beside them."""
    if not told:
        return standing
    first, last = told[0], told[-1]
    kept = {
        one: place
        for one, place in standing.places.items()
        if place.day is None or not first <= place.day <= last
    }
    again = {
        one: place
        for one, place in desk.places.items()
        if place.day is not None and place.day >= first
    }
    kept = {one: place for one, place in kept.items() if one not in again}
    names = name_stories(
        {one: place.story_id for one, place in again.items()},
        {one: place.story_id for one, place in standing.places.items()},
        given=desk.seated,
        used={place.story_id for place in kept.values()} | standing.elsewhere,
        minted={p.story_id: p.story_id.removeprefix(_NEW) for p in again.values()},
    )
    places = kept | {
        one: replace(p, story_id=names.get(p.story_id, p.story_id)) for one, p in again.items()
    }
    alive = {place.story_id for place in places.values()}
    mergers = [
        m
        for m in standing.mergers
        # A name that nobody had may have been founded anew.
        if (m.story_id not in alive if m.day is None else not first <= m.day <= last)
    ]
    mergers += [
        Merger(names.get(m.story_id, m.story_id), names.get(m.alias_of, m.alias_of), m.day, m.score)
        for m in desk.mergers
        if m.day is not None and m.day >= first
    ]
    mergers += _vanished(standing.places, places)
    # An article without a day goes with its story.
    alive = {place.story_id for place in places.values() if place.day is not None}
    alive |= {p.story_id for p in places.values() if p.day is None and p.reason == "founds"}
    places = {
        one: place
        for one, place in places.items()
        if place.day is not None or place.story_id in alive
    }
    return Standing(places, tuple(mergers))


def _vanished(before: Mapping[str, Place], after: Mapping[str, Place]) -> list[Merger]:
    """Stories that lost every member, each as an alias of the story that has most of these now."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    alive = {place.story_id for place in after.values()}
    for one, place in before.items():
        if place.story_id not in alive and one in after:
            counts[place.story_id][after[one].story_id] += 1
    return [
        Merger(name, min(heirs, key=lambda heir: (-heirs[heir], heir)), None, 1.0)
        for name, heirs in sorted(counts.items())
    ]


def _with_undated(
    found: Standing,
    rest: Sequence[Profile],
    pool: Mapping[str, Profile],
    days: Sequence[dt.date],
    load: Load,
    copies: Mapping[str, str],
) -> Standing:
    """Place what claims no day: with the best of all days, else with each other."""
    best: dict[str, tuple[float, str]] = {}
    for stories in (*(_stories_of(load(day), found) for day in days), _of_pool(pool, found)):
        joins = place_day(stories, rest, copies).joins if stories else {}
        for article_id, (story_id, score) in joins.items():
            best[article_id] = min(best.get(article_id, (0.0, "")), (-score, story_id))
    places = dict(found.places)
    by_id = {one.article_id: one for one in rest}
    for article_id, (negative, story_id) in best.items():
        places[article_id] = _place(by_id[article_id], story_id, None, -negative, "joins")
    alone = [one for one in _in_order(rest) if one.article_id not in best]
    for group in place_day((), alone, copies).founds if alone else ():
        for article_id, score in group:
            reason = "founds" if article_id == group[0][0] else "joins"
            one = by_id[article_id]
            places[article_id] = _place(one, mint(group[0][0]), None, score, reason)
    return Standing(places, found.mergers)


def _stories_of(profiles: Sequence[Profile], found: Standing) -> list[Story]:
    members: dict[str, list[Profile]] = defaultdict(list)
    for one in _in_order(profiles):
        if one.article_id in found.places:
            members[found.places[one.article_id].story_id].append(one)
    return [Story(name, tuple(members[name])) for name in sorted(members)]


def _of_pool(pool: Mapping[str, Profile], found: Standing) -> list[Story]:
    return _stories_of([one for one in pool.values() if one.article_id in found.places], found)


def _place(one: Profile, story_id: str, day: dt.date | None, score: float, reason: str) -> Place:
    return Place(one.article_id, story_id, one.language, day, one.day, score, reason)


def _in_order(profiles: Iterable[Profile]) -> list[Profile]:
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(profiles, key=lambda one: (one.published or latest, one.article_id))
