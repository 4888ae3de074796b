"""The lake's feeds: the list, changed under the lease, and what is remembered of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lake.commit import floor_at, newest_sequence
from lake.feeds import read_feed_list, write_feed_list, write_health
from lake.lease import acquire
from lake.tables import Lake, create_lake, open_lake, refuse_foreign
from tracing.feeds import known_health, listed_feeds, pair_feeds
from transforms.feeds.feed_list import Feed, FeedList, write_toml
from transforms.feeds.health import FeedHealth
from transforms.urls import redact_url


def read_feeds(root: Path) -> FeedList:
    """The lake's list; empty where it has none.

    Raises:
        BadFeedList: the file was edited into something that cannot be used.
        LakeNotFound: there is no lake.
    """
    return listed_feeds(open_lake(root))


def change_feeds(
    root: Path, change: Callable[[FeedList], FeedList], *, wait_seconds: float
) -> tuple[int, int]:
    """Rewrite the list under the lease; a lake is made where there is none.

    Returns the numbers of feeds before and after.

    Raises:
        LakeBusy: another writer still had the lease after `wait_seconds`.
        BadFeedList: see `read_feeds`; nothing was changed.
    """
    root = root.absolute()
    refuse_foreign(root)
    floor = floor_at(root)
    with acquire(root, wait_seconds=wait_seconds, command="feeds", floor=floor) as lease:
        lake = create_lake(lease.root)
        known = listed_feeds(lake)
        changed = change(known)
        if changed != known:
            write_feed_list(lake, write_toml(changed, read_feed_list(lake)))
    return len(known.feeds), len(changed.feeds)


def remember(lake: Lake, sequence: int, about: int, health: Mapping[str, FeedHealth]) -> None:
    """Keep it under the lease `sequence`; it counts once the run whose items it is `about` does."""
    values = {url: one.to_json() for url, one in health.items()}
    write_health(lake, sequence, about, values)


def describe_feeds(root: Path) -> list[dict[str, Any]]:
    """A row for each feed of the list and for each other one that was polled."""
    lake = open_lake(root)
    health = known_health(lake, newest_sequence(lake))
    return [_describe(*each) for each in pair_feeds(listed_feeds(lake), health)]


def _describe(url: str, feed: Feed | None, health: FeedHealth | None) -> dict[str, Any]:
    return {
        "feed": redact_url(url),
        "title": feed.title if feed else None,
        "outlet": feed.outlet if feed else None,
        "listed": feed is not None,
        "last_success": health and health.last_success,
        "last_new_item": health and health.last_new_item,
        "last_attempt": health and health.last_attempt,
        "next_due": health and health.next_due,
        "failures": dict(sorted(health.failures.items())) if health else {},
        "possible_gaps": health.possible_gaps if health else 0,
        "failing_since": health and health.failing_since,
        "retired": health and health.retired,
        "url_now": redact_url(health.url_now) if health and health.url_now else None,
        "why": health.why if health else "never asked yet",
    }
