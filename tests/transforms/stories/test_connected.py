"""Stories that were ever one, step by step, in both directions."""

from __future__ import annotations

import pyarrow as pa

from transforms.stories.connected import connected

ALIASES = pa.table(
    {"story_id": ["b", "d", "c", "y"], "alias_of": ["a", "c", "b", "x"]},
    schema=pa.schema([("story_id", pa.string()), ("alias_of", pa.string())]),
)


def test_rows_are_followed_both_ways_and_to_the_end() -> None:
    assert connected(ALIASES, {"c"}) == {"a", "b", "c", "d"}


def test_what_no_row_has_is_alone() -> None:
    assert connected(ALIASES, {"z"}) == {"z"}
    assert connected(ALIASES, set()) == set()
