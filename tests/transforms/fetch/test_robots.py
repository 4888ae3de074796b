"""robots.txt: what RFC 9309 says of answers, and what hostile ones do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.transforms.fetch.fault_server import FaultServer, redirect, whole
from transforms.fetch.addresses import AllowedHosts
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Limits
from transforms.fetch.politeness import Politeness
from transforms.fetch.robots import MAX_KEPT, SECONDS_KEPT, Robots, RobotsGuard


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as started:
        yield started


def permits(
    server: FaultServer,
    *paths: str,
    robots: Robots | None = None,
    look: Callable[[Fetcher], Any] = lambda fetcher: None,
) -> list[str | None]:
    """For each path why it may not be asked, None if it may."""

    async def ask() -> list[str | None]:
        allowed = AllowedHosts.parse(["127.0.0.1"])
        async with Fetcher(
            user_agent="wiretrace/1 (+desk@example.org)",
            allowed=allowed,
            limits=Limits(read_seconds=0.5, total_seconds=2),
            politeness=Politeness(delay=0),
        ) as fetcher:
            guard = RobotsGuard(robots or Robots(), fetcher)
            asked = (guard.permit(server.url(path)) for path in paths)
            found = await asyncio.gather(*asked, return_exceptions=True)
            look(fetcher)
        return [each.reason if isinstance(each, FetchFailed) else each for each in found]  # type: ignore[misc]

    return asyncio.run(ask())


RULES = b"""User-agent: *
Disallow: /

User-agent: Wiretrace
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
"""


def test_the_group_of_our_name_counts_and_is_asked_for_once(server: FaultServer) -> None:
    server.pages["/robots.txt"] = whole(RULES)
    found = permits(server, "/a", "/private/b", "/private/open/c", "/d.pdf", "/d.pdf?x=1")
    assert found == [None, "robots_denied", None, "robots_denied", None]
    assert server.played["/robots.txt"] == 1


@pytest.mark.parametrize(
    ("play", "promise"),
    [
        (whole(b"", status=404), None),
        (whole(b"", status=403), None),
        (whole(b"<html>no robots here</html>"), None),
        (redirect("/robots.txt"), None),
        (whole(b"", status=503), "robots_unreachable"),
        (whole(b"", status=429), "robots_unreachable"),
        (whole(b"", status=500), "robots_unreachable"),
        (whole(b"", status=530), "robots_unreachable"),
        (redirect("http://169.254.169.254/robots.txt"), "denied_address"),
        (whole(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n"), "robots_denied"),
    ],
)  # fmt: skip
def test_what_an_answer_means(server: FaultServer, play: Any, promise: str | None) -> None:
    """RFC 9309 §2.3.1: refused or looping is no rules; where nobody can say, nobody may ask."""
    server.pages["/robots.txt"] = play
    assert permits(server, "/a") == [promise]
    assert server.played["/robots.txt"] >= 1


def test_a_host_that_hangs_is_not_asked_for_its_pages(server: FaultServer) -> None:
    server.pages["/robots.txt"] = server.pages.get("/hang") or _hang
    assert permits(server, "/a") == ["robots_unreachable"]


async def _hang(writer: asyncio.StreamWriter, asked: Any) -> None:
    await asyncio.sleep(30)


def test_rules_are_kept_for_a_day_and_failures_are_not(server: FaultServer) -> None:
    now = [0.0]
    robots = Robots(clock=lambda: now[0])
    server.pages["/robots.txt"] = whole(b"", status=503)
    assert permits(server, "/a", robots=robots) == ["robots_unreachable"]
    server.pages["/robots.txt"] = whole(RULES)
    assert permits(server, "/private/a", robots=robots) == ["robots_denied"]
    server.pages["/robots.txt"] = whole(b"")
    now[0] = SECONDS_KEPT - 1
    assert permits(server, "/private/a", robots=robots) == ["robots_denied"]
    now[0] = SECONDS_KEPT + 1
    assert permits(server, "/private/a", robots=robots) == [None]


def test_rules_of_many_hosts_do_not_fill_the_memory() -> None:
    """Those asked first are forgotten, and will be asked again."""
    robots, text = Robots(), "User-agent: *\nDisallow: /x\n" + "#" * (MAX_KEPT // 4)
    for number in range(6):
        robots.learn(f"https://{number}.example", text)
    assert [bool(robots.known(f"https://{n}.example")) for n in range(6)] == [False] * 3 + [
        True
    ] * 3


def test_hosts_without_rules_are_forgotten_too() -> None:
    robots = Robots()
    for number in range(MAX_KEPT // 1024 + 1):
        robots.learn(f"https://{number}.example", "")
    assert robots.known("https://0.example") is None
    assert robots.known("https://1.example") is not None


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("86400", 60.0), ("-3", 0.0), ("nan", 0.0), ("inf", 0.0), ("x", 0)],
)
def test_a_crawl_delay_is_kept_within_reason(
    server: FaultServer, stated: str, seconds: float
) -> None:
    server.pages["/robots.txt"] = whole(f"User-agent: *\nCrawl-delay: {stated}\n".encode())
    seen: list[float] = []
    url = server.url("/a")
    permits(server, "/a", look=lambda f: seen.append(f.politeness.delay_of(url)))
    assert seen == [seconds]


def test_hostile_rules_cost_little(server: FaultServer) -> None:
    """Patterns that a regular expression would try for ever, and more lines than anybody needs."""
    stars = b"Disallow: /" + b"*a" * 2_000 + b"*b$\n"
    server.pages["/robots.txt"] = whole(b"User-agent: *\n" + stars + b"Disallow: /x*y\n" * 200_000)
    started = time.process_time()
    assert permits(server, "/" + "a" * 2_000) == [None]
    assert time.process_time() - started < 5


def test_an_address_that_is_none_is_no_crash() -> None:
    with FaultServer() as server:
        server.pages["/robots.txt"] = whole(RULES)
        assert permits(server, "/\ud800") == ["bad_url"]
