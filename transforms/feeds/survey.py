"""What a poll found in a feed, once the run has staged and decided it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.feeds.hints import FeedHints
from transforms.feeds.pages import Waiting


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed: a hash of its identity, the date it claims, a hash of all it shows."""

    key: str
    published: dt.datetime | None
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSurvey:
    """The entries, how many were new to the lake, and what feed and answer say of their rhythm.

    `max_age` in seconds; `seen_on` is the UTC day of the run; `pages` and `held_hosts` as in
    `FeedHealth`.
    """

    entries: tuple[Entry, ...]
    new: int
    hints: FeedHints
    max_age: int | None = None
    seen_on: dt.date | None = None
    pages: Mapping[str, Waiting] = field(default_factory=dict)
    held_hosts: Mapping[str, float] = field(default_factory=dict)
