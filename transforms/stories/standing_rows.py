"""What earlier runs told, from rows of the tables; and what a run changes of it, as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.story_alias import Sign, StoryAlias
from schemas.story_member import StoryMember
from transforms.stories.fold import Merger, Place
from transforms.stories.newest import Row, standing_members

MERGED, TRANSLATED = "merged", "translated"


@dataclass(frozen=True, slots=True)
class Telling:
    """The run that tells: as its rows say it."""

    sequence: int
    run_id: str
    at: dt.datetime

    @property
    def month(self) -> str:
        """The partition of `story_aliases`."""
        return f"{self.at:%Y-%m}"


def places_of(members: Iterable[Row]) -> dict[str, Place]:
    """Where articles stand by rows of `story_members`: the newest rows of each hold."""
    return {
        row["article_id"]: Place(
            row["article_id"],
            row["story_id"],
            row["language"],
            row["day"],
            row["date"],
            row["score"],
            row["reason"],
        )
        for row in standing_members(members)
    }


def mergers_of(aliases: Iterable[Row], stories: Collection[str]) -> tuple[Merger, ...]:
    """Those of standing rows of `story_aliases` that merged one of these stories, step by step."""
    merged = [row for row in aliases if row["reason"] == MERGED]
    family = set(stories)
    while True:
        found = [row for row in merged if row["story_id"] in family or row["alias_of"] in family]
        more = {one for row in found for one in (row["story_id"], row["alias_of"])} - family
        if not more:
            return tuple(
                Merger(row["story_id"], row["alias_of"], row["day"], row["score"]) for row in found
            )
        family |= more


def member_rows(
    before: Mapping[str, Place], after: Mapping[str, Place], telling: Telling
) -> Iterator[StoryMember]:
    """Rows for what has changed of where articles stand."""
    for article_id in sorted(before.keys() | after.keys()):
        old, new = before.get(article_id), after.get(article_id)
        if old is not None and new is not None and _seat(old) == _seat(new):
            continue
        if old is not None:
            yield _member(old, "leave", "gone" if new is None else "moved", telling)
        if new is not None:
            yield _member(new, "join", new.reason, telling)


def _seat(place: Place) -> tuple[str, dt.date | None, dt.date]:
    return place.story_id, place.day, place.date


def _member(place: Place, op: str, reason: str, telling: Telling) -> StoryMember:
    return StoryMember(
        story_id=place.story_id,
        article_id=place.article_id,
        op=op,
        joined_at=telling.at,
        score=place.score,
        reason=reason,
        language=place.language,
        day=place.day,
        sequence=telling.sequence,
        run_id=telling.run_id,
        date=place.date,
    )


def merger_rows(
    before: Sequence[Merger], after: Sequence[Merger], language: str, telling: Telling
) -> Iterator[StoryAlias]:
    """Rows for what has changed of which stories of a language were merged, or since when."""
    both = language, language
    old = {(one.story_id, one.alias_of): one for one in before}
    new = {(one.story_id, one.alias_of): one for one in after}
    for pair, merger in sorted(old.items()):
        if pair not in new:
            yield alias_row(
                pair, both, MERGED, merger.score, (), merger.day, telling, withdrawn=True
            )
    for pair, merger in sorted(new.items()):
        if pair not in old or old[pair].day != merger.day:
            yield alias_row(pair, both, MERGED, merger.score, (), merger.day, telling)


def alias_row(
    pair: tuple[str, str],
    languages: tuple[str, str],
    reason: str,
    score: float,
    evidence: Sequence[Sign],
    day: dt.date | None,
    telling: Telling,
    *,
    withdrawn: bool = False,
) -> StoryAlias:
    """A row of `story_aliases`; the younger story, and its language, first."""
    return StoryAlias(
        story_id=pair[0],
        alias_of=pair[1],
        language=languages[0],
        alias_language=languages[1],
        reason=reason,
        score=score,
        evidence=tuple(evidence),
        day=day,
        withdrawn=withdrawn,
        as_of=telling.at,
        sequence=telling.sequence,
        run_id=telling.run_id,
        month=telling.month,
    )
