"""When a page that could not be fetched is asked again."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest

from transforms.feeds.health import (
    FeedHealth,
    after_entries,
    has_page_due,
    is_same_body,
    request_of,
)
from transforms.feeds.hints import FeedHints
from transforms.feeds.interval import Bounds
from transforms.feeds.pages import MAX_FAILURES, after_failure, held_until, may_pass
from transforms.feeds.survey import Entry, FeedSurvey
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Response

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
BOUNDS = Bounds(60, 86_400)


def failed(reason: str = "http_status", **values: Any) -> FetchFailed:
    return FetchFailed(reason, "it failed", **values)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 530])
def test_what_may_pass(status: int) -> None:
    assert may_pass(failed(status=status))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 501, 505])
def test_what_does_not(status: int) -> None:
    assert not may_pass(failed(status=status))
    assert not may_pass(failed("robots_denied"))


def test_each_wait_is_twice_as_long_until_the_page_is_given_up() -> None:
    now, failures, waits = NOON, 0.0, []
    while (turn := after_failure(failures, now, 0)) is not None:
        failures, due = turn
        waits.append(due - now.timestamp())
        now = dt.datetime.fromtimestamp(due, dt.UTC)
    assert waits == [300.0 * 2**n for n in range(MAX_FAILURES - 1)]
    assert 8 * HOUR < now - NOON < 12 * HOUR


def test_a_host_is_held_as_long_as_it_says() -> None:
    assert held_until(failed(status=429, retry_after="7200"), NOON, 0) == NOON + 2 * HOUR
    assert held_until(failed(status=404, retry_after="7200"), NOON, 0) == NOON + 2 * HOUR
    later = held_until(failed(status=503), NOON, 0.5)
    assert later is not None
    assert NOON < later < NOON + HOUR
    assert held_until(failed(status=500), NOON, 0) is None


def surveyed(pages: dict[str, tuple[float, float]]) -> FeedHealth:
    health = FeedHealth(
        url="https://harbour-post.example/rss", etag='"1"', last_full=NOON, last_attempt=NOON,
        body_sha256=hashlib.sha256(b"").hexdigest(),
        arrivals=tuple(NOON.timestamp() - 3600 * n for n in range(5)),
    )  # fmt: skip
    survey = FeedSurvey(
        entries=(Entry("k", NOON - HOUR),), new=0, hints=FeedHints(), pages=pages,
        held_hosts={"harbour-post.example": NOON.timestamp() + 60.5},
    )  # fmt: skip
    return after_entries(health, survey, NOON, BOUNDS, 0.5)


def test_a_feed_is_due_when_its_first_page_is_and_asked_in_full() -> None:
    """Only the feed knows the entry, so a 304 would not do."""
    due = NOON + dt.timedelta(minutes=5)
    health = surveyed({"m": (1.0, due.timestamp()), "n": (0.0, due.timestamp() + 60)})
    assert health.next_due == due
    assert "2 pages" in health.why
    assert request_of(health, NOON + dt.timedelta(minutes=4)).etag == '"1"'
    assert request_of(health, due).etag is None
    assert has_page_due(health, due)
    same = Response(url=health.url, status=200, body=b"")
    assert is_same_body(health, same, NOON)
    assert not is_same_body(health, same, due)


def test_never_sooner_than_the_shortest_interval() -> None:
    assert surveyed({"m": (0.0, NOON.timestamp())}).next_due == NOON + dt.timedelta(minutes=1)


def test_it_is_remembered_as_written() -> None:
    health = surveyed({"m": (1.0, 17.5)})
    assert FeedHealth.from_json(health.url, health.to_json()) == health
    assert health.held_hosts == {"harbour-post.example": int(NOON.timestamp()) + 61}
    damaged = {**health.to_json(), "pages": {"m": 3}}
    assert FeedHealth.from_json(health.url, damaged) == FeedHealth(url=health.url)
