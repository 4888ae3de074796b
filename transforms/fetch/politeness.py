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


class Politeness:
    """At most `parallel` requests to one domain at once, starts at least `delay` seconds apart."""

    def __init__(
        self,
        *,
        delay: float = 1.0,
        parallel: int = 2,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay = delay
        self._parallel = parallel
        self._clock = clock
        self._sleep = sleep
        self._domains: dict[str, _Domain] = {}
        self._sockets = asyncio.Semaphore(SOCKETS)

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Waits until a request to this URL may start; it ends with the context."""
        key = registrable_domain(url) or host_of(url) or ""
        domain = self._domains.setdefault(key, _Domain(asyncio.Semaphore(self._parallel)))
        async with domain.slots:
            # One after the other: two that waited for a socket would else start together.
            async with domain.starting:
                wait = domain.next_start - self._clock()
                if wait > 0:
                    await self._sleep(wait)
                await self._sockets.acquire()
                domain.next_start = self._clock() + self._delay
            try:
                yield
            finally:
                self._sockets.release()
