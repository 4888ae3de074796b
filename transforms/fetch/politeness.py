"""Whose turn it is: so many requests to one domain at once, so far apart.

By registered domain, since `rss.` and `www.` are one operator's machines; by address where the host
is one.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from transforms.urls import host_of, registrable_domain

# Beyond what the rules for each domain allow: sockets, and bodies in memory.
SOCKETS = 128


@dataclass(slots=True)
class _Domain:
    slots: asyncio.Semaphore
    delay: float
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)


class TurnRefused(Exception):
    """There is no time for this request any more; nothing is known of its host."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Turn:
    """Leave to make one request; until it is `sent`, nobody else's delay begins."""

    def __init__(self, domain: _Domain, note: Callable[[], None]) -> None:
        self._domain = domain
        self._note = note
        self._is_sent = False

    def sent(self) -> None:
        """The request has left; a second call does nothing."""
        if not self._is_sent:
            self._is_sent = True
            self._note()
            self._domain.starting.release()


class Politeness:
    """At most `parallel` requests to one domain at once, starts at least `delay` seconds apart.

    Once `may_ask` says no, whoever waits for a turn is refused it. `sent` holds when the last
    request to each domain was sent, by `clock`: given again, it goes on from there.
    """

    def __init__(
        self,
        *,
        delay: float = 1.0,
        parallel: int = 2,
        may_ask: Callable[[], bool] = lambda: True,
        sent: dict[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay
        self._parallel = parallel
        self._may_ask = may_ask
        self._sent = {} if sent is None else sent
        self._clock = clock
        self._sleep = sleep
        self._domains: dict[str, _Domain] = {}
        self._sockets = asyncio.Semaphore(SOCKETS)

    def remember(self, url: str, seconds_ago: float) -> None:
        """Count a request that was made before this began."""
        at = self._clock() - max(seconds_ago, 0.0)
        self._sent[domain_of(url)] = max(self._last_sent(url), at)

    def delay_of(self, url: str) -> float:
        """Seconds between two requests to this URL's domain."""
        return self._domain(url).delay

    def slow_down(self, url: str, delay: float) -> None:
        """Seconds between two requests that this URL's host asks for; never fewer than ours."""
        domain = self._domain(url)
        domain.delay = max(domain.delay, delay)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[Turn]:
        """Waits until a request to this URL may start; it ends with the context.

        What a host sees is when a request comes, not when it was allowed: whoever makes it says
        when it is sent.

        Raises:
            TurnRefused: it may not any more.
        """
        domain = self._domain(url)
        async with domain.slots:
            await self._start(domain, url)
            turn = Turn(domain, lambda: self._note(url))
            try:
                yield turn
            finally:
                turn.sent()
                self._sockets.release()

    async def _start(self, domain: _Domain, url: str) -> None:
        """Waits for the delay and a socket; the domain's lock is held by whoever has a turn."""
        await domain.starting.acquire()
        try:
            wait = self._last_sent(url) + domain.delay - self._clock()
            if wait > 0 and self._may_ask():
                await self._sleep(wait)
            if not self._may_ask():
                raise TurnRefused(url)
            await self._sockets.acquire()
        except BaseException:
            domain.starting.release()
            raise

    def _note(self, url: str) -> None:
        self._sent[domain_of(url)] = self._clock()

    def _last_sent(self, url: str) -> float:
        return self._sent.get(domain_of(url), -math.inf)

    def _domain(self, url: str) -> _Domain:
        key = domain_of(url)
        if key not in self._domains:
            self._domains[key] = _Domain(asyncio.Semaphore(self._parallel), self._delay)
        return self._domains[key]


def domain_of(url: str) -> str:
    """Whose machines answer for a URL: its registered domain, or its address."""
    return registrable_domain(url) or host_of(url) or ""
