"""`--full-text` in a bounded run over loopback: which pages are asked, what becomes of them.

Tests of several runs are left to `make e2e`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import duckdb
import pytest

import pipeline.pages
import pipeline.polling
from lake.tables import open_lake, snapshot
from lake.views import connect
from tests.e2e.command import wiretrace
from tests.pipeline.newsroom import NOW, TEXT, Newsroom, page
from tests.transforms.fetch.fault_server import FaultServer, redirect, whole
from transforms.fetch.robots import Robots

SUMMARY = "Ferry number {n} left the harbour on time, its crew says."
HTML = "Content-Type: text/html; charset=utf-8"


def entry(newsroom: Newsroom, n: int, summary: str = SUMMARY, extra: str = "") -> str:
    when = NOW - dt.timedelta(hours=n + 1)
    return (
        f"<item><title>Ferry {n} sails</title><guid>ferry-{n}</guid>"
        f"<link>{newsroom.server.url(f'/ferry-{n}')}</link>"
        f"<description>{summary.format(n=n)}</description>{extra}"
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
    )


def feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Harbour Post</title>{''.join(entries)}</channel></rss>"
    ).encode()


def show(newsroom: Newsroom, *entries: str) -> None:
    newsroom.server.pages["/a"] = whole(feed(*entries))


def serve(newsroom: Newsroom, n: int, body: bytes | None = None) -> None:
    newsroom.server.pages[f"/ferry-{n}"] = whole(body or page(n), HTML)


def current(newsroom: Newsroom) -> list[dict[str, Any]]:
    """The current version of each article."""
    with connect(snapshot(open_lake(newsroom.lake))) as connection:
        found = connection.sql(
            "SELECT headline, body_text, version_order FROM articles_now WHERE is_current"
        )
        assert isinstance(found, duckdb.DuckDBPyRelation)
        return sorted(found.to_arrow_table().to_pylist(), key=str)


def reasons(newsroom: Newsroom) -> list[tuple[str, str]]:
    return [(r["stage"], r["reason"]) for r in newsroom.rows("rejects", "stage", "reason")]


def test_the_text_is_the_pages_and_the_rest_the_entrys(newsroom: Newsroom) -> None:
    """One article, one version, both containers counted; the row says what came from where."""
    show(newsroom, entry(newsroom, 0))
    serve(newsroom, 0)
    done = newsroom.poll("/a", full_text=True)
    assert done.ledger.outcomes == {
        "new": 1, "revised": 0, "duplicate": 1, "control": 0, "rejected": 0
    }  # fmt: skip
    assert done.ledger.containers == 2
    (row,) = newsroom.rows(
        "articles", "headline", "description_text", "body_text", "guid", "authors", "source_uri",
        "source_format", "canonical_url", "url", "published", "entry_uri", "entry_columns",
        "parse_warnings", "word_count",
    )  # fmt: skip
    assert row["headline"] == "Ferry 0 sails", "the entry's, so that its summary is known again"
    assert row["description_text"] == SUMMARY.format(n=0)
    assert row["body_text"] == "\n\n".join(TEXT).format(n=0)
    assert (row["guid"], row["authors"]) == ("ferry-0", ["Ada Quay"])
    assert row["source_uri"] == row["url"] == newsroom.server.url("/ferry-0")
    assert row["entry_uri"] == newsroom.server.url("/a") + "#1"
    assert row["canonical_url"] == "https://harbour-post.example/ferries/0"
    assert row["published"] == (NOW - dt.timedelta(hours=1)).replace(microsecond=0)
    assert (row["source_format"], row["parse_warnings"]) == ("html", [])
    assert {"headline", "description_text", "guid", "published"} <= set(row["entry_columns"])
    assert {"body_text", "authors", "canonical_url"}.isdisjoint(row["entry_columns"])
    sightings = newsroom.rows("sightings", "source_uri", "feed", "deliveries")
    assert [tuple(s.values()) for s in sightings] == [(newsroom.server.url("/a"),) * 2 + (2,)]
    health = newsroom.health("/a")
    assert len(health.arrivals) == 1, "the rhythm is the feed's, wherever the text came from"
    assert health.last_new_item is not None


@pytest.mark.parametrize("summary", [SUMMARY, "<![CDATA[<p>Ferry number {n} left […]</p>]]>"])
def test_a_page_is_asked_once_and_its_text_stays(newsroom: Newsroom, summary: str) -> None:
    """The summary goes on being shown; it is a sighting of the full text, not a newer version."""
    for n in range(2):
        serve(newsroom, n)
    for polled in range(2):
        show(newsroom, *(entry(newsroom, n, summary) for n in range(polled + 1)))
        done = newsroom.poll("/a", full_text=True)
        assert done.ledger.outcomes["new"] == 1
        assert done.ledger.outcomes["revised"] == 0
    assert [len(newsroom.asked(f"/ferry-{n}")) for n in range(2)] == [1, 1]
    assert len(newsroom.asked("/robots.txt")) == 1
    found = current(newsroom)
    assert [row["version_order"] for row in found] == [1, 1]
    assert all(row["body_text"].startswith("Ferry number") for row in found)
    assert all("oranges" in row["body_text"] for row in found)


def test_what_has_its_text_is_not_asked_for(newsroom: Newsroom) -> None:
    whole_text = "<content:encoded>" + "".join(f"&lt;p&gt;{p}&lt;/p&gt;" for p in TEXT)
    show(newsroom, entry(newsroom, 0, extra=f"{whole_text}</content:encoded>"))
    newsroom.poll("/a", full_text=True)
    assert {asked.path for asked in newsroom.server.asked} == {"/a"}


@pytest.mark.e2e
def test_a_changed_summary_asks_again(newsroom: Newsroom) -> None:
    show(newsroom, entry(newsroom, 0))
    serve(newsroom, 0)
    newsroom.poll("/a", full_text=True)
    show(newsroom, entry(newsroom, 0, "Ferry number {n} left the harbour late, its crew says."))
    serve(newsroom, 0, page(0, *TEXT, "Correction: it left late."))
    done = newsroom.poll("/a", full_text=True)
    assert done.ledger.outcomes["revised"] == 1
    (row,) = current(newsroom)
    assert row["body_text"].endswith("Correction: it left late.")
    assert len(newsroom.asked("/ferry-0")) == 2


def test_robots_are_asked_first_and_obeyed(newsroom: Newsroom) -> None:
    """The summary is an article all the same."""
    newsroom.server.pages["/robots.txt"] = whole(
        b"User-agent: *\nDisallow: /\n\nUser-agent: wiretrace\nDisallow: /ferry-1\n"
    )
    show(newsroom, entry(newsroom, 0), entry(newsroom, 1))
    serve(newsroom, 0)
    serve(newsroom, 1)
    newsroom.poll("/a", full_text=True)
    assert [asked.path for asked in newsroom.server.asked] == ["/a", "/robots.txt", "/ferry-0"]
    assert reasons(newsroom) == [("read", "robots_denied")]
    assert newsroom.headlines() == ["Ferry 0 sails", "Ferry 1 sails"]


def test_a_page_that_moved_is_asked_as_the_robots_of_its_new_host_say(newsroom: Newsroom) -> None:
    """A redirect is no way around them."""
    newsroom.server.pages["/robots.txt"] = whole(b"User-agent: *\nDisallow: /moved\n")
    show(newsroom, entry(newsroom, 0))
    newsroom.server.pages["/ferry-0"] = redirect("/moved/0")
    newsroom.poll("/a", full_text=True)
    assert newsroom.asked("/ferry-0")
    assert not newsroom.asked("/moved/0")
    assert reasons(newsroom) == [("read", "robots_denied")]


class Clock:
    """The time of the round, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = dt.timedelta(0)
        for module in (pipeline.pages, pipeline.polling):
            monkeypatch.setattr(module, "_now", self.now)

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead


@pytest.mark.e2e
@pytest.mark.parametrize("why", ["429", "robots"])
def test_a_busy_host_is_left_alone_as_long_as_it_asks(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """None of its pages is asked, whatever feed they are of; then they are, from an old answer."""
    clock = Clock(monkeypatch)
    show(newsroom, *(entry(newsroom, n) for n in range(4)))
    newsroom.server.pages["/b"] = whole(feed(entry(newsroom, 7)))
    busy = whole(b"", "Retry-After: 3000", status=429 if why == "429" else 503)
    for n in (*range(4), 7):
        newsroom.server.pages[f"/ferry-{n}"] = busy
    newsroom.server.pages["/robots.txt"] = busy if why == "robots" else whole(b"")
    newsroom.poll("/a", full_text=True)
    first = [a.path for a in newsroom.server.asked if a.path not in ("/a", "/robots.txt")]
    # Two were under way at once; nothing was asked after the answer.
    assert len(first) == (2 if why == "429" else 0)
    assert len(newsroom.asked("/robots.txt")) <= 2
    assert len(newsroom.headlines()) == 4, "the summaries are there"
    newsroom.poll("/a", "/b", full_text=True)
    clock.ahead = dt.timedelta(seconds=2900)
    newsroom.poll("/a", "/b", full_text=True)
    again = [a.path for a in newsroom.server.asked if a.path not in ("/a", "/b", "/robots.txt")]
    assert again == first
    assert len(newsroom.asked("/robots.txt")) <= 2
    newsroom.server.pages["/robots.txt"] = whole(b"")
    for n in (*range(4), 7):
        serve(newsroom, n)
    clock.ahead = dt.timedelta(seconds=3100)
    assert newsroom.health("/a").next_due <= clock.now()
    newsroom.poll("/a", "/b", full_text=True)
    assert all("oranges" in row["body_text"] for row in current(newsroom))
    assert not newsroom.health("/a").pages


@pytest.mark.e2e
def test_one_page_that_fails_is_tried_later_and_keeps_no_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    show(newsroom, entry(newsroom, 0), entry(newsroom, 1))
    newsroom.server.pages["/ferry-0"] = whole(b"", status=500)
    serve(newsroom, 1)
    newsroom.poll("/a", full_text=True)
    assert reasons(newsroom) == [("read", "http_status")]
    newsroom.poll("/a", full_text=True)
    assert len(newsroom.asked("/ferry-0")) == 1, "not before its time"
    serve(newsroom, 0)
    clock.ahead = dt.timedelta(minutes=7)
    newsroom.poll("/a", full_text=True)
    assert [len(newsroom.asked(f"/ferry-{n}")) for n in (0, 1)] == [2, 1]
    assert all("oranges" in row["body_text"] for row in current(newsroom))


@pytest.mark.e2e
def test_a_page_that_is_gone_is_not_asked_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    show(newsroom, entry(newsroom, 0))
    newsroom.poll("/a", full_text=True)
    clock.ahead = dt.timedelta(days=2)
    show(newsroom, entry(newsroom, 0), entry(newsroom, 1))
    newsroom.poll("/a", full_text=True)
    assert len(newsroom.asked("/ferry-0")) == 1
    assert reasons(newsroom) == [("read", "http_status")] * 2


WALLS = {
    "words": (page(0, TEXT[0], "Subscribe to continue reading."), "paywalled"),
    "json-ld": (
        page(1).replace(b'"@type"', b'"isAccessibleForFree": false, "@type"', 1), "paywalled",
    ),
    "open graph": (
        page(2, head='<meta property="article:content_tier" content="locked">'), "paywalled",
    ),
    "consent": (
        b"<!doctype html><html><head><title>Before you continue</title></head><body><p>"
        + b"We and our partners store cookies on your device to show advertising. " * 8
        + b"</p></body></html>",
        "consent_page",
    ),
    "other": (
        page(4, *["Mayor Elin Torvald opened the new library in Almina today. "] * 6,
             headline="Library opens").replace(b"Ferry 4", b"Library"),
        "other_article",
    ),
    "nothing": (b"<!doctype html><html><body><p>Not found.</p></body></html>", "no_article"),
    "pdf": (b"%PDF-1.7 \x00\x01\x02\xff\xfe binary", "no_article"),
}  # fmt: skip


def test_what_is_no_article_is_a_reject_and_the_summary_stays(newsroom: Newsroom) -> None:
    """A wall, another article, no article; and an article, which they do not disturb."""
    show(newsroom, *(entry(newsroom, n) for n in range(len(WALLS) + 1)))
    for n, (body, _) in enumerate(WALLS.values()):
        serve(newsroom, n, body)
    serve(newsroom, len(WALLS))
    done = newsroom.poll("/a", full_text=True)
    assert done.ledger.outcomes["new"] == len(WALLS) + 1
    found = {
        int(row["source_uri"].rpartition("-")[2]): row["reason"]
        for row in newsroom.rows("rejects", "source_uri", "reason")
    }
    assert found == {n: reason for n, (_, reason) in enumerate(WALLS.values())}
    texts = [row["body_text"] for row in current(newsroom)]
    assert [text for text in texts if text] == ["\n\n".join(TEXT).format(n=len(WALLS))]
    replayed = wiretrace("replay", "--lake", newsroom.lake)
    assert replayed.returncode in (0, 3), replayed.stderr
    assert len(newsroom.rows("articles", "headline")) == len(WALLS) + 1, "no page is one by itself"
    (walled,) = newsroom.ids("Ferry 0 sails")
    gone = wiretrace("forget", "--lake", newsroom.lake, walled, "--yes")
    assert gone.returncode == 0, gone.stderr
    left = {row["source_uri"] for row in newsroom.rows("rejects", "source_uri")}
    assert newsroom.server.url("/ferry-0") not in left
    assert newsroom.server.url("/ferry-1") in left
    show(newsroom, *(entry(newsroom, n) for n in range(len(WALLS))))
    newsroom.poll("/a", full_text=True)
    assert {len(newsroom.asked(f"/ferry-{n}")) for n in range(len(WALLS))} == {1}


@pytest.mark.e2e
def test_two_feeds_that_show_an_article_ask_its_page_once(newsroom: Newsroom) -> None:
    show(newsroom, entry(newsroom, 0))
    newsroom.server.pages["/b"] = whole(feed(entry(newsroom, 0)))
    serve(newsroom, 0)
    done = newsroom.poll("/a", "/b", full_text=True)
    assert len(newsroom.asked("/ferry-0")) == 1
    assert (done.ledger.outcomes["new"], done.ledger.containers) == (1, 3)


@pytest.mark.e2e
def test_a_feed_of_a_thousand_links_has_so_many_asked_in_a_round(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest first; the others in the next round, though the feed shows the same bytes."""
    clock = Clock(monkeypatch)
    monkeypatch.setattr(pipeline.pages, "PER_FEED", 2)
    show(newsroom, *(entry(newsroom, n) for n in range(3)))
    for n in range(3):
        serve(newsroom, n)
    newsroom.poll("/a", full_text=True)
    assert [len(newsroom.asked(f"/ferry-{n}")) for n in range(3)] == [1, 1, 0]
    newsroom.poll("/a")
    assert newsroom.health("/a").pages, "a run without the option forgets none"
    clock.ahead = dt.timedelta(minutes=6)
    newsroom.poll("/a", full_text=True)
    assert [len(newsroom.asked(f"/ferry-{n}")) for n in range(3)] == [1, 1, 1]


@pytest.mark.e2e
def test_pages_take_so_long_of_a_run_and_no_longer(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not asked in time is asked by the next one; the summaries are there."""
    clock = Clock(monkeypatch)
    show(newsroom, entry(newsroom, 0), entry(newsroom, 1))
    serve(newsroom, 0)
    serve(newsroom, 1)
    monkeypatch.setattr(pipeline.pages, "ASK_SECONDS", -1.0)
    done = newsroom.poll("/a", full_text=True)
    assert (done.ledger.outcomes["new"], done.ledger.outcomes["rejected"]) == (2, 0)
    assert not newsroom.asked("/ferry-0")
    monkeypatch.setattr(pipeline.pages, "ASK_SECONDS", 60.0)
    clock.ahead = dt.timedelta(minutes=6)
    newsroom.poll("/a", full_text=True)
    assert all("oranges" in row["body_text"] for row in current(newsroom))


def test_entries_that_share_a_guid_stay_apart(newsroom: Newsroom) -> None:
    """The page's delivery trusts no key that its feed's does not."""
    for n in range(3):
        serve(newsroom, n)
    show(newsroom, *(entry(newsroom, n).replace(f"ferry-{n}</guid>", "1</guid>") for n in range(3)))
    done = newsroom.poll("/a", full_text=True)
    assert (done.ledger.outcomes["new"], done.ledger.outcomes["revised"]) == (3, 0)
    assert newsroom.headlines() == [f"Ferry {n} sails" for n in range(3)]
    rebuilt = wiretrace("doctor", "--lake", newsroom.lake, "--rebuild-state")
    assert rebuilt.returncode == 0, rebuilt.stderr
    for n in range(3):
        show(newsroom, entry(newsroom, n).replace(f"ferry-{n}</guid>", "1</guid>"))
        newsroom.poll("/a")
    assert len({row["article_id"] for row in newsroom.rows("articles", "article_id")}) == 3
    assert newsroom.rows("article_aliases", "article_id") == []


def test_an_address_that_lost_a_secret_is_not_asked(newsroom: Newsroom) -> None:
    """What is kept of it is another address."""
    secret = entry(newsroom, 0).replace("/ferry-0<", "/ferry-0?token=s3cr3t<")
    show(newsroom, secret)
    newsroom.poll("/a", full_text=True)
    assert {asked.path for asked in newsroom.server.asked} == {"/a"}


def test_a_feed_that_links_to_one_page_has_no_page_of_any(newsroom: Newsroom) -> None:
    """The site's news page names every entry, and is the article of none."""
    home = newsroom.server.url("/news")
    show(
        newsroom,
        *(entry(newsroom, n).replace(newsroom.server.url(f"/ferry-{n}"), home) for n in range(2)),
    )
    newsroom.server.pages["/news"] = whole(page(0, "Ferry 1 sails. Ferry 0 sails. " * 10), HTML)
    newsroom.poll("/a", full_text=True)
    assert not newsroom.asked("/news")


@pytest.mark.e2e
def test_a_redirect_to_a_busy_host_holds_that_host(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not the one that redirects: `feedproxy` is not the outlet."""
    Clock(monkeypatch)
    with FaultServer(host="127.0.0.2") as outlet:
        newsroom.polling = replace(newsroom.polling, allow_hosts=("127.0.0.1", "127.0.0.2"))
        outlet.pages["/0"] = whole(b"", "Retry-After: 3000", status=429)
        newsroom.server.pages["/ferry-0"] = redirect(outlet.url("/0"))
        serve(newsroom, 1)
        show(newsroom, entry(newsroom, 0))
        newsroom.poll("/a", full_text=True)
        assert outlet.played["/0"] == 1
        assert set(newsroom.health("/a").held_hosts) == {"127.0.0.2"}
        newsroom.server.pages["/ferry-2"] = redirect(outlet.url("/2"))
        show(newsroom, *(entry(newsroom, n) for n in range(3)))
        newsroom.poll("/a", full_text=True)
        assert [len(newsroom.asked(f"/ferry-{n}")) for n in (1, 2)] == [1, 1]
        assert (outlet.played["/0"], outlet.played["/2"]) == (1, 0)


@pytest.mark.e2e
def test_a_dry_run_remembers_no_page(newsroom: Newsroom) -> None:
    show(newsroom, entry(newsroom, 0))
    serve(newsroom, 0)
    newsroom.poll("/a", full_text=True, dry_run=True)
    assert newsroom.poll("/a", full_text=True).ledger.outcomes["new"] == 1
    assert "oranges" in current(newsroom)[0]["body_text"]


@pytest.mark.e2e
def test_robots_are_asked_again_after_a_day(newsroom: Newsroom) -> None:
    hours = [0.0]
    newsroom.robots = Robots(clock=lambda: hours[0] * 3600 + 1)
    for n, hour in enumerate((0, 23, 25)):
        hours[0] = hour
        serve(newsroom, n)
        show(newsroom, *(entry(newsroom, k) for k in range(n + 1)))
        newsroom.poll("/a", full_text=True)
    assert len(newsroom.asked("/robots.txt")) == 2
