"""Which stories rows of `story_aliases` lead to, whatever they say of them."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc


def connected(aliases: pa.Table, stories: Collection[str]) -> frozenset[str]:
    """These stories and those that ever were one with them, step by step.

    Of `aliases`, `story_id` and `alias_of` are looked at.
    """
    found, fresh = set(stories), set(stories)
    while fresh:
        near = touching(aliases, fresh)
        fresh = {*near["story_id"].to_pylist(), *near["alias_of"].to_pylist()} - found
        found |= fresh
    return frozenset(found)


def touching(aliases: pa.Table, stories: Collection[str]) -> pa.Table:
    """The rows that have one of these stories at an end."""
    asked = pa.array(sorted(stories), pa.string())
    return aliases.filter(
        pc.or_(pc.is_in(aliases["story_id"], asked), pc.is_in(aliases["alias_of"], asked))
    )
