"""`doctor --stories`: the lake's stories told once more, from nothing, and held against its own.

A story is told by its articles alone, whatever the order in which they arrived. So what stands in
the lake must be what one run over all its articles would say: who stands with whom, within a
language and across. Ids may differ, as they tell who was there first; so may what claims no day,
which is looked for in the days around a run.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from lake.check import Finding
from lake.tables import Lake, snapshot
from pipeline.story_tasks import plan_retelling
from schemas.story_alias import STORY_ALIASES
from schemas.story_member import STORY_MEMBERS
from transforms.bind_stories import bind_languages
from transforms.stories.fold import Place
from transforms.stories.naming import follow
from transforms.stories.newest import standing_aliases
from transforms.stories.standing_rows import MERGED, Telling, places_of
from transforms.tell_stories import tell_language

_REMEDY = "report it; the rows of the article in `story_members` say which runs placed it"
_SHOWN = 20
Pair = tuple[str, str]


def check_stories(lake: Lake) -> list[Finding]:
    """Articles that stand with others than they would if all were told at once; 20 are named."""
    pinned = snapshot(lake)
    plan = plan_retelling(pinned)
    telling = Telling(pinned.sequence, "", dt.datetime.now(dt.UTC))
    told = {task.language: tell_language(task, lake.profiles, telling)[1] for task in plan.tasks}
    again = {one: place for standing in told.values() for one, place in standing.places.items()}
    merged = [(m.story_id, m.alias_of) for standing in told.values() for m in standing.mergers]
    bonds = bind_languages(plan.bind, told, lake.profiles, telling) if plan.tasks else ()
    stood = places_of(pinned.read(STORY_MEMBERS.name).to_pylist())
    aliases = standing_aliases(pinned.read(STORY_ALIASES.name).to_pylist())
    stood_merged = [_pair(row) for row in aliases if row["reason"] == MERGED]
    findings = list(
        _compare("of its language", _together(stood, stood_merged), _together(again, merged))
    )
    if not findings:
        tied = [*merged, *((bond.story_id, bond.alias_of) for bond in bonds)]
        stands = _together(stood, map(_pair, aliases))
        findings = list(_compare("of other languages", stands, _together(again, tied)))
    return findings[:_SHOWN]


def _pair(row: Mapping[str, str]) -> Pair:
    return row["story_id"], row["alias_of"]


def _compare(
    which: str, stands: Mapping[str, frozenset[str]], would: Mapping[str, frozenset[str]]
) -> Iterator[Finding]:
    for article in sorted(stands.keys() | would.keys()):
        ours, theirs = stands.get(article, frozenset()), would.get(article, frozenset())
        if ours != theirs:
            other = min(ours ^ theirs)
            what = "stands with" if other in ours else "does not stand with"
            message = f"{article} {what} {other} {which}; told again it would be otherwise"
            yield Finding("stories", STORY_MEMBERS.name, message, _REMEDY)


def _together(places: Mapping[str, Place], pairs: Iterable[Pair]) -> Mapping[str, frozenset[str]]:
    """Of each article that claims a day those that stand in its story, by all names of this."""
    names: dict[str, str] = {}
    for one, other in pairs:
        younger, older = follow(one, names), follow(other, names)
        if younger != older:
            names[younger] = older
    groups: dict[str, set[str]] = defaultdict(set)
    for article, place in places.items():
        if place.day is not None:
            groups[follow(place.story_id, names)].add(article)
    return {one: frozenset(mine) for mine in groups.values() for one in mine}
