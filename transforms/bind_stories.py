"""Stories across languages: which of those that the languages told by themselves are one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apache_beam as beam

from lake.where import is_any
from schemas.story_alias import Sign, StoryAlias
from transforms.profile_articles import ProfilesFile, ProfileShelf
from transforms.stories.across import Tie
from transforms.stories.bind import Bond, Whole, bind
from transforms.stories.connected import connected
from transforms.stories.evidence import Evidence
from transforms.stories.fold import Standing
from transforms.stories.newest import standing_aliases
from transforms.stories.profile import Profile
from transforms.stories.standing_rows import (
    TRANSLATED,
    Telling,
    alias_row,
    mergers_of,
)
from transforms.tell_stories import (
    UNDATED_KEPT,
    StoryFiles,
    read_places,
    read_rows,
    read_table,
)


@dataclass(frozen=True, slots=True)
class BindTask:
    """The files of all languages, from a window before the first new day on.

    `likely`, `hidden`: as in `LanguageTask`.
    """

    files: tuple[ProfilesFile, ...]
    stood: StoryFiles
    likely: frozenset[dt.date]
    hidden: frozenset[str]


def bind_languages(
    task: BindTask, told: Mapping[str, Standing], folder: Path, telling: Telling
) -> Iterator[StoryAlias]:
    """Rows for what changes of the bonds; `told`: what stands now where something was new."""
    days = {file.date for file in task.files}
    first = min(file.date for file in task.files if file.is_new)
    places = read_places(task.stood, None, days)
    others = {one: place for one, place in places.items() if place.language not in told}
    here = others | {one: p for standing in told.values() for one, p in standing.places.items()}
    mergers = [m for standing in told.values() for m in standing.mergers]
    stories = {place.story_id for place in (*places.values(), *here.values())}
    stories |= {end for merger in mergers for end in (merger.story_id, merger.alias_of)}
    aliases = standing_aliases(_read_aliases(task.stood.aliases, stories))
    before = [_bond(row) for row in aliases if row["reason"] == TRANSLATED]
    mergers += mergers_of(aliases, {place.story_id for place in others.values()})
    shelves = _shelves(task, folder)
    moved = [p.day or p.date for one, p in here.items() if places.get(one) != p]
    since = telling.at.date() - UNDATED_KEPT
    undated = [one for shelf in shelves for one in shelf.undated(since)]

    def load(day: dt.date) -> list[Profile]:
        return [one for shelf in shelves for one in shelf.dated(day)]

    after = bind(
        sorted(days),
        first,
        max([first, *moved]),
        load,
        Whole(here, mergers, before),
        undated,
        [one.article_id for one in undated if one.article_id not in places],
        task.likely,
    )
    yield from bond_rows(before, after, telling)


def _read_aliases(paths: Sequence[str], stories: Collection[str]) -> list[dict[str, Any]]:
    """What was said of these stories, and of those that it leads to: of a lake's, few."""
    ends = read_table(paths, columns=["story_id", "alias_of"])
    if ends is None:
        return []
    family = connected(ends, stories)
    return read_rows(paths, is_any("story_id", family) | is_any("alias_of", family))


def bond_rows(
    before: Iterable[Bond], after: Iterable[Bond], telling: Telling
) -> Iterator[StoryAlias]:
    """Rows for what has changed of which stories of different languages are one, or since when."""
    old = {(bond.story_id, bond.alias_of): bond for bond in before}
    new = {(bond.story_id, bond.alias_of): bond for bond in after}
    for pair, bond in sorted(old.items()):
        if pair not in new:
            yield replace(_row(bond, telling), withdrawn=True)
    for pair, bond in sorted(new.items()):
        if pair not in old or old[pair].day != bond.day:
            yield _row(bond, telling)


def _row(bond: Bond, telling: Telling) -> StoryAlias:
    signs = [Sign(one.kind, one.what, one.weight) for one in bond.tie.evidence]
    pair = bond.story_id, bond.alias_of
    return alias_row(pair, bond.languages, TRANSLATED, bond.tie.score, signs, bond.day, telling)


def _bond(row: Mapping[str, Any]) -> Bond:
    evidence = tuple(Evidence(**sign) for sign in row["evidence"])
    languages = row["language"], row["alias_language"]
    return Bond(
        row["story_id"], row["alias_of"], languages, row["day"], Tie(row["score"], evidence)
    )


def _shelves(task: BindTask, folder: Path) -> list[ProfileShelf]:
    by_language: dict[str, list[ProfilesFile]] = defaultdict(list)
    for file in task.files:
        by_language[file.language].append(file)
    return [ProfileShelf(files, folder, task.hidden) for _, files in sorted(by_language.items())]


class _Bind(beam.DoFn):
    def __init__(self, folder: str, telling: Telling) -> None:
        self.folder, self.telling = Path(folder), telling

    def process(
        self, task: BindTask, told: Sequence[tuple[str, Standing]]
    ) -> Iterator[tuple[str, StoryAlias]]:
        for row in bind_languages(task, dict(told), self.folder, self.telling):
            yield "story_aliases", row


@dataclass
class BindStories(beam.PTransform):
    """(language, `Standing`) pairs of what was told to (table name, row) pairs of aliases."""

    task: BindTask
    folder: str
    telling: Telling

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, told: beam.PCollection) -> beam.PCollection:
        """Bind all languages at once: the side input waits until each was told."""
        return (
            told.pipeline
            | "Whole" >> beam.Create([self.task])
            | "Bind" >> beam.ParDo(_Bind(self.folder, self.telling), beam.pvalue.AsList(told))
        )
