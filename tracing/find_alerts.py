"""What changed in stories since a run: who joined, what became one, what was taken back.

A story is what `members_now` calls one, over all languages. Compared is where articles stood after
the run's rows and where they stand now; what happened in between and was undone is not told. Work
follows the stories that later runs touched (`tracing/members_at.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lake.current import family_of
from lake.tables import Snapshot
from lake.where import is_any
from tracing.alert import KINDS, Alert
from tracing.changes import find_changes
from tracing.compared import compare_stories
from tracing.members_at import (
    MembersAt,
    parts_changed,
    parts_of_articles,
    read_aliases,
    read_members_at,
)
from tracing.notices import Notice, read_notices
from tracing.since import Since
from tracing.story_rows import NoSuchStory
from tracing.taken_back import find_taken_back
from transforms.stories.connected import connected


@dataclass(frozen=True, slots=True)
class Found:
    """The alerts by kind, run and story; `left_out` articles would be in one but for an embargo."""

    alerts: tuple[Alert, ...] = ()
    left_out: int = 0


def find_alerts(
    pinned: Snapshot, since: Since, story_ids: Collection[str], unseen: frozenset[str]
) -> Found:
    """What changed in these stories, or in all if none is named, in the runs after `since`.

    Articles that are `unseen` make no alert and count in none.

    Raises:
        NoSuchStory: no article ever stood in a story of that id.
    """
    asked = _known(pinned, story_ids)
    if not since.later:
        return Found()
    notices = read_notices(pinned, since.later.values())
    aliases = read_aliases(pinned)
    told = family_of(pinned, {one.article_id for one in notices})
    touched = parts_changed(pinned, since.sequence) | parts_of_articles(pinned, told)
    parts = connected(aliases, touched)
    if not parts:
        return Found()
    before, now = read_members_at(pinned, aliases, parts, since.sequence)
    stories = compare_stories(pinned, since, before, now, aliases, unseen)
    alerts = [*find_changes(stories), *find_taken_back(pinned, stories, notices, unseen)]
    left_out = _left_out(since, before, now, notices, unseen)
    if story_ids:
        # Chosen at the end: an article that comes from another story has to be known there.
        wanted = {now.stories[part] for part in asked if part in now.stories}
        alerts = [one for one in alerts if {one.story_id, one.from_story_id} & wanted]
        left_out = {one: story_id for one, story_id in left_out.items() if story_id in wanted}
    return Found(tuple(sorted(alerts, key=_order)), len(left_out))


def _known(pinned: Snapshot, story_ids: Collection[str]) -> set[str]:
    if not story_ids:
        return set()
    asked = {one.encode("utf-8", "replace").decode() for one in story_ids}
    mine = is_any("story_id", asked)
    known = set(pinned.read("story_members", ["story_id"], mine)["story_id"].to_pylist())
    for one in sorted(asked - known):
        raise NoSuchStory(f"no story {one[:200]!r} in {pinned.lake.root}")
    return known


def _left_out(
    since: Since,
    before: MembersAt,
    now: MembersAt,
    notices: Collection[Notice],
    unseen: frozenset[str],
) -> dict[str, str]:
    """Articles under embargo that came to a story, or that a notice is about; and that story."""
    told = {one.article_id for one in notices}
    return {
        one: now.stories[member.part_id]
        for one, member in {**before.members, **now.members}.items()
        if one in unseen and (one in told or member.sequence > since.sequence)
    }


def _order(one: Alert) -> tuple[int, int, str, str, str]:
    return (
        KINDS.index(one.kind),
        one.sequence,
        one.story_id,
        one.article_id,
        one.from_story_id or "",
    )
