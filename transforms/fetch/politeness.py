"""Whose turn it is: so many requests to one domain at once, so far apart.

By registered domain, since `rss.` and `www.` are one operator's machines; by address where the host
is one.
"""

from __future__ import annotations

import asyncio
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
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0


class TurnRefused(Exception):
    """There is no time for this request any more; nothing is known of its host."""


class Politeness:
    """At most `parallel` requests to one domain at once, starts at least `delay` seconds apart.

    Once `may_ask` says no, whoever waits for a turn is refused it.
    """

    def __init__(
        self,
        *,
        delay: float = 1.0,
        parallel: int = 2,
        may_ask: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay
        self._parallel = parallel
        self._may_ask = may_ask
        self._clock = clock
        self._sleep = sleep
        self._domains: dict[str, _Domain] = {}
        self._sockets = asyncio.Semaphore(SOCKETS)

    def remember(self, url: str, seconds_ago: float) -> None:
        """Count a request that was made before this began."""
        domain = self._domain(url)
        start = self._clock() - max(seconds_ago, 0.0) + self._delay
        domain.next_start = max(domain.next_start, start)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Waits until a request to this URL may start; it ends with the context.

        Raises:
            TurnRefused: it may not any more.
        """
        domain = self._domain(url)
        async with domain.slots:
            # One after the other: two that waited for a socket would else start together.
            async with domain.starting:
                wait = domain.next_start - self._clock()
                if wait > 0 and self._may_ask():
                    await self._sleep(wait)
                await self._sockets.acquire()
                if not self._may_ask():
                    self._sockets.release()
                    raise TurnRefused(url)
                domain.next_start = self._clock() + self._delay
            try:
                yield
            finally:
                self._sockets.release()

    def _domain(self, url: str) -> _Domain:
        key = registrable_domain(url) or host_of(url) or ""
        return self._domains.setdefault(key, _Domain(asyncio.Semaphore(self._parallel)))
