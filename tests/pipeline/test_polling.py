"""Feeds in a bounded run, asked over loopback: what lands, what is remembered, what is held."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pipeline.batch
import pipeline.polling
from lake.commit import newest_sequence
from lake.feeds import read_health
from lake.tables import open_lake
from pipeline.check_feeds import check
from pipeline.polling import (
    Answered,
    Polled,
    PollRound,
    conclude_polls,
    note_entries,
    shown_before,
)
from schemas.ids import key_id
from tests.pipeline.newsroom import POLLING, Newsroom, conditional, rss
from tests.transforms.articles import article
from tests.transforms.fetch.fault_server import Asked, FaultServer, redirect, whole
from transforms.delivery import Delivery, find_keys
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth
from transforms.feeds.hints import FeedHints
from transforms.feeds.interval import Bounds
from transforms.feeds.survey import Entry
from transforms.fingerprint import fingerprint
from transforms.stage import write_deliveries
from transforms.urls import redact_url

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
OUTLET = "harbour-post.example"
URL = f"https://{OUTLET}/rss"


def test_a_feed_lands_and_is_not_read_again(newsroom: Newsroom) -> None:
    """The second answer is a 304: it is a container without items, and no failure."""
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')
    first = newsroom.poll("/a", outlet="harbour-post.example")
    assert (first.ledger.outcomes["new"], first.ledger.containers) == (2, 1)
    found = newsroom.rows("articles", "headline", "outlet", "source_format")
    assert [row["headline"] for row in found] == ["Ferry 0 sails", "Ferry 1 sails"]
    assert {(row["outlet"], row["source_format"]) for row in found} == {
        ("harbour-post.example", "rss")
    }
    second = newsroom.poll("/a")
    assert newsroom.asked("/a")[1].headers["if-none-match"] == '"v1"'
    assert (second.ledger.seen, second.ledger.containers) == (0, 1)
    newsroom.server.pages["/a"] = conditional(rss(0, 1, 2), '"v2"')
    third = newsroom.poll("/a")
    assert (third.ledger.outcomes["new"], third.ledger.outcomes["duplicate"]) == (1, 2)
    health = newsroom.health("/a")
    assert (health.etag, health.entries, health.possible_gaps) == ('"v2"', 3, 0)
    assert health.last_new_item is not None


def test_the_same_bytes_without_validators_are_not_read_again(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = whole(rss(0, 1))
    newsroom.poll("/a")
    assert newsroom.poll("/a").ledger.seen == 0
    assert newsroom.server.played["/a"] == 2


def test_a_late_and_back_dated_entry_is_taken(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = whole(rss(0, 1))
    newsroom.poll("/a")
    newsroom.server.pages["/a"] = whole(rss(0, 1, 900))
    assert newsroom.poll("/a").ledger.outcomes["new"] == 1
    assert "Ferry 900 sails" in newsroom.headlines()


def test_a_guid_that_is_used_again_when_its_entry_has_left(newsroom: Newsroom) -> None:
    """Two articles, over three runs; the feed is not believed again."""
    for shown in (rss(90), library(1), library(1)):
        newsroom.server.pages["/a"] = whole(shown)
        newsroom.poll("/a", outlet="harbour-post.example")
    newsroom.server.pages["/a"] = whole(library(1) + b" ")
    newsroom.poll("/a", outlet="harbour-post.example")
    assert newsroom.headlines() == ["Ferry 90 sails", "Mayor opens library"]
    assert newsroom.rows("article_aliases", "article_id") == []


def library(n: int) -> bytes:
    """The feed with another story under the guid of ferry 90."""
    return (
        rss(n)
        .replace(f"<guid>ferry-{n}".encode(), b"<guid>ferry-90")
        .replace(b"Ferry %d sails" % n, b"Mayor opens library")
        .replace(b"Ferry number %d left the harbour" % n, b"The mayor opened the library")
    )


def test_what_cannot_be_fetched_is_a_reject_and_stops_no_other(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = whole(rss(0))
    newsroom.server.pages["/page"] = whole(
        b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in.</body></html>"
    )
    done = newsroom.poll("/500", "/page", "/cut-gzip", "/to-metadata", "/close", "/a")
    assert {path for path in newsroom.server.played if path.startswith(("/5", "/p", "/c", "/t"))}
    assert done.ledger.outcomes["new"] == 1
    reasons = {
        row["source_uri"].rpartition("/")[2]: (row["stage"], row["reason"])
        for row in newsroom.rows("rejects", "source_uri", "stage", "reason")
    }
    assert reasons == {
        "500": ("read", "http_status"),
        "page": ("read", "no_feed"),
        "cut-gzip": ("read", "truncated"),
        "to-metadata": ("read", "denied_address"),
        "close": ("read", "bad_response"),
    }
    assert newsroom.health("/500").failures == {"http_500": 1}
    assert newsroom.health("/a").failures == {}


def test_retry_after_holds_even_against_a_person(newsroom: Newsroom) -> None:
    """`run` asks every feed that it is told, due or not, but not before its host allows."""
    newsroom.poll("/429-seconds")
    newsroom.poll("/429-seconds")
    assert newsroom.server.played["/429-seconds"] == 1
    assert newsroom.health("/429-seconds").why.startswith("Retry-After until")


def test_a_feed_that_is_gone_is_asked_no_more(newsroom: Newsroom) -> None:
    newsroom.poll("/gone")
    newsroom.poll("/gone")
    assert newsroom.server.played["/gone"] == 1
    assert newsroom.health("/gone").retired == "410 Gone"


def test_a_gap_is_closed_by_the_next_pages(newsroom: Newsroom) -> None:
    """RFC 5005: what was pushed out between two polls stands on the pages behind."""

    def link(path: str) -> str:
        return f'<atom:link rel="next" href="{newsroom.server.url(path)}"/>'

    newsroom.server.pages["/a"] = whole(rss(8, 9, around=link("/old-2")))
    newsroom.poll("/a")
    assert "/old-2" not in newsroom.server.played, "without a gap no page is turned"
    newsroom.server.pages["/a"] = whole(rss(0, 1, around=link("/a?2")))
    newsroom.server.pages["/a?2"] = whole(rss(2, 3, around=link("/a?3")))
    newsroom.server.pages["/a?3"] = whole(rss(4, 5, 6, 7, 8, around=link("/a?4")))
    newsroom.poll("/a")
    assert len(newsroom.headlines()) == 10
    assert "/a?4" not in newsroom.server.played, "turned until known entries are met"
    assert newsroom.health("/a").possible_gaps == 0


def test_a_gap_that_cannot_be_closed_is_counted(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = whole(rss(8, 9))
    newsroom.poll("/a")
    newsroom.server.pages["/a"] = whole(rss(0, 1))
    newsroom.poll("/a")
    assert newsroom.health("/a").possible_gaps == 1


def test_pages_that_never_end_are_left(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each leads to one more; a link back to a page that was asked leads nowhere."""
    monkeypatch.setattr(pipeline.polling, "MAX_PAGES", 3)

    async def page(writer: Any, asked: Asked) -> None:
        number = int(asked.path.rpartition("-")[2])
        url = newsroom.server.url(f"/page-{number + 1}")
        newsroom.server.pages[f"/page-{number + 1}"] = page
        await whole(rss(number, around=f'<atom:link rel="next" href="{url}"/>'))(writer, asked)

    newsroom.server.pages["/a"] = whole(rss(500))
    newsroom.poll("/a")
    url = newsroom.server.url("/page-1")
    newsroom.server.pages["/a"] = whole(rss(0, around=f'<atom:link rel="next" href="{url}"/>'))
    newsroom.server.pages["/page-1"] = page
    newsroom.poll("/a")
    assert "/page-3" in newsroom.server.played
    assert "/page-4" not in newsroom.server.played


def test_a_redirect_for_good_is_followed_and_counted(newsroom: Newsroom) -> None:
    newsroom.server.pages["/old"] = redirect("/new", 301)
    newsroom.server.pages["/new"] = whole(rss(0))
    assert newsroom.poll("/old").ledger.outcomes["new"] == 1
    health = newsroom.health("/old")
    assert (health.moving_to, health.url_now) == (newsroom.server.url("/new"), None)


def test_a_dry_run_remembers_nothing(newsroom: Newsroom) -> None:
    """Else the next answer was a 304, and its items were never stored."""
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')
    assert newsroom.poll("/a", dry_run=True).ledger.outcomes["new"] == 2
    assert newsroom.poll("/a").ledger.outcomes["new"] == 2
    assert "if-none-match" not in newsroom.asked("/a")[1].headers


def test_what_a_run_that_died_remembered_does_not_count(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies between its memory and its commit, the worst moment."""
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.conclude.commit", die)
        with pytest.raises(KeyboardInterrupt):
            newsroom.poll("/a")
    lake = open_lake(newsroom.lake)
    assert len(list((lake.state / "feeds").glob("*.json"))) == 1, "the fault fired"
    assert read_health(lake, newest_sequence(lake)) == {}
    assert newsroom.poll("/a").ledger.outcomes["new"] == 2
    assert "if-none-match" not in newsroom.asked("/a")[1].headers


def test_a_damaged_memory_costs_one_full_answer(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v1"')
    newsroom.poll("/a")
    for file in (open_lake(newsroom.lake).state / "feeds").glob("*.json"):
        file.write_bytes(file.read_bytes()[:-20])
    assert newsroom.poll("/a").ledger.outcomes["duplicate"] == 2


def test_a_charset_that_http_lies_about_loses_no_word(newsroom: Newsroom) -> None:
    """Declared UTF-16, and is UTF-8 as its own declaration says."""
    newsroom.poll("/lying-charset")
    assert newsroom.headlines() == ["Ferry strike ends"]


def test_a_charset_that_only_http_declares_is_used(newsroom: Newsroom) -> None:
    body = rss(0).replace(b' encoding="UTF-8"', b"").replace(b"Ferry", "Паром".encode("cp1251"))
    newsroom.server.pages["/a"] = whole(body, "Content-Type: text/xml; charset=windows-1251")
    newsroom.poll("/a")
    assert newsroom.headlines() == ["Паром 0 sails"]


def test_a_credential_goes_to_its_own_host_and_nowhere_else(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not along a redirect, not into the lake, not into a log."""
    monkeypatch.setenv("WIRETRACE_CREDENTIAL_DESK", "reader:hunter2")
    with FaultServer("127.0.0.2") as other:
        polling = Polling(delay=0, allow_hosts=("127.0.0.1", "127.0.0.2"))
        newsroom.polling = polling
        newsroom.server.pages["/a"] = redirect(other.url("/a"))
        other.pages["/a"] = whole(rss(0))
        newsroom.poll("/a", credential="desk")
        assert newsroom.asked("/a")[0].headers["authorization"].startswith("Basic ")
        assert "authorization" not in other.asked[0].headers
    kept = [path.read_bytes() for path in newsroom.lake.rglob("*") if path.is_file()]
    assert not any(b"hunter2" in data or b"cmVhZGVyOmh1bnRlcjI" in data for data in kept)
    assert "hunter2" not in caplog.text


def test_a_credential_that_is_not_set_is_a_reject_and_nothing_is_asked(newsroom: Newsroom) -> None:
    newsroom.poll("/a", credential="absent")
    (reject,) = newsroom.rows("rejects", "reason", "message")
    assert reject["reason"] == "no_credential"
    assert "WIRETRACE_CREDENTIAL_ABSENT" in reject["message"]
    assert newsroom.server.connections == 0


def test_check_stores_nothing_and_says_what_each_answers(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = whole(rss(0, 1))
    newsroom.server.pages["/old"] = redirect("/a", 308)
    newsroom.server.pages["/broken"] = whole(b"<rss version='2.0'><channel><item><title>Cut")
    paths = ("/a", "/old", "/500", "/broken")
    rows = check([Feed(url=newsroom.server.url(path)) for path in paths], POLLING)
    found = [(row["result"], row["entries"]) for row in rows]
    assert found[:3] == [("ok", 2), ("ok", 2), ("http_status", None)]
    assert rows[3]["result"] != "ok"
    assert rows[1]["what"] == f"moved for good to {redact_url(newsroom.server.url('/a'))}"
    assert not newsroom.lake.exists()


def test_an_entry_has_one_sighting_a_day_however_often_it_is_shown(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lively feed shows its hundred entries at every poll; the ledger still counts them all."""
    newsroom.server.pages["/a"] = whole(rss(1, 2))
    newsroom.poll("/a")
    newsroom.server.pages["/a"] = whole(rss(0, 1, 2))
    assert newsroom.poll("/a").ledger.outcomes["duplicate"] == 2
    assert len(newsroom.rows("sightings", "version_id")) == 3

    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    monkeypatch.setattr(pipeline.batch, "_now", lambda: tomorrow)
    newsroom.server.pages["/a"] = whole(rss(0, 1, 2, around="<ttl>5</ttl>"))
    newsroom.poll("/a")
    assert len(newsroom.rows("sightings", "version_id")) == 6


def test_a_text_that_comes_back_is_sighted_again(newsroom: Newsroom) -> None:
    """DESIGN §4.3: an older version sighted after a newer one is current again."""
    first, second = rss(0), rss(0).replace(b"on time", b"an hour late")
    for body in (first, second, first):
        newsroom.server.pages["/a"] = whole(body)
        newsroom.poll("/a")
    versions = [row["version_id"] for row in newsroom.rows("sightings", "version_id")]
    assert (len(versions), len(set(versions))) == (3, 2)


def test_the_delay_holds_from_one_run_to_the_next(newsroom: Newsroom) -> None:
    """Two feeds of one host, asked by two runs that follow each other at once."""
    newsroom.polling = Polling(delay=6.0, allow_hosts=("127.0.0.1",))
    newsroom.poll("/a")
    newsroom.poll("/b")
    first, second = (asked.at for asked in newsroom.server.asked)
    assert second - first >= 5.9


def answered(url: str = URL, *found: Entry) -> Answered:
    """A feed that showed these entries."""
    source = redact_url(url)
    return Answered(Feed(url=url), FeedHints(), None, {source}, {url}, None, entries=[*found])


def entry(name: str, hours_ago: float) -> Entry:
    return Entry(name, NOON - dt.timedelta(hours=hours_ago), f"shown {name}")


def a_poll(minutes: int, *found: Entry, is_read: bool = False) -> Polled:
    """What a stream's poll gave: it was asked then and answered so, with something to read."""
    at = NOON + dt.timedelta(minutes=minutes)
    asked = FeedHealth(url=URL, last_attempt=at, last_full=at, etag=f'"{minutes}"')
    each = (answered(URL, *found),) if found or is_read else ()
    return Polled({URL: asked}, each, int(not each), NOON.date(), Bounds())


NEW = {(URL, "new", ""): 2, (URL, "duplicate", "same"): 5, ("https://other.example", "new", ""): 9}


def test_polls_of_a_window_are_concluded_one_after_the_other(tmp_path: Path) -> None:
    """The last answer stands, with what the entries of all told, each of them once."""
    polls = [a_poll(1, is_read=True), a_poll(2, is_read=True)]
    shown = [staged_entry(name, URL) for name in ("a", "b", "b", "c")]
    each = [one for poll in polls for one in poll.answered]
    note_entries(each, [write_deliveries(shown, tmp_path)])
    health = conclude_polls(polls, {}, NEW)[URL]
    assert health.etag == '"2"'
    assert set(health.recent) == {key_id(OUTLET, "guid", name) for name in "abc"}
    assert (health.entries, len(health.shown), len(health.recent)) == (3, 3, 3)
    assert health.shown_on == NOON.date().isoformat()
    assert health.last_new_item is not None
    assert len(health.arrivals) == 2, "as many as the ledger says are new"


def test_a_poll_without_news_forgets_nothing_of_the_entries() -> None:
    """It began before the window of the entries was committed: it cannot know of them."""
    known = conclude_polls([a_poll(1, entry("a", 2), entry("b", 1))], {}, NEW)
    other = FeedHealth(url="https://other.example/rss", etag="kept")
    health = conclude_polls([a_poll(5)], {**known, other.url: other}, {})
    assert health[other.url] == other
    assert (health[URL].etag, health[URL].last_attempt) == (
        '"5"',
        NOON + dt.timedelta(minutes=5),
    )
    for name in ("recent", "arrivals", "shown", "newest", "last_new_item", "entries"):
        assert getattr(health[URL], name) == getattr(known[URL], name)
    assert known[URL].etag == '"1"', "what the lake knew is not changed in its place"


def test_entries_are_noted_with_their_feed(tmp_path: Path) -> None:
    """By the address they were asked at; what came from elsewhere is none of theirs."""
    other_url = "https://other.example/rss"
    one, other = answered(), answered(other_url)
    staged = [
        write_deliveries([staged_entry("a", URL), staged_entry("x", "inbox/a.xml")], tmp_path),
        write_deliveries([staged_entry("b", URL), staged_entry("c", other_url)], tmp_path),
    ]
    note_entries([one, other], staged)
    assert [found.published for found in one.entries] == [NOON, NOON]
    keys = [[found.key for found in each.entries] for each in (one, other)]
    assert keys == [[key_id(OUTLET, "guid", name) for name in names] for names in ("ab", "c")]
    note_entries([], staged)


def staged_entry(guid: str, source: str) -> Delivery:
    row = article("", version_id="", guid=guid, outlet=OUTLET, published=NOON, content_hash=guid)
    return Delivery(
        article=row, keys=find_keys(row), control_hash="0", fingerprint=fingerprint(guid, "", ""),
        source=source, feed=source,
    )  # fmt: skip


def test_what_was_shown_before_is_of_this_day_and_of_feeds_that_answered() -> None:
    """Each mark stands for a sighting of that day which the lake has."""
    today, other = NOON.date(), "https://other.example/rss"
    shown = FeedHealth(url=URL, shown=("a", "b"), shown_on=today.isoformat())
    known = {URL: shown, other: replace(shown, url=other, shown=("c",))}
    assert shown_before([answered(), answered("https://new.example/rss")], known, today) == {
        "a", "b",
    }  # fmt: skip
    assert shown_before([answered()], known, today + dt.timedelta(days=1)) == frozenset()
    assert shown_before([], known, today) == frozenset()


def test_what_a_round_leaves_to_a_stream_is_of_those_that_were_asked(
    server: FaultServer, tmp_path: Path
) -> None:
    """Of one that was not due nothing is said: the lake may know more of it meanwhile."""
    server.pages["/a"] = whole(rss(0, 1))
    server.pages["/same"] = conditional(rss(0), '"v1"')
    asked, same, later = (Feed(url=server.url(path)) for path in ("/a", "/same", "/later"))
    now = dt.datetime.now(dt.UTC)
    fresh = FeedHealth(url=same.url, etag='"v1"', last_full=now)
    waits = FeedHealth(url=later.url, next_due=now + dt.timedelta(hours=1))
    done = PollRound(
        (asked, same, later), POLLING, {same.url: fresh, later.url: waits}, tmp_path, now.date(),
        only_due=True, may_ask=lambda: True,
    )  # fmt: skip
    (segment,) = done.fetch()
    assert Path(segment.path).read_bytes() == rss(0, 1)
    left = done.polled()
    assert set(left.health) == {asked.url, same.url}
    assert [each.feed for each in left.answered] == [asked]
    assert (left.unchanged, left.seen_on) == (1, now.date())
    assert left.bounds == Bounds(POLLING.min_interval, POLLING.max_interval)
