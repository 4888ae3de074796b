"""The fetcher against a host that plays every fault, each of which is shown to have been played."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.transforms.fetch.fault_server import (
    FEED,
    FaultServer,
    hang,
    redirect,
    whole,
)
from transforms.fetch.addresses import AllowedHosts
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Limits, Request, Response
from transforms.fetch.freshness import find_max_age
from transforms.fetch.politeness import Politeness

QUICK = Limits(
    connect_seconds=0.5,
    read_seconds=0.5,
    total_seconds=1.0,
    grace_seconds=0.3,
    max_body=4 << 20,
)
EXPECTED = {
    "/hang": "too_slow",
    "/hang-in-body": "too_slow",
    "/drip-headers": "too_slow",
    "/drip-body": "too_slow",
    "/endless-informational": "too_slow",
    "/endless-body": "too_large",
    "/endless-header": "bad_response",
    "/wrong-length": "truncated",
    "/broken-chunk": "truncated",
    "/cut-chunks": "truncated",
    "/no-http": "bad_response",
    "/close": "bad_response",
    "/loop": "bad_redirect",
    "/loop-of-two": "bad_redirect",
    "/long-way": "bad_redirect",
    "/to-metadata": "denied_address",
    "/to-loopback": "denied_address",
    "/to-loopback-v6": "denied_address",
    "/to-decimal": "bad_url",
    "/to-file": "bad_redirect",
    "/to-ftp": "bad_redirect",
    "/to-data": "bad_redirect",
    "/to-password": "bad_url",
    "/to-nowhere": "bad_redirect",
    "/many-headers": "bad_response",
    "/wrong-304": "bad_response",
    "/429-seconds": "http_status",
    "/429-date": "http_status",
    "/gone": "http_status",
    "/500": "http_status",
    "/no-content": "http_status",
    "/unknown-coding": "bad_response",
    "/twice-packed": "bad_response",
    "/lying-coding": "decompression_failed",
    "/cut-gzip": "truncated",
    "/cut-br": "truncated",
    "/cut-zstd": "truncated",
}
BOMBS = ("/gzip-bomb", "/deflate-bomb", "/br-bomb", "/zstd-bomb")


@pytest.fixture
def server():
    with FaultServer() as started:
        yield started


def fetch(server, path, *, limits=QUICK, **asked) -> Response:
    return fetch_all(server, [Request(url=server.url(path), **asked)], limits=limits)[0]


def fetch_all(server, requests, *, limits=QUICK):
    """Answers in order; a single failure is raised, of several requests it stands in the list."""

    async def ask():
        allowed = AllowedHosts.parse([f"{server.host}:{server.port}"])
        async with Fetcher(
            user_agent="wiretrace/test",
            allowed=allowed,
            limits=limits,
            politeness=Politeness(delay=0, parallel=100),
        ) as fetcher:
            asked = (fetcher.fetch(request) for request in requests)
            return await asyncio.gather(*asked, return_exceptions=len(requests) > 1)

    return asyncio.run(ask())


def test_what_a_good_answer_brings(server):
    answer = fetch(server, "/feed")
    assert answer.body == FEED
    assert answer.status == 200
    assert (answer.etag, answer.last_modified) == ('"v1"', "Mon, 01 Jun 2026 10:00:00 GMT")
    assert answer.url == server.url("/feed")
    assert answer.permanent_url is None
    headers = server.asked[0].headers
    assert headers["user-agent"] == "wiretrace/test"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert "if-none-match" not in headers


@pytest.mark.parametrize("path", EXPECTED)
def test_every_fault_fails_in_time_and_by_its_name(server, path):
    started = time.monotonic()
    with pytest.raises(FetchFailed) as failed:
        fetch(server, path)
    assert time.monotonic() - started < QUICK.total_seconds + 1
    assert failed.value.reason == EXPECTED[path]
    assert server.played[path] >= 1


def test_no_fault_stops_the_others(server):
    """All at once, and beside them feeds that answer: none of these waits for a fault."""
    paths = [*EXPECTED, *["/feed"] * 20]
    started = time.monotonic()
    answers = fetch_all(server, [Request(url=server.url(path)) for path in paths])
    assert time.monotonic() - started < QUICK.total_seconds + 2
    found = [a.reason if isinstance(a, FetchFailed) else a for a in answers]
    assert dict(zip(EXPECTED, found, strict=False)) == EXPECTED
    assert [a.body for a in found[len(EXPECTED) :]] == [FEED] * 20
    assert server.played["/feed"] == 20


@pytest.mark.parametrize("path", BOMBS)
def test_a_bomb_of_a_gibibyte_costs_little_memory(server, path):
    """Measured in a process of its own: its peak grows by less than 100 MB."""
    assert not server.played[path]
    program = Path(__file__).with_name("fetch_once.py")
    done = subprocess.run(
        [sys.executable, program, server.url(path), f"127.0.0.1:{server.port}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    result = json.loads(done.stdout)
    assert server.played[path] == 1
    assert result["reason"] in ("decompression_failed", "too_large")
    assert result["grown_mb"] < 100
    assert result["seconds"] < result["deadline"] + 1


@pytest.mark.parametrize(
    "path", ["/gzip", "/deflate", "/raw-deflate", "/br", "/zstd", "/two-members", "/padded-gzip"]
)
def test_every_coding_is_unpacked(server, path):
    assert fetch(server, path).body == FEED
    assert server.played[path] == 1


def test_retry_after_comes_along_as_received(server):
    for path, value in (("/429-seconds", "120"), ("/429-date", "Fri, 27 Nov 2026 12:00:00 GMT")):
        with pytest.raises(FetchFailed) as failed:
            fetch(server, path)
        assert (failed.value.status, failed.value.retry_after) == (429, value)


def test_a_304_counts_only_where_it_was_asked_for(server):
    answer = fetch(server, "/wrong-304", etag='"v1"')
    assert (answer.status, answer.body) == (304, b"")
    assert server.asked[-1].headers["if-none-match"] == '"v1"'


def test_charset_is_reported_as_declared_and_the_bytes_are_left_alone(server):
    answer = fetch(server, "/lying-charset")
    assert (answer.charset, answer.media_type) == ("utf-16", "application/rss+xml")
    assert answer.body == FEED


def test_only_permanent_redirects_are_remembered(server):
    server.pages |= {
        "/a": redirect("/b", 301),
        "/b": redirect("/c", 308),
        "/c": redirect("/d", 302),
        "/d": redirect("/feed", 301),
    }
    answer = fetch(server, "/a")
    assert answer.url == server.url("/feed")
    assert answer.permanent_url == server.url("/c")


def test_five_redirects_are_followed_and_not_six(server):
    server.pages |= {f"/{n}": redirect(f"/{n - 1}") for n in range(1, 7)} | {"/0": whole(FEED)}
    assert fetch(server, "/5").body == FEED
    with pytest.raises(FetchFailed, match="after 5 others"):
        fetch(server, "/6")


def test_where_permanent_redirects_led_is_known_even_if_it_failed_there(server):
    server.pages["/old"] = redirect("/gone", 301)
    with pytest.raises(FetchFailed) as failed:
        fetch(server, "/old")
    assert failed.value.permanent_url == server.url("/gone")


def test_a_credential_is_for_its_own_origin(server):
    """A redirect to another port of the same host does not get it; validators go along."""
    with FaultServer() as other:
        server.pages["/away"] = redirect(other.url("/feed"))
        server.pages["/near"] = redirect("/feed")

        async def ask(path):
            allowed = AllowedHosts.parse(["127.0.0.1"])
            request = Request(url=server.url(path), authorization="Bearer s3cret", etag='"v0"')
            async with Fetcher(user_agent="t", allowed=allowed, limits=QUICK) as fetcher:
                return await fetcher.fetch(request)

        asyncio.run(ask("/away"))
        asyncio.run(ask("/near"))
        assert [a.headers.get("authorization") for a in server.asked] == ["Bearer s3cret"] * 3
        assert "authorization" not in other.asked[0].headers
        assert other.asked[0].headers["if-none-match"] == '"v0"'


def test_no_proxy_of_the_environment_is_used(server, monkeypatch):
    with FaultServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url(""))
        monkeypatch.setenv("ALL_PROXY", proxy.url(""))
        assert fetch(server, "/feed").body == FEED
        assert proxy.connections == 0


def test_tls_is_not_spoken_by_a_plain_server(server):
    with pytest.raises(FetchFailed) as failed:
        fetch_all(server, [Request(url=f"https://127.0.0.1:{server.port}/feed")])
    assert failed.value.reason == "tls_failed"
    assert server.played["TLS"] == 1


def test_a_closed_port_is_a_failure_to_connect(server):
    port = server.port
    server.stop()
    with pytest.raises(FetchFailed) as failed:
        fetch(server, "/feed")
    assert failed.value.reason == "connect_failed"
    assert str(port) in failed.value.message


def test_a_slow_feed_above_the_minimum_rate_is_borne(server):
    async def steady(writer, asked):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        for _ in range(10):
            writer.write(b"x" * 1000)
            await writer.drain()
            await asyncio.sleep(0.1)

    server.pages["/steady"] = steady
    answer = fetch(server, "/steady", limits=replace(QUICK, total_seconds=5))
    assert len(answer.body) == 10_000


def test_a_failure_names_no_secret(server):
    server.pages["/feed?token=hunter2secret"] = hang
    with pytest.raises(FetchFailed) as failed:
        fetch(server, "/feed?token=hunter2secret")
    assert server.played["/feed?token=hunter2secret"] == 1
    assert "hunter2secret" not in str(failed.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": 'Max-Age="60"'}, 60),
        ({"cache-control": "s-maxage=9"}, None),
        ({"cache-control": "no-cache, max-age=300"}, None),
        ({"cache-control": "max-age=-1"}, None),
        (
            {
                "date": "Fri, 27 Nov 2026 12:00:00 GMT",
                "expires": "Fri, 27 Nov 2026 12:10:00 GMT",
            },
            600,
        ),
        (
            {
                "date": "Fri, 27 Nov 2026 12:00:00 GMT",
                "expires": "Fri, 27 Nov 2026 11:00:00 GMT",
            },
            None,
        ),
        ({"expires": "0", "date": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers, seconds):
    assert find_max_age(headers) == seconds
