"""Which of the stories that were told again go by which of the names that stood.

An id is founded once: a story that was told again keeps the name that most of its members had; of a
story that fell apart, the part with most of its members keeps its name (DESIGN.md §4.7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from schemas.ids import hash_id


def follow(name: str, aliases: Mapping[str, str]) -> str:
    """The name that an alias leads to in the end; where aliases go round, one of the round."""
    seen: set[str] = set()
    while name in aliases and name not in seen:
        seen.add(name)
        name = aliases[name]
    return name


def name_stories(
    told: Mapping[str, str],
    stood: Mapping[str, str],
    *,
    given: Collection[str],
    used: Collection[str],
    minted: Mapping[str, str],
) -> Mapping[str, str]:
    """Story as told to its name; both mappings are of articles to stories.

    Stories in `given` have their names. Names in `used` belong to articles that were not told
    again: who shares members with them may still have them; nobody else. `minted`: the ids that
    stories without a name get.
    """
    shared = Counter(
        (story, stood[article])
        for article, story in told.items()
        if article in stood and story not in given and stood[article] not in given
    )
    names: dict[str, str] = {}
    taken: set[str] = set()
    for story, name in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if story not in names and name not in taken:
            names[story] = name
            taken.add(name)
    taken |= {*given, *used}
    for story in sorted({*told.values()} - {*names} - {*given}):
        name = minted[story]
        while name in taken:
            name = hash_id("story", minted[story], name)
        names[story] = name
        taken.add(name)
    return names
