"""Which articles stories had at a run and have now: of some stories, by the views over their rows.

Of stories as they are now alone, `story_rows.py` reads the days around their articles. Here the
rows of the stories that are asked for are looked up by id; of the others only the ids are
looked at, which is a scan of two columns and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lake.tables import Snapshot
from lake.views import connect_rows
from lake.where import is_any

_MEMBERS = """
    SELECT coalesce(current_article_id, places_now.article_id) AS article_id,
           min(story_id), min(part_id), min(places_now.language), min(last.sequence)
    FROM places_now
    JOIN story_parts USING (part_id)
    JOIN (SELECT article_id, max(sequence) AS sequence FROM story_members GROUP BY ALL) AS last
        ON last.article_id = places_now.article_id
    LEFT JOIN alias_ends ON alias_ends.article_id = places_now.article_id
    WHERE list_contains($parts, part_id)
    GROUP BY ALL
"""
_PARTS = "SELECT part_id, story_id FROM story_parts WHERE list_contains($parts, part_id)"
_LINK = ["story_id", "alias_of", "reason", "withdrawn", "sequence", "run_id"]


@dataclass(frozen=True, slots=True)
class MemberAt:
    """Where an article stands: its story, the part of one language, the run that put it there."""

    article_id: str
    story_id: str
    part_id: str
    language: str
    sequence: int


@dataclass(frozen=True, slots=True)
class MembersAt:
    """Members by article, and of every part the story that it belongs to, at one run."""

    members: Mapping[str, MemberAt]
    stories: Mapping[str, str]


def parts_changed(pinned: Snapshot, sequence: int) -> set[str]:
    """The parts that later runs say something of."""
    later = pc.field("sequence") > sequence
    members = pinned.read("story_members", ["story_id"], later)
    aliases = pinned.read("story_aliases", ["story_id", "alias_of"], later)
    columns = (members["story_id"], aliases["story_id"], aliases["alias_of"])
    return {one for column in columns for one in pc.unique(column).to_pylist()}


def parts_of_articles(pinned: Snapshot, article_ids: Collection[str]) -> set[str]:
    """The parts that articles ever stood in."""
    if not article_ids:
        return set()
    mine = is_any("article_id", article_ids)
    found = pinned.read("story_members", ["story_id"], mine)
    return set(found["story_id"].to_pylist())


def read_aliases(pinned: Snapshot) -> pa.Table:
    """What was ever said of which parts are one."""
    return pinned.read("story_aliases", _LINK)


def read_members_at(
    pinned: Snapshot, aliases: pa.Table, parts: frozenset[str], sequence: int
) -> tuple[MembersAt, MembersAt]:
    """These parts at a run and now; `parts` has all that were ever one with any of them.

    An article that has another id now goes by that one in both, so that it did not join.
    """
    # An article that left one part for another says so in a row of it.
    rows = pinned.read("story_members", where=is_any("story_id", parts))
    values = pa.array(sorted(parts), pa.string())
    mine = aliases.filter(pc.is_in(aliases["story_id"], values))
    renamed = pinned.read("article_aliases")
    then = pc.field("sequence") <= sequence
    before = _by_views(rows.filter(then), mine.filter(then), renamed, parts)
    return before, _by_views(rows, mine, renamed, parts)


def _by_views(
    members: pa.Table, aliases: pa.Table, renamed: pa.Table, parts: frozenset[str]
) -> MembersAt:
    rows = {"story_members": members, "story_aliases": aliases, "article_aliases": renamed}
    with connect_rows(rows, "members_now") as connection:
        asked = {"parts": sorted(parts)}
        found = [MemberAt(*row) for row in connection.execute(_MEMBERS, asked).fetchall()]
        stories = dict(connection.execute(_PARTS, asked).fetchall())
    return MembersAt({one.article_id: one for one in found}, stories)
