"""Which rows of `story_members` and `story_aliases` hold: the newest, as in lake/views.sql."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def standing_members(members: Iterable[Row]) -> list[Row]:
    """The joins that hold: of an article's rows those of its newest run (`places_now`)."""
    newest: dict[str, int] = {}
    rows = list(members)
    for row in rows:
        newest[row["article_id"]] = max(row["sequence"], newest.get(row["article_id"], 0))
    return [
        row for row in rows if row["op"] == "join" and row["sequence"] == newest[row["article_id"]]
    ]


def standing_aliases(aliases: Iterable[Row]) -> list[Row]:
    """Of each pair the newest row, if it is not withdrawn (`story_aliases_now`), in order."""
    newest: dict[tuple[str, str, str], Row] = {}
    for row in aliases:
        pair = (row["story_id"], row["alias_of"], row["reason"])
        if pair not in newest or newest[pair]["sequence"] < row["sequence"]:
            newest[pair] = row
    return [row for _, row in sorted(newest.items()) if not row["withdrawn"]]
