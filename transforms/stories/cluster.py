"""A day's articles placed: which story each joins, and which found new ones.

The result is a function of the sets that are given, whatever their order; ties go by id.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

from transforms.stories.agglomerate import Clusters, agglomerate
from transforms.stories.naming import follow
from transforms.stories.profile import Profile
from transforms.stories.unit import Unit, unit_of, united
from transforms.stories.unite import contradict, judge

# Members that stand for an existing story: its founder and the latest.
REPRESENTATIVES: Final = 8
_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
_Merge = tuple[float, str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """An existing story; members in order of joining, the founder first."""

    story_id: str
    members: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a day's articles belong.

    `joins`: article id to the existing story and the score at which it came to it. `founds`: new
    stories, each its articles with the score at which each came in, the founder (the earliest
    published, then by id) first, with 1; an article alone is a story too. `merges`: existing
    stories that new articles show to be one, (younger, older, score); each is the younger once.
    """

    joins: Mapping[str, tuple[str, float]]
    founds: Sequence[tuple[tuple[str, float], ...]]
    merges: Sequence[tuple[str, str, float]]


def place(
    existing: Sequence[Story], new: Sequence[Profile], copies: Mapping[str, str]
) -> Placement:
    """Place new articles; `copies` names the family of each article that is a copy or has some.

    Articles of one family and language are one report: they are placed together, and count once.
    """
    stories = sorted(existing, key=lambda story: story.story_id)
    joins: dict[str, tuple[str, float]] = {}
    founds: list[tuple[tuple[str, float], ...]] = []
    merges: list[_Merge] = []
    for language in sorted({profile.language for profile in new}):
        batch = _Batch(stories, new, copies, language)
        joins |= batch.joins()
        founds += batch.founds()
        merges += batch.merges()
    return Placement(
        joins=dict(sorted(joins.items())),
        founds=sorted(founds, key=lambda group: group[0][0]),
        merges=_settled(merges, stories),
    )


class _Batch:
    """The articles of one language, in clusters."""

    def __init__(
        self,
        stories: Sequence[Story],
        new: Sequence[Profile],
        copies: Mapping[str, str],
        language: str,
    ) -> None:
        self._copies = copies
        told = [(story, [p for p in story.members if p.language == language]) for story in stories]
        self._stories = [story for story, members in told if members]
        olds = [members for _, members in told if members]
        self._families: dict[str, list[Profile]] = defaultdict(list)
        for profile in sorted((p for p in new if p.language == language), key=_age):
            family = self._family(profile)
            # Forms with other names in them are taken for copies, where they are long.
            others = self._families.get(family)
            apart = others and contradict(_unit(others[0]), _unit(profile))
            self._families[profile.article_id if apart else family].append(profile)
        self._home = self._homes(olds)
        # In order of id, not of age: what is first breaks ties.
        away = sorted(self._families.keys() - self._home.keys(), key=self._first)
        self._away = self._without_doubles(away)
        units = [self._representing(members) for members in olds]
        units += [_unit(self._families[family][0]) for family in self._away]
        self._clusters: Clusters = agglomerate(units, len(olds))

    def joins(self) -> dict[str, tuple[str, float]]:
        """Article id to story and score."""
        found = {
            profile.article_id: (self._stories[at].story_id, 1.0)
            for family, at in self._home.items()
            for profile in self._families[family]
        }
        for at, family, score in self._placed():
            if at < len(self._stories):
                for profile in self._families[family]:
                    found[profile.article_id] = self._stories[at].story_id, score
        return found

    def founds(self) -> list[tuple[tuple[str, float], ...]]:
        """The new stories."""
        groups: dict[int, list[tuple[Profile, float]]] = defaultdict(list)
        for at, family, score in self._placed():
            if at >= len(self._stories):
                groups[at] += [(profile, score) for profile in self._families[family]]
        return [_founded(members) for members in groups.values()]

    def merges(self) -> list[_Merge]:
        """Existing stories that a new article belongs to alike, and that are alike themselves."""
        found = []
        for one, other in sorted(self._clusters.bridged):
            verdict = judge(self._clusters.units[one], self._clusters.units[other])
            if verdict.unites:
                pair = self._stories[one].story_id, self._stories[other].story_id
                found.append((verdict.score, *pair))
        return found

    def _placed(self) -> Iterable[tuple[int, str, float]]:
        first = len(self._stories)
        homes, scores = self._clusters.home[first:], self._clusters.score[first:]
        return zip(homes, self._away, scores, strict=True)

    def _homes(self, olds: Sequence[Sequence[Profile]]) -> dict[str, int]:
        """Families of the new that have a member in a story; if in several, in the oldest."""
        home: dict[str, int] = {}
        for at in sorted(range(len(olds)), key=lambda at: _story_age(self._stories[at])):
            for member in olds[at]:
                family = self._family(member)
                copies = self._families.get(family)
                if copies and not contradict(_unit(member), _unit(copies[0])):
                    home.setdefault(family, at)
        return home

    def _first(self, family: str) -> str:
        return self._families[family][0].article_id

    def _without_doubles(self, families: Sequence[str]) -> list[str]:
        """One family for all that say the same in the same words, too short to be found as copies.

        Each would be nearest to the same few: what very many outlets have would fall apart.
        """
        first_of: dict[tuple[object, ...], str] = {}
        for family in families:
            one = self._families[family][0]
            words = tuple(one.terms.opening.items()), tuple(one.terms.body.items())
            first = first_of.setdefault(words, family)
            if first == family or not judge(_unit(one), _unit(one)).unites:
                continue
            if not contradict(_unit(self._families[first][0]), _unit(one)):
                self._families[first] += self._families.pop(family)
                self._families[first].sort(key=_age)
        return sorted((one for one in families if one in self._families), key=self._first)

    def _representing(self, members: Sequence[Profile]) -> Unit:
        once: dict[str, Profile] = {}
        for member in members:
            once.setdefault(self._family(member), member)
        founder, *others = once.values()
        return reduce(united, map(_unit, [founder, *others[-(REPRESENTATIVES - 1) :]]))

    def _family(self, profile: Profile) -> str:
        # An article without a family is one of its own, which no name of a family is.
        family = self._copies.get(profile.article_id)
        return f"={family}" if family is not None else profile.article_id


def _unit(profile: Profile) -> Unit:
    return unit_of(profile.terms, profile.published)


def _founded(members: Sequence[tuple[Profile, float]]) -> tuple[tuple[str, float], ...]:
    (founder, _), *others = sorted(members, key=lambda member: _age(member[0]))
    return (founder.article_id, 1.0), *((one.article_id, score) for one, score in others)


def _age(profile: Profile) -> tuple[dt.datetime, str]:
    """The earliest published is the oldest; what states no time is younger than all."""
    return profile.published or _NEVER, profile.article_id


def _story_age(story: Story) -> tuple[dt.date, str]:
    return story.members[0].day, story.story_id


def _settled(merges: Iterable[_Merge], stories: Sequence[Story]) -> list[tuple[str, str, float]]:
    """Merges, the likeliest first, each into the oldest that it is one with by then."""
    story_of = {story.story_id: story for story in stories}
    oldest: dict[str, str] = {}
    settled = []
    for score, one, other in sorted(merges, key=lambda merge: (-merge[0], merge[1:])):
        pair = {follow(one, oldest), follow(other, oldest)}
        if len(pair) == 2:
            older, younger = sorted(pair, key=lambda story_id: _story_age(story_of[story_id]))
            oldest[younger] = older
            settled.append((younger, older, score))
    return settled
