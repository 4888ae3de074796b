"""What is remembered of a feed, and when it is asked again."""

import datetime as dt
from dataclasses import fields, replace

import pytest

from transforms.feeds.health import (
    FeedHealth,
    after_entries,
    after_failure,
    after_response,
    has_gap,
    is_due,
    is_held,
    is_same_body,
    request_of,
    with_entries_of,
)
from transforms.feeds.hints import FeedHints
from transforms.feeds.interval import Bounds, find_gap, find_interval
from transforms.feeds.retry_after import read_retry_after
from transforms.feeds.survey import Entry, FeedSurvey
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Response

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
URL = "https://harbour-post.example/rss"
BOUNDS = Bounds()
HOUR = dt.timedelta(hours=1)


def ok(body=b"<rss/>", **said) -> Response:
    return Response(**{"url": URL, "status": 200, "body": body, **said})


def not_modified(**said) -> Response:
    return Response(url=URL, status=304, **said)


def entries(*hours_ago: float, now=NOON) -> tuple[Entry, ...]:
    return tuple(Entry(f"k{h}", now - h * HOUR) for h in hours_ago)


def survey(found, new, **hints) -> FeedSurvey:
    return FeedSurvey(entries=found, new=new, hints=FeedHints(**hints))


def polled(health, found, new, now=NOON, **hints):
    health = after_response(health, ok(repr(found).encode()), now, BOUNDS, 0.5)
    return after_entries(health, survey(found, new, **hints), now, BOUNDS, 0.5)


def waits(health) -> float:
    return (health.next_due - health.last_attempt).total_seconds()


def test_a_feed_never_asked_is_due_and_asked_in_full():
    fresh = FeedHealth(url=URL)
    assert is_due(fresh, NOON)
    request = request_of(fresh, NOON)
    assert (request.url, request.etag, request.last_modified) == (URL, None, None)


def test_validators_of_every_answer_are_sent_back():
    """Also those of a 304, which may bring newer ones; one that brings none leaves the old."""
    health = after_response(FeedHealth(url=URL), ok(etag='"1"'), NOON, BOUNDS, 0)
    assert request_of(health, NOON + HOUR).etag == '"1"'
    health = after_response(health, not_modified(last_modified="Mon"), NOON, BOUNDS, 0)
    request = request_of(health, NOON + HOUR)
    assert (request.etag, request.last_modified) == ('"1"', "Mon")
    health = after_response(health, not_modified(etag='"2"'), NOON, BOUNDS, 0)
    assert request_of(health, NOON + HOUR).etag == '"2"'


def test_a_200_without_validators_forgets_the_old_ones():
    health = after_response(FeedHealth(url=URL), ok(etag='"1"'), NOON, BOUNDS, 0)
    health = after_response(health, ok(b"<rss>2</rss>"), NOON, BOUNDS, 0)
    assert request_of(health, NOON).etag is None


def test_a_server_that_says_304_too_long_is_asked_in_full():
    """A feed with an item an hour says so for 6 hours at most; a quiet one for a day."""
    hourly = polled(FeedHealth(url=URL), entries(*range(10)), 10)
    hourly = replace(hourly, etag='"1"')
    assert request_of(hourly, NOON + 5 * HOUR).etag == '"1"'
    assert request_of(hourly, NOON + 24 * HOUR).etag is None
    later = after_response(hourly, not_modified(), NOON + 23 * HOUR, BOUNDS, 0)
    assert request_of(later, NOON + 24 * HOUR).etag is None, "a 304 is no full answer"


def test_the_same_bytes_are_not_read_again():
    health = after_response(FeedHealth(url=URL), ok(b"<rss>1</rss>"), NOON, BOUNDS, 0)
    assert is_same_body(health, ok(b"<rss>1</rss>"), NOON)
    assert is_same_body(health, not_modified(), NOON)
    assert not is_same_body(health, ok(b"<rss>2</rss>"), NOON)


def test_a_permanent_redirect_counts_once_it_has_held_for_a_day():
    moved = ok(permanent_url="https://new.example/rss")
    health = FeedHealth(url=URL)
    for hours in (0, 1, 2, 23):
        health = after_response(health, moved, NOON + hours * HOUR, BOUNDS, 0)
        assert health.url_now is None
    health = after_response(health, moved, NOON + 24 * HOUR, BOUNDS, 0)
    assert request_of(health, NOON).url == "https://new.example/rss"
    assert health.url == URL


def test_a_redirect_that_does_not_hold_is_forgotten():
    moved = ok(permanent_url="https://new.example/rss")
    health = after_response(FeedHealth(url=URL), moved, NOON, BOUNDS, 0)
    health = after_response(health, ok(), NOON + HOUR, BOUNDS, 0)
    for hours in (25, 26):
        health = after_response(health, moved, NOON + hours * HOUR, BOUNDS, 0)
    assert health.url_now is None


def test_a_new_address_that_goes_on_failing_is_given_up_for_the_old():
    health = FeedHealth(url=URL, url_now="https://new.example/rss")
    for n in range(5):
        assert request_of(health, NOON).url == "https://new.example/rss"
        failure = FetchFailed("dns_failed", "new.example: no such name")
        health = after_failure(health, failure, NOON + n * HOUR, BOUNDS, 0)
    assert request_of(health, NOON).url == URL


def test_failures_double_the_wait_and_then_it_grows_with_the_outage():
    """Asked as soon as it is due: an eighth of the outage is the most that is added to it."""
    health = polled(FeedHealth(url=URL), entries(*range(10)), 10)
    failure = FetchFailed("http_status", "answers 500", status=500)
    now, found = NOON, []
    while now < NOON + 480 * HOUR:
        health = after_failure(health, failure, now, BOUNDS, 0)
        found.append(waits(health))
        now = health.next_due
    assert found[:4] == [900, 1800, 3600, 3600]
    assert found[-1] == 86_400
    asked = 0.0
    for wait in found:
        assert wait <= max(3600, asked / 8 + 1)
        asked += wait
    assert len(found) < 60, "a host that is gone is not asked for ever so often"
    assert health.failures == {"http_500": len(found)}
    assert health.failing_since == NOON
    health = after_response(health, ok(), now, BOUNDS, 0)
    assert (health.failed_in_a_row, health.failing_since) == (0, None)
    assert health.failures == {"http_500": len(found)}, "what happened is not forgotten"


@pytest.mark.parametrize(
    ("header", "until"),
    [
        ("120", NOON + dt.timedelta(seconds=120)),
        ("Mon, 01 Jun 2026 18:00:00 GMT", NOON + 6 * HOUR),
    ],
)
def test_retry_after_is_obeyed_in_both_forms(header, until):
    failure = FetchFailed("http_status", "answers 429", status=429, retry_after=header)
    for chance in (0.0, 0.5, 0.999):
        health = after_failure(FeedHealth(url=URL), failure, NOON, BOUNDS, chance)
        assert health.next_due >= until
        assert is_held(health, until - dt.timedelta(seconds=1))
        assert not is_held(health, until)
        assert "Retry-After" in health.why


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0),
        ("9999999999", 30 * 86_400),
        ("Mon, 01 Jun 2026 11:00:00 GMT", 0),
        ("Mon, 01 Jun 2026 14:00:00 +0200", 0),
        ("Monday, 01-Jun-26 12:00:30 GMT", 30),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 30 * 86_400),
    ],
)
def test_reading_retry_after(header, seconds):
    expected = None if seconds is None else NOON + dt.timedelta(seconds=seconds)
    assert read_retry_after(header, NOON) == expected


def test_a_feed_that_is_gone_is_never_asked_again():
    failure = FetchFailed("http_status", "answers 410", status=410)
    health = after_failure(FeedHealth(url=URL), failure, NOON, BOUNDS, 0)
    assert health.retired
    assert not is_due(health, NOON + 10_000 * HOUR)
    assert is_held(health, NOON + 10_000 * HOUR)


def test_a_clock_that_was_set_back_does_not_silence_a_feed():
    health = after_response(FeedHealth(url=URL), ok(), NOON, BOUNDS, 0)
    assert not is_due(health, NOON + dt.timedelta(seconds=1))
    assert is_due(health, NOON - 24 * HOUR)


def test_a_livelier_feed_is_asked_more_often_by_the_square_root():
    hourly = polled(FeedHealth(url=URL), entries(*(1 + n for n in range(10))), 10)
    every_quarter = polled(FeedHealth(url=URL), entries(*((1 + n) / 4 for n in range(10))), 10)
    # sqrt(3600 s × 300 s), and half of it
    assert waits(hourly) == pytest.approx(1039, rel=0.01)
    assert waits(every_quarter) == pytest.approx(1039 / 2, rel=0.01)


def test_silence_makes_it_rarer_and_a_new_item_more_frequent():
    health = polled(FeedHealth(url=URL), entries(*range(1, 11)), 10)
    quiet = after_response(health, not_modified(), NOON + 30 * HOUR, BOUNDS, 0.5)
    assert waits(quiet) == pytest.approx(waits(health) * 2, rel=0.01)  # 40 h for 10 items
    busy = polled(quiet, entries(*[0.1] * 10, now=NOON + 30 * HOUR), 10, NOON + 30 * HOUR)
    assert waits(busy) < waits(health)


def test_back_dated_and_undated_items_set_no_false_rhythm():
    """Dates of the future count as now; the same item again counts for nothing."""
    future = (Entry("a", NOON + 1000 * HOUR), Entry("b", None))
    health = polled(FeedHealth(url=URL), future, 2)
    assert max(health.arrivals) <= NOON.timestamp()
    again = polled(health, future, 0, NOON + 10 * HOUR)
    assert again.arrivals == health.arrivals
    assert again.last_new_item == NOON


def test_wishes_of_a_feed_are_obeyed_up_to_an_hour():
    lively = entries(*(n / 60 for n in range(1, 11)))
    assert waits(polled(FeedHealth(url=URL), lively, 10, ttl=1800)) == pytest.approx(300)
    many = entries(*(n / 60 for n in range(1, 101)))
    assert waits(polled(FeedHealth(url=URL), many, 100, ttl=1800)) == pytest.approx(1800)
    assert waits(polled(FeedHealth(url=URL), many, 100, ttl=86_400)) <= 3600


def test_what_would_be_lost_goes_before_wishes():
    """Ten entries, one a minute: the newest is gone after 10 minutes, so 5 are waited."""
    assert find_interval(60, 10, [3600], Bounds()) == 300
    assert find_interval(60, 0, [3600], Bounds()) == 3600


def test_bounds_hold():
    assert find_interval(1, 1, [], Bounds(60, 600)) == 60
    assert find_interval(10**9, 10, [], Bounds(60, 600)) == 600
    assert find_interval(1, 1000, [], Bounds(5, 600)) > 5


def test_gap_without_a_rhythm_is_what_the_feed_says_or_an_hour():
    assert find_gap([], 0) == 3600
    assert find_gap([], 0, 86_400) == 86_400
    assert find_gap([0], 10_000) == 10_000


def test_a_possible_gap_is_when_nothing_known_is_left():
    health = polled(FeedHealth(url=URL), entries(3, 4, 5), 3)
    assert not has_gap(FeedHealth(url=URL), survey(entries(1, 2), 2))
    assert not has_gap(health, survey(entries(1, 2, 3), 2))
    assert has_gap(health, survey(entries(1, 2), 2))
    assert not has_gap(health, survey(entries(1, 2, 9), 3)), "it reaches back far enough"
    assert not has_gap(health, survey((), 0))
    assert polled(health, entries(1, 2), 2).possible_gaps == 1


def test_health_survives_json_and_damage():
    health = polled(FeedHealth(url=URL), entries(1, 2), 2, ttl=600)
    failed = after_failure(health, FetchFailed("too_slow", "slow"), NOON, BOUNDS, 0.3)
    for each in (FeedHealth(url=URL), health, failed):
        assert FeedHealth.from_json(URL, each.to_json()) == each
    value = failed.to_json()
    for damage in ({"next_due": "soon"}, {"failures": 3}, {"arrivals": ["x"]}, {"moves": None}):
        assert FeedHealth.from_json(URL, {**value, **damage}) == FeedHealth(url=URL)
    assert FeedHealth.from_json(URL, {**value, "of_the_future": 1}) == failed


def test_no_secret_of_an_address_is_said():
    message = "https://a.example/rss?token=hunter2secret answers 403"
    failure = FetchFailed("http_status", message, status=403)
    health = after_failure(FeedHealth(url=URL), failure, NOON, BOUNDS, 0)
    assert "hunter2secret" not in health.why


def test_answers_of_a_poll_with_what_entries_told_before():
    """The poll began before the one before it was committed: of entries the lake knows more."""
    of_entries = (
        "last_new_item", "possible_gaps", "arrivals", "recent", "newest", "entries", "period",
        "wishes", "shown", "shown_on", "pages", "held_hosts",
    )  # fmt: skip
    before = polled(FeedHealth(url=URL), entries(9, 8), new=2)
    told = FeedSurvey(
        entries=(*entries(3, 2), Entry("k", NOON, "shown")), new=3,
        hints=FeedHints(ttl=1_800, period=3_600), seen_on=NOON.date(),
        pages={"page": (1.0, 2.0)}, held_hosts={"host": 1.0},
    )  # fmt: skip
    known = after_entries(before, told, NOON + HOUR, BOUNDS, 0.5)
    assert [name for name in of_entries if getattr(before, name) == getattr(known, name)] == []
    answer = after_response(before, not_modified(etag='"v2"'), NOON + HOUR, BOUNDS, 0.5)
    found = with_entries_of(answer, known)
    for item in fields(FeedHealth):
        source = known if item.name in of_entries else answer
        assert getattr(found, item.name) == getattr(source, item.name), item.name


def test_of_a_feed_that_the_lake_does_not_know_the_answer_is_all_there_is():
    answer = after_response(FeedHealth(url=URL), ok(), NOON, BOUNDS, 0.5)
    assert with_entries_of(answer, None) == answer
