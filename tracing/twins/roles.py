"""What part an article has in a story, in words that a program can look for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tracing.story_model import Story


def roles_of(story: Story) -> Mapping[str, tuple[str, ...]]:
    """By article: `first_claimed`, `first_seen`, `first_in_language`, `missing_credit`,
    `has_corrected`, `has_killed`; an article without a part is not in it.
    """
    roles: dict[str, list[str]] = defaultdict(list)
    for role, first in (("first_claimed", story.first_claimed), ("first_seen", story.first_seen)):
        if first is not None and (role == "first_claimed" or first.hours != 0):
            roles[first.article_id].append(role)
    for arrival in story.languages:
        if arrival.article_id is not None:
            roles[arrival.article_id].append("first_in_language")
    for missing in story.missing_credit:
        roles[missing.article_id].append("missing_credit")
    for line in story.lines:
        roles[line.article_id] += sorted({f"has_{one.what}" for one in line.unreached})
    return {article: tuple(dict.fromkeys(mine)) for article, mine in roles.items() if mine}
