"""What is known of silence: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

# How a day was looked at: a run took place on it or the day after; none did, but articles of the
# day came later; or nothing of it is known, and nobody's silence on it says anything.
LOOKED = ("run", "later", "not looked")
# What is said of an outlet or a feed now.
STATES = ("silent", "usual", "not known")
# What is said of a feed, first what somebody may have to act on.
POLLED = ("failing", "silent", "retired", "never asked", "not known", "usual")


@dataclass(frozen=True, slots=True)
class Day:
    """A day in UTC: how many runs began on it, how many articles of any outlet are dated it.

    `looked` is one of `LOOKED`.
    """

    day: dt.date
    runs: int
    articles: int
    looked: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Days without an article, ends included, longer than is usual.

    `days` are those of them that were looked at. `is_now`: it lasts until the end of the time that
    is told of.
    """

    first: dt.date
    last: dt.date
    days: int
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCoverage:
    """What of an outlet is in the lake, by day: `counts` has an item for each of `Coverage.days`.

    `articles` are all of these days, `last` is the newest of them with one. `last_seen`: when one
    of its articles was last delivered, new or not; None if not in these days. `usual_pause` is in
    days, 1 for every day; None, and `state`, one of `STATES`, not known, where too few days have an
    article.
    """

    outlet: str
    outlet_name: str | None
    counts: tuple[int, ...]
    articles: int
    last: dt.date | None
    last_seen: dt.datetime | None
    usual_pause: int | None
    state: str
    silences: tuple[Silence, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """How often a feed failed in one way (`http_404`, `timeout`), ever."""

    kind: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCoverage:
    """A feed of the list, or one that was polled, and how that goes; `url` without secrets.

    `state` is one of `POLLED`. `counts`: new articles that runs of a day took from it, `failed`:
    times that it could not be read, for each of `Coverage.days`. `failures` are all ever. `why`
    says why `next_due` is what it is.
    """

    url: str
    title: str | None
    outlet: str | None
    is_listed: bool
    state: str
    counts: tuple[int, ...]
    failed: tuple[int, ...]
    last_attempt: dt.datetime | None
    last_success: dt.datetime | None
    last_new_item: dt.datetime | None
    next_due: dt.datetime | None
    failing_since: dt.datetime | None
    failures: tuple[Failure, ...]
    possible_gaps: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who was silent when, as of a run; absence here is not absence in the world.

    `days` are in order, and end with the newest run's where news come in day by day (`is_live`),
    else with the newest article's: an archive. `outlets`: who is silent now first, then by
    articles; `more_outlets` have fewer articles than those and are not told of.
    """

    sequence: int
    is_live: bool
    days: tuple[Day, ...]
    outlets: tuple[OutletCoverage, ...]
    more_outlets: int
    feeds: tuple[FeedCoverage, ...]
    missing: tuple[str, ...]
