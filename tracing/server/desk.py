"""Where answers are made: on a few threads, each once, with a line of bounded length before them.

Reading a lake takes a processor and memory for as long as it lasts; more at once would only make
all of them slow. Answers are kept, up to some megabytes: a page that many look at is made once a
run.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from tracing.server.address import Address
from tracing.server.newest import Pin

_THREADS: Final = 2
# Answers under way, those that wait included.
_MOST: Final = 64
_KEPT_BYTES: Final = 48 << 20


class Busy(Exception):
    """So many answers are under way that another one would have to wait too long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent. It is kept as long as `pin` holds; without one it is not."""

    status: int
    media_type: str
    body: bytes
    location: str | None = None
    pin: Pin | None = None


class Desk:
    """Makes answers and keeps them; all methods are to be called in the event loop's thread."""

    def __init__(self, make: Callable[[Address], Answer], holds: Callable[[Answer], bool]) -> None:
        self._make = make
        self._holds = holds
        self._threads = ThreadPoolExecutor(_THREADS, "reader")
        self._under_way: dict[Address, asyncio.Future[Answer]] = {}
        self._kept: OrderedDict[Address, Answer] = OrderedDict()
        self._bytes = 0

    async def answer(self, address: Address) -> Answer:
        """The answer, kept or new.

        Raises:
            Busy: too many are under way.
        """
        kept = self._kept.get(address)
        if kept is not None and self._holds(kept):
            self._kept.move_to_end(address)
            return kept
        future = self._under_way.get(address)
        if future is None:
            if len(self._under_way) >= _MOST:
                raise Busy
            future = asyncio.get_running_loop().run_in_executor(self._threads, self._make, address)
            self._under_way[address] = future
            future.add_done_callback(lambda done: self._finish(address, done))
        return await asyncio.shield(future)

    def close(self) -> bool:
        """Begin nothing more; whether anything is still being made."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        return bool(self._under_way)

    def _finish(self, address: Address, done: asyncio.Future[Answer]) -> None:
        del self._under_way[address]
        if not done.cancelled() and done.exception() is None and done.result().pin is not None:
            self._keep(address, done.result())

    def _keep(self, address: Address, answer: Answer) -> None:
        self._drop([address])
        self._kept[address] = answer
        self._bytes += len(answer.body)
        if self._bytes > _KEPT_BYTES:
            self._drop([one for one, kept in self._kept.items() if not self._holds(kept)])
        while self._bytes > _KEPT_BYTES:
            self._drop([next(iter(self._kept))])

    def _drop(self, addresses: Iterable[Address]) -> None:
        for address in addresses:
            old = self._kept.pop(address, None)
            self._bytes -= 0 if old is None else len(old.body)
