"""A lake that polls a server on loopback, and feeds as publishers write them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lake.commit import newest_sequence
from lake.tables import open_lake, snapshot
from pipeline.batch import RunResult, run_batch
from pipeline.options import RunOptions
from tests.transforms.fetch.fault_server import Asked, FaultServer, Play, whole
from tracing.feeds import known_health
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth
from transforms.fetch.robots import Robots

NOW = dt.datetime.now(dt.UTC)
TEXT = (
    "Ferry number {n} left the harbour on time on Monday, its crew told the Harbour Post.",
    "It carried ninety passengers and a cargo of oranges, which had waited on the quay since "
    "Friday because of the strike that ended over the weekend.",
    "The next crossing is planned for Wednesday morning, weather permitting, the company said.",
)
POLLING = Polling(delay=0, allow_hosts=("127.0.0.1",))


@dataclass
class Newsroom:
    """A lake that polls one server's feeds."""

    lake: Path
    server: FaultServer
    polling: Polling = field(default_factory=lambda: POLLING)
    robots: Robots = field(default_factory=Robots)

    def poll(
        self, *paths: str, dry_run: bool = False, full_text: bool = False, **feed: Any
    ) -> RunResult:
        feeds = tuple(Feed(url=self.server.url(path), **feed) for path in paths)
        return run_batch(
            RunOptions(
                lake=self.lake,
                sources=(),
                feeds=feeds,
                polling=self.polling,
                dry_run=dry_run,
                full_text=full_text,
                robots=self.robots,
            )
        )

    def health(self, path: str) -> FeedHealth:
        lake = open_lake(self.lake)
        return known_health(lake, newest_sequence(lake))[self.server.url(path)]

    def rows(self, table: str, *columns: str) -> list[dict[str, Any]]:
        found = snapshot(open_lake(self.lake)).read(table, list(columns))
        return sorted(found.to_pylist(), key=str)

    def ids(self, headline: str) -> list[str]:
        rows = self.rows("articles", "article_id", "headline")
        return sorted({row["article_id"] for row in rows if row["headline"] == headline})

    def headlines(self) -> list[str]:
        return [row["headline"] for row in self.rows("articles", "headline")]

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.server.asked if asked.path == path]


def rss(*numbers: int, around: str = "", language: str = "en") -> bytes:
    """A feed of items, one an hour, number 0 the newest."""
    items = "".join(
        f"<item><title>Ferry {n} sails</title><guid>ferry-{n}</guid>"
        f"<link>https://harbour-post.example/ferry-{n}</link>"
        f"<description>Ferry number {n} left the harbour on time, its crew says.</description>"
        f"<pubDate>{(NOW - dt.timedelta(hours=n + 1)):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n in numbers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org'
        f'/2005/Atom"><channel><title>Harbour Post</title>{around}{items}</channel></rss>'
    ).encode()


def page(n: int, *paragraphs: str, head: str = "", headline: str | None = None) -> bytes:
    """The page of entry `n` of a feed."""
    told = {
        "@type": "NewsArticle",
        "headline": headline or f"Ferry {n} sails on time",
        "author": {"@type": "Person", "name": "Ada Quay"},
    }
    body = "".join(f"<p>{p.format(n=n)}</p>" for p in paragraphs or TEXT)
    return (
        f"<!doctype html><html lang='en'><head><title>Ferry {n}</title>{head}"
        f'<link rel="canonical" href="https://harbour-post.example/ferries/{n}">'
        f'<script type="application/ld+json">{json.dumps(told)}</script></head>'
        f"<body><nav>Home</nav><article><h1>Ferry {n} sails</h1>{body}</article></body></html>"
    ).encode()


def conditional(body: bytes, etag: str) -> Play:
    """An answer that is 304 to whoever has it."""

    async def play(writer: Any, asked: Asked) -> None:
        if asked.headers.get("if-none-match") == etag:
            await whole(b"", f"ETag: {etag}", status=304)(writer, asked)
        else:
            await whole(body, f"ETag: {etag}", "Content-Type: application/rss+xml")(writer, asked)

    return play
