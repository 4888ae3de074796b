"""What a poll found in a feed, once the run has staged and decided it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.feeds.hints import FeedHints


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed: a hash of its identity, and the date it claims."""

    key: str
    published: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSurvey:
    """The entries, how many were new to the lake, and what feed and answer say of their rhythm.

    `max_age` in seconds.
    """

    entries: tuple[Entry, ...]
    new: int
    hints: FeedHints
    max_age: int | None = None
