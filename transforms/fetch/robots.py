"""robots.txt (RFC 9309), which is asked before the article pages of a host are.

A feed is asked without it: a person has subscribed to it. `Crawl-delay` is no part of the RFC, but
hosts write it, so it is kept up to a minute.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Request
from transforms.urls import redact_url

AGENT = "wiretrace"
# RFC 9309 §2.4: not used for longer without asking again.
SECONDS_KEPT = 86_400.0
_MAX_CRAWL_DELAY = 60.0
# RFC 9309 §2.5 asks for 500 KiB at least.
_MAX_TEXT = 512 << 10
# Of all hosts together, as text; rules take some forty times that. A host without any counts too.
MAX_KEPT = 2 << 20
_LEAST_SIZE = 1 << 10
# RFC 9309 §2.3.1.2: a refusal, and more than five redirects, are as good as no rules.
_WITHOUT_RULES = range(400, 500)
_BUSY = (408, 425, 429)
_TEXT = "text/plain, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class _Host:
    asked: float
    size: int
    rules: Protego


@dataclass(slots=True)
class Robots:
    """The rules of the hosts that were asked, for a day; one for all rounds of a watch.

    Where they take too much memory, those that were asked first are forgotten.
    """

    clock: Callable[[], float] = time.monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def known(self, origin: str) -> Protego | None:
        """The rules of an origin, if they are young enough."""
        host = self._hosts.get(origin)
        return host.rules if host and self.clock() - host.asked < SECONDS_KEPT else None

    def learn(self, origin: str, text: str) -> Protego:
        """Keep an origin's rules; text that is no rules allows everything."""
        host = _Host(self.clock(), max(len(text), _LEAST_SIZE), Protego.parse(text))
        self._hosts.pop(origin, None)
        self._hosts[origin] = host
        size = sum(kept.size for kept in self._hosts.values())
        for first in list(self._hosts):
            if size <= MAX_KEPT:
                break
            size -= self._hosts.pop(first).size
        return host.rules


class RobotsGuard:
    """Permits what the host's rules allow; for one fetcher, as long as its loop runs."""

    def __init__(self, robots: Robots, fetcher: Fetcher) -> None:
        self._robots = robots
        self._fetcher = fetcher
        self._asking: dict[str, asyncio.Lock] = {}

    async def permit(self, url: str) -> None:
        """Returns if the page may be asked.

        Raises:
            FetchFailed: `robots_denied`; `robots_unreachable` if nobody can say, which may pass.
        """
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        async with self._asking.setdefault(origin, asyncio.Lock()):
            rules = self._robots.known(origin) or await self._ask(origin)
        delay = rules.crawl_delay(AGENT)
        if delay:
            self._fetcher.politeness.slow_down(url, min(float(delay), _MAX_CRAWL_DELAY))
        try:
            allowed = rules.can_fetch(url, AGENT)
        except ValueError:  # half a surrogate pair, or no address at all
            raise FetchFailed("bad_url", f"{redact_url(url)!a}") from None
        if not allowed:
            raise FetchFailed(
                "robots_denied", f"{redact_url(url)}: the host's robots.txt asks not to fetch it"
            )

    async def _ask(self, origin: str) -> Protego:
        url = f"{origin}/robots.txt"
        try:
            answer = await self._fetcher.fetch(Request(url=url, accept=_TEXT))
        except FetchFailed as failure:
            refused = failure.status in _WITHOUT_RULES and failure.status not in _BUSY
            if refused or failure.reason == "bad_redirect":
                return self._robots.learn(origin, "")
            if failure.reason in ("denied_address", "bad_url"):
                raise
            raise FetchFailed(
                "robots_unreachable",
                f"{failure.message}; until it can be read, no page of the host is asked",
                status=failure.status,
                retry_after=failure.retry_after,
            ) from None
        return self._robots.learn(origin, answer.body[:_MAX_TEXT].decode("utf-8-sig", "replace"))
