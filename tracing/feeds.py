"""The lake's feeds: the user's list, what is remembered of each, and how its polling goes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lake.feeds import list_path, read_feed_list, read_health
from lake.tables import Lake
from tracing.coverage_model import POLLED, Day, Failure, FeedCoverage
from tracing.silence import find_rhythm
from transforms.feeds.feed_list import Feed, FeedList, read_toml
from transforms.feeds.health import FeedHealth
from transforms.urls import redact_url

Row = Mapping[str, Any]
# How a ledger's reason begins where a feed could not be read.
_UNREAD = "read:"


def listed_feeds(lake: Lake) -> FeedList:
    """The lake's list; empty where it has none.

    Raises:
        BadFeedList: the file was edited into something that cannot be used.
    """
    return read_toml(read_feed_list(lake), str(list_path(lake)))


def known_health(lake: Lake, committed: int) -> dict[str, FeedHealth]:
    """What is remembered of every feed as of the newest committed run."""
    return {
        url: FeedHealth.from_json(url, value) for url, value in read_health(lake, committed).items()
    }


def pair_feeds(
    listed: FeedList, health: Mapping[str, FeedHealth]
) -> list[tuple[str, Feed | None, FeedHealth | None]]:
    """Each feed of the list and each other one that was polled: its address and what is known."""
    feeds = {feed.url: feed for feed in listed.feeds}
    return [
        (url, feeds.get(url), health.get(url)) for url in dict.fromkeys((*feeds, *sorted(health)))
    ]


def cover_feeds(
    listed: FeedList, health: Mapping[str, FeedHealth], runs: Sequence[Row], days: Sequence[Day]
) -> tuple[FeedCoverage, ...]:
    """How each feed did on some days, by the ledgers of `runs` (rows of the table)."""
    taken: Counter[tuple[str, dt.date]] = Counter()
    failed: Counter[tuple[str, dt.date]] = Counter()
    for run in runs:
        for count in run["counts"]:
            at = count["source"], run["started"].date()
            if count["outcome"] == "new":
                taken[at] += count["items"]
            elif count["outcome"] == "rejected" and (count["reason"] or "").startswith(_UNREAD):
                failed[at] += count["items"]
    found = [
        _cover(redact_url(url), feed, known or FeedHealth(url=url), taken, failed, days)
        for url, feed, known in pair_feeds(listed, health)
    ]
    return tuple(sorted(found, key=lambda one: (POLLED.index(one.state), one.url)))


def _cover(
    source: str,
    feed: Feed | None,
    health: FeedHealth,
    taken: Mapping[tuple[str, dt.date], int],
    failed: Mapping[tuple[str, dt.date], int],
    days: Sequence[Day],
) -> FeedCoverage:
    looked = [day.day for day in days if day.runs]
    if health.retired:
        state = "retired"
    elif health.last_attempt is None:
        state = "never asked"
    elif health.failing_since:
        state = "failing"
    else:
        state = find_rhythm(looked, [taken[source, day] for day in looked]).state
    return FeedCoverage(
        url=source,
        title=feed.title if feed else None,
        outlet=feed.outlet if feed else None,
        is_listed=feed is not None,
        state=state,
        counts=tuple(taken[source, day.day] for day in days),
        failed=tuple(failed[source, day.day] for day in days),
        last_attempt=health.last_attempt,
        last_success=health.last_success,
        last_new_item=health.last_new_item,
        next_due=health.next_due if health.last_attempt else None,
        failing_since=health.failing_since,
        failures=tuple(Failure(kind, times) for kind, times in sorted(health.failures.items())),
        possible_gaps=health.possible_gaps,
        why=health.why,
    )
