"""What changed in stories between a run and now: who came, what became one, who moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from tracing.alert import Alert
from tracing.compared import Compared, Row
from tracing.members_at import MemberAt

# A story that one outlet alone tells is news of that outlet, not of a story.
_LEAST_OUTLETS = 2


def find_changes(stories: Compared) -> Iterator[Alert]:
    """Of each story that has articles now: what it is new to, and what came to it."""
    were: dict[str, list[MemberAt]] = defaultdict(list)
    for member in stories.before.values():
        were[stories.stories[member.part_id]].append(member)
    are: dict[str, list[MemberAt]] = defaultdict(list)
    for member in stories.now.values():
        are[member.story_id].append(member)
    for story_id in sorted(are):
        mine = sorted(are[story_id], key=stories.age)
        if story_id in were:
            yield from _newcomers(stories, mine, were[story_id])
            yield from _merged(stories, story_id, were[story_id])
        elif len(stories.outlets[story_id]) >= _LEAST_OUTLETS:
            yield stories.alert("new_story", mine[0], max(one.sequence for one in mine))
        yield from _moved(stories, mine)


def _newcomers(
    stories: Compared, mine: Sequence[MemberAt], were: Collection[MemberAt]
) -> Iterator[Alert]:
    """The first article of each outlet, and of each language, that the story did not have."""
    outlets = {stories.articles[one.article_id]["outlet"] for one in were}
    languages = {one.language for one in were}
    for member in mine:
        if member.article_id in stories.before:
            continue
        outlet = stories.articles[member.article_id]["outlet"]
        if outlet not in outlets:
            outlets.add(outlet)
            yield stories.alert("new_outlet", member, member.sequence)
        if member.language not in languages:
            languages.add(member.language)
            yield stories.alert("new_language", member, member.sequence)


def _merged(stories: Compared, story_id: str, were: Collection[MemberAt]) -> Iterator[Alert]:
    """The stories that are this one now, but for the one whose name it has."""
    wholes: dict[str, list[MemberAt]] = defaultdict(list)
    for member in were:
        wholes[member.story_id].append(member)
    kept = min(wholes, key=lambda whole: (whole != story_id, -len(wholes[whole]), whole))
    for whole in sorted(wholes.keys() - {kept}):
        theirs = wholes[whole]
        said = _alias_of(stories, {one.part_id for one in theirs}, story_id)
        if said is not None:
            yield stories.alert(
                "merged", min(theirs, key=stories.age), said["sequence"], story_id=story_id,
                from_story_id=whole, reason=said["reason"],
            )  # fmt: skip


def _alias_of(stories: Compared, parts: Collection[str], story_id: str) -> Row | None:
    """What later runs said that made these parts one with others: the newest of it."""
    mine = [row for row in stories.aliases if stories.stories.get(row["story_id"]) == story_id]
    near = [row for row in mine if row["story_id"] in parts or row["alias_of"] in parts] or mine
    near.sort(key=lambda row: (row["sequence"], row["story_id"], row["alias_of"]))
    return near[-1] if near else None


def _moved(stories: Compared, mine: Sequence[MemberAt]) -> Iterator[Alert]:
    """Articles that stood in another part, which does not belong to their story."""
    for member in mine:
        old = stories.before.get(member.article_id)
        left = member.story_id if old is None else stories.stories[old.part_id]
        if left != member.story_id:
            yield stories.alert(
                "moved", member, member.sequence, from_story_id=left, reason="moved"
            )
