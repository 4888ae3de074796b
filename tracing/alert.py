"""What an alert is: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

# In the order in which they are told: first what somebody may have to act on.
KINDS = (
    "kill", "withheld", "correction", "new_story", "new_language", "new_outlet", "merged", "moved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who still has a text that was killed or corrected: the article, and whose version it is."""

    article_id: str
    outlet: str
    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One change of a story, told by one article of it.

    `time` is what the article, or the message about it, claims; None if nothing. `run_id` is the
    run that changed it. `outlets`: how many the story has now. `from_story_id`: which story became
    part of this one, or was left for it; `reason` is then that of `story_aliases`, or moved.
    `is_embargo_open`: it is under an embargo that states no end.
    """

    kind: str
    story_id: str
    article_id: str
    version_id: str
    outlet: str
    language: str
    headline: str | None
    time: dt.datetime | None
    first_seen: dt.datetime
    sequence: int
    run_id: str
    outlets: int
    from_story_id: str | None = None
    reason: str | None = None
    still_carried_by: tuple[Carrier, ...] = ()
    embargoed: dt.datetime | None = None
    is_embargo_open: bool = False
