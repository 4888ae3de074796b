"""Feeds that live: each publishes an item every so often, shows the newest, edits some, fails some.

What they published is known exactly, so that a lake can be held against it.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.transforms.fetch.fault_server import FAULTS, Asked, FaultServer, whole

# What a request may meet instead of the feed; one that hangs takes a round 20 seconds: rarer.
PLAYED = (
    "/500", "/close", "/cut-gzip", "/cut-br", "/wrong-length", "/no-http", "/many-headers",
)  # fmt: skip
HANGING = 0.05
SHOWN = 60


@dataclass
class LiveFeed:
    """A feed with an item every `gap` seconds since `began`, the newest `SHOWN` of them shown."""

    name: str
    gap: float
    began: float
    stopped: float | None = None

    def count(self, now: float) -> int:
        """Items published so far; the first at once."""
        return 1 + int(max(self._until(now) - self.began, 0.0) / self.gap)

    def text(self, number: int, now: float) -> str:
        """Every seventh item is corrected a minute after it came out."""
        age = self._until(now) - self.began - number * self.gap
        hour = "at ten" if number % 7 == 3 and age > 60 else "at nine"
        crew = f"says its crew of {number + 3}"
        return f"Ferry {number} of {self.name} left the harbour {hour}, {crew}."

    def _until(self, now: float) -> float:
        return now if self.stopped is None else min(now, self.stopped)

    def url(self, number: int) -> str:
        return f"https://{self.name}.example/ferry-{number}"

    def body(self, now: float) -> bytes:
        """As RSS, newest first."""
        last = self.count(now)
        items = "".join(
            f"<item><title>Ferry {n} of {self.name} sails</title><guid>{self.name}-{n}</guid>"
            f"<link>{self.url(n)}</link><description>{self.text(n, now)}</description></item>"
            for n in reversed(range(max(0, last - SHOWN), last))
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>{self.name}</title>{items}</channel></rss>"
        ).encode()


@dataclass
class Publisher:
    """A server on loopback that shows live feeds, conditionally, with a share of faults."""

    feeds: dict[str, LiveFeed]
    faults: float = 0.0
    seed: int = 1
    played: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()

    def attach(self, server: FaultServer) -> None:
        """Serve every feed under its name."""
        for name in self.feeds:
            server.pages[f"/{name}"] = self._answer

    def stop(self) -> None:
        """Publish nothing more, and fail no more."""
        self.faults = 0.0
        for feed in self.feeds.values():
            feed.stopped = time.monotonic()

    async def _answer(self, writer: Any, asked: Asked) -> None:
        with self._lock:
            fails = self._random.random() < self.faults
            hangs = self._random.random() < HANGING
            fault = "/hang-in-body" if hangs else self._random.choice(PLAYED)
        if fails:
            self.played[fault] += 1
            await FAULTS[fault](writer, asked)
            return
        body = self.feeds[asked.path[1:]].body(time.monotonic())
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == etag:
            self.played["304"] += 1
            await whole(b"", f"ETag: {etag}", status=304)(writer, asked)
        else:
            self.played["200"] += 1
            await whole(body, f"ETag: {etag}", "Content-Type: application/rss+xml")(writer, asked)
