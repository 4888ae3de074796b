"""When a page that could not be fetched is asked again: pure, the clock and chance are arguments.

What a host says of itself (busy, come back later, no robots.txt to be had) holds for all its pages;
what only this page met holds for the page, each time twice as long, and at last for good.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from transforms.feeds.retry_after import read_retry_after
from transforms.fetch.failure import FetchFailed

# Together about ten hours, by which time most feeds show the entry no more.
MAX_FAILURES: Final = 8
_FIRST_WAIT: Final = 300.0
_HELD: Final = dt.timedelta(minutes=15)
# A host that fails so often in a row is down, and its other pages need not find out.
DOWN_AFTER: Final = 3
_BUSY: Final = (429, 503)
# Also 520 to 530, which say that what stands before a host cannot reach it. Not what it never does.
_MAY_PASS: Final = frozenset((408, 425, 429, *range(500, 600))) - {501, 505}
_REASONS: Final = frozenset(
    ("dns_failed", "connect_failed", "tls_failed", "too_slow", "truncated", "bad_response",
     "robots_unreachable")
)  # fmt: skip

Waiting = tuple[float, float]
"""Failures so far, and when the page may be asked again, in seconds since 1970."""


def may_pass(failure: FetchFailed) -> bool:
    """Is it worth asking this page again?"""
    return failure.status in _MAY_PASS or failure.reason in _REASONS


def held_until(failure: FetchFailed, now: dt.datetime, chance: float) -> dt.datetime | None:
    """Until when none of the host's pages may be asked; None where they may."""
    named = read_retry_after(failure.retry_after, now)
    if named is not None:
        return named + dt.timedelta(seconds=30 * chance)
    if failure.status in _BUSY or failure.reason == "robots_unreachable":
        return down_until(now, chance)
    return None


def down_until(now: dt.datetime, chance: float) -> dt.datetime:
    """Until when a host is left alone that does not say; also after `DOWN_AFTER` failures."""
    return now + _HELD * (1 + 0.2 * chance)


def after_failure(failures: float, now: dt.datetime, chance: float) -> Waiting | None:
    """The page's next turn after one more failure; None if it is given up."""
    if failures + 1 >= MAX_FAILURES:
        return None
    seconds = _FIRST_WAIT * 2.0**failures * (1 + 0.2 * chance)
    return failures + 1, now.timestamp() + seconds
