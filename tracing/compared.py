"""Stories as they stood at a run and as they stand now, with the articles that tell of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import family_of, versions_now
from lake.tables import Snapshot
from tracing.alert import Alert
from tracing.members_at import MemberAt, MembersAt
from tracing.since import Since

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """Members before and now by article, none that may not be seen; articles by their current id.

    `stories`: of each part the story that it belongs to now. `versions`: every version of the
    articles, as `versions_now` gives them. `ids`: what each id of an article leads to. `aliases`:
    the rows of later runs that made stories one. `outlets`: those of each story, now.
    """

    since: Since
    before: Mapping[str, MemberAt]
    now: Mapping[str, MemberAt]
    stories: Mapping[str, str]
    versions: Mapping[str, Row]
    articles: Mapping[str, Row]
    ids: Mapping[str, str]
    aliases: Sequence[Row]
    outlets: Mapping[str, Collection[str]]

    def age(self, member: MemberAt) -> tuple[dt.datetime, str]:
        """By what articles are ordered: the claimed time, else when it was first seen."""
        row = self.articles[member.article_id]
        return row["published"] or row["first_seen"], member.article_id

    def alert(self, kind: str, member: MemberAt, sequence: int, **more: Any) -> Alert:
        """What a member tells of its story; `more` are fields that are not as its article says."""
        row = self.articles[member.article_id]
        story_id = more.get("story_id", self.stories[member.part_id])
        fields = {
            "story_id": story_id, "version_id": row["version_id"], "time": row["published"],
            "outlets": len(self.outlets.get(story_id, ())),
        }  # fmt: skip
        return Alert(
            kind=kind,
            article_id=member.article_id,
            outlet=row["outlet"],
            language=row["language"],
            headline=row["headline"],
            first_seen=row["first_seen"],
            sequence=sequence,
            run_id=self.since.later[sequence],
            embargoed=row["effective_embargoed"],
            is_embargo_open=bool(row["is_embargo_open"]),
            **(fields | more),
        )


def compare_stories(
    pinned: Snapshot,
    since: Since,
    before: MembersAt,
    now: MembersAt,
    aliases: pa.Table,
    unseen: frozenset[str],
) -> Compared:
    """What `Compared` says, of the stories of two runs."""
    members = {one for one in {*before.members, *now.members} if one not in unseen}
    family = family_of(pinned, members)
    versions = versions_now(pinned, family)
    articles = {
        row["current_article_id"]: {**row, "version_id": version_id}
        for version_id, row in versions.items()
        if row["is_current"] and row["current_article_id"] in members
    }
    later = aliases.filter(pc.greater(aliases["sequence"], since.sequence)).to_pylist()
    known = {one: member for one, member in now.members.items() if one in articles}
    outlets: dict[str, set[str]] = defaultdict(set)
    for one, member in known.items():
        outlets[member.story_id].add(articles[one]["outlet"])
    return Compared(
        since=since,
        before={one: member for one, member in before.members.items() if one in articles},
        now=known,
        stories=now.stories,
        versions=versions,
        articles=articles,
        ids=_ids(pinned, family, versions),
        aliases=[row for row in later if not row["withdrawn"]],
        outlets=outlets,
    )


def _ids(pinned: Snapshot, family: Collection[str], versions: Mapping[str, Row]) -> dict[str, str]:
    """What each id leads to; one that no version has, but a message may, by its aliases."""
    ids = {row["article_id"]: row["current_article_id"] for row in versions.values()}
    for one in sorted(set(family) - ids.keys()):
        known = sorted(family_of(pinned, [one]) & ids.keys())
        ids |= {one: ids[known[0]]} if known else {}
    return ids
