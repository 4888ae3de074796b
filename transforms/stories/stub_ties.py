"""Stub until `link` comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from transforms.stories.across import Tie, tie
from transforms.stories.claims import Claims
from transforms.stories.profile import Profile


@dataclass(frozen=True, slots=True)
class Cluster:
    """Stub."""

    story_id: str
    language: str
    first: dt.datetime | None
    last: dt.datetime | None
    claims: Claims


def gather_claims(members: Sequence[Profile]) -> Claims:
    """Stub."""
    return members[0].claims


def tie_all(clusters: Sequence[Cluster], touched: Collection[str]) -> list[tuple[str, str, Tie]]:
    """Stub."""
    out = []
    for one in clusters:
        for other in clusters:
            if one.language < other.language and {one.story_id, other.story_id} & set(touched):
                found = tie(one.claims, other.claims, None)
                if found:
                    out.append((one.story_id, other.story_id, found))
    return sorted(out, key=lambda t: (-t[2].score, t[0], t[1]))
