"""The pages of entries that came with a summary only (`--full-text`): which are asked, and again.

A page that was answered for good, with an article or without, is marked in the key state and not
asked again for the same entry. What may pass (a busy host, an unreadable robots.txt, a round that
ran out of time) is remembered with its feed and asked later, as long as the feed shows the entry.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from lake.keys import KeyState, StateFiles
from pipeline.asking import BodyFolder, authorization_for, failed_segment, open_fetcher
from schemas.ids import page_mark
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth
from transforms.feeds.pages import (
    DOWN_AFTER,
    Waiting,
    after_failure,
    down_until,
    held_until,
    may_pass,
)
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Limits, Request, Response
from transforms.fetch.politeness import TurnRefused, domain_of
from transforms.fetch.robots import Robots, RobotsGuard
from transforms.full_text import SUMMARY_COLUMNS, Entry, lacks_text, to_entry
from transforms.parse import html_page
from transforms.read.segment import Segment, Source
from transforms.stage import StagedFile
from transforms.urls import host_of, redact_url

_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
# Of one feed in one round, and for all of them; a hostile feed names a hundred thousand pages. What
# is left is asked in the next round.
PER_FEED = 200
ASK_SECONDS = 600.0
PUT_OFF_SECONDS = 300.0
_LIMITS = Limits(max_body=html_page.MAX_PAGE)
_KEYS = ["source", "content_hash", "key_kinds", "key_hashes", *SUMMARY_COLUMNS]


@dataclass(slots=True)
class _Page:
    """An address to ask, for one or several entries of feeds: (feed, mark, entry) of each."""

    url: str
    feed: Feed
    wanted: list[tuple[str, str, Entry]]
    failures: float = 0.0
    due: float = 0.0


class PageRound:
    """One round: `fetch`; then `marks`, `waiting` and `held` are what is to be remembered.

    `marks` are those of entries whose page was answered for good; `waiting`, by feed and mark, of
    those to be asked again; `held`, by host, says until when (seconds since 1970) none is asked.
    """

    def __init__(
        self,
        polling: Polling,
        remembered: Mapping[str, FeedHealth],
        state: StateFiles,
        robots: Robots,
        folder: Path,
        may_ask: Callable[[], bool],
        sent: dict[str, float],
    ) -> None:
        self.marks: list[str] = []
        self.waiting: dict[str, dict[str, Waiting]] = defaultdict(dict)
        self.held: dict[str, float] = {}
        self._polling = polling
        self._health = remembered
        self._state = state
        self._robots = robots
        self._bodies = BodyFolder(folder)
        self._may_ask = may_ask
        self._sent = sent
        self._until = math.inf
        self._failed_in_a_row: dict[str, int] = defaultdict(int)
        now = _now().timestamp()
        for health in remembered.values():
            for host, until in health.held_hosts.items():
                if until > now:
                    self._hold(host, until)

    def fetch(self, staged: Sequence[StagedFile], feeds: Mapping[str, Feed]) -> list[Segment]:
        """Ask for the pages of what was staged from `feeds` (by source): what came, what failed."""
        pages = self._find_pages(staged, feeds)
        self._until = time.monotonic() + ASK_SECONDS
        return asyncio.run(self._ask_all(pages)) if pages else []

    def _find_pages(self, staged: Sequence[StagedFile], feeds: Mapping[str, Feed]) -> list[_Page]:
        rows = list(_summaries(staged, feeds))
        done = KeyState(self._state).holds([mark for mark, _, _ in rows])
        pages: dict[str, _Page] = {}
        # A feed that links all its entries to one page, the site's first, has no page of any.
        texts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for _, feed, row in rows:
            texts[(feed.url, row["url"])].add(row["content_hash"])
        for mark, feed, row in rows:
            if mark in done or len(texts[(feed.url, row["url"])]) > 1:
                continue
            page = pages.setdefault(row["url"], _Page(row["url"], feed, []))
            page.wanted.append((feed.url, mark, to_entry(row)))
            known = self._health[feed.url].pages if feed.url in self._health else {}
            failures, due = known.get(mark, (0.0, 0.0))
            page.failures, page.due = max(page.failures, failures), max(page.due, due)
        return list(pages.values())

    async def _ask_all(self, pages: Iterable[_Page]) -> list[Segment]:
        by_domain: dict[str, list[_Page]] = defaultdict(list)
        asked: Counter[str] = Counter()
        # What has failed before comes last, so that it cannot keep the others from being asked.
        for page in sorted(pages, key=_order):
            asked[page.feed.url] += 1
            if asked[page.feed.url] > PER_FEED:
                self._put_off(page)
            else:
                by_domain[domain_of(page.url)].append(page)
        segments: list[Segment] = []
        async with open_fetcher(
            self._polling, _now(), self._health.values(), self._has_time, _LIMITS, self._sent
        ) as fetcher:
            guard = RobotsGuard(self._robots, fetcher)

            async def permit(url: str) -> None:
                # What a page redirects to may be a host that asked to be left alone.
                if self._held_until(url) > _now().timestamp():
                    raise TurnRefused(url)
                await guard.permit(url)

            workers = [
                self._work(queue, fetcher, permit, segments)
                for queue in by_domain.values()
                for _ in range(min(self._polling.parallel, len(queue)))
            ]
            await asyncio.gather(*workers)
        return segments

    async def _work(
        self,
        queue: list[_Page],
        fetcher: Fetcher,
        permit: Callable[[str], Awaitable[None]],
        segments: list[Segment],
    ) -> None:
        """Ask the pages of a domain one after another; another worker may share the queue."""
        while queue:
            page = queue.pop(0)
            ready = max(page.due, self._held_until(page.url))
            if ready > _now().timestamp():
                self._wait(page, (page.failures, ready))
                continue
            request = Request(
                url=page.url,
                accept=_ACCEPT,
                authorization=authorization_for(page.url, page.feed),
                permit=permit,
            )
            try:
                response = await fetcher.fetch(request)
            except TurnRefused as refused:
                self._put_off(page, self._held_until(refused.url))
            except FetchFailed as failure:
                self._note_failure(page, failure)
                segments.append(failed_segment(page.url, _source(page), failure))
            else:
                self._failed_in_a_row[_host(response.url)] = 0
                self.marks += [mark for _, mark, _ in page.wanted]
                segments += self._keep(page, response)

    def _note_failure(self, page: _Page, failure: FetchFailed) -> None:
        now, chance = _now(), random.random()
        host = _host(failure.url or page.url)
        held = held_until(failure, now, chance)
        if not may_pass(failure):
            self._failed_in_a_row[host] = 0
            next_turn = None
        else:
            self._failed_in_a_row[host] += 1
            next_turn = after_failure(page.failures, now, chance)
            if held is None and self._failed_in_a_row[host] >= DOWN_AFTER:
                held = down_until(now, chance)
        if held is not None:
            self._hold(host, held.timestamp())
        if next_turn is None:
            self.marks += [mark for _, mark, _ in page.wanted]
        else:
            self._wait(page, (next_turn[0], max(next_turn[1], self.held.get(host, 0.0))))

    def _has_time(self) -> bool:
        return self._may_ask() and time.monotonic() < self._until

    def _held_until(self, url: str) -> float:
        return self.held.get(_host(url), 0.0)

    def _hold(self, host: str, until: float) -> None:
        self.held[host] = max(until, self.held.get(host, 0.0))

    def _put_off(self, page: _Page, until: float = 0.0) -> None:
        """Nothing is known against it; its feed, asked in full for it, is not asked at once."""
        soon = _now().timestamp() + PUT_OFF_SECONDS
        self._wait(page, (page.failures, max(soon, until)))

    def _wait(self, page: _Page, turn: Waiting) -> None:
        for feed, mark, _ in page.wanted:
            self.waiting[feed][mark] = turn

    def _keep(self, page: _Page, response: Response) -> Iterator[Segment]:
        path = self._bodies.keep(response.body)
        for number, (_, _, entry) in enumerate(page.wanted):
            yield Segment(
                redact_url(page.url),
                _source(page),
                path,
                counts=number == 0,
                charset=response.charset,
                entry=entry,
                url=redact_url(response.url),
            )


def _summaries(
    staged: Iterable[StagedFile], feeds: Mapping[str, Feed]
) -> Iterator[tuple[str, Feed, dict[str, Any]]]:
    """(mark, feed, staged row) of every entry whose text is on its page."""
    for file in staged:
        rows = pq.read_table(file.path, columns=_KEYS).to_pylist()
        wanted = [n for n, row in enumerate(rows) if row["source"] in feeds and lacks_text(row)]
        if wanted:
            for row in pq.read_table(file.path).take(wanted).to_pylist():
                named = dict(zip(row["key_kinds"], row["key_hashes"], strict=True))
                key = named.get("url") or row["key_hashes"][0]
                yield page_mark(key, row["content_hash"]), feeds[row["source"]], row


def _order(page: _Page) -> tuple[float, float, str]:
    published = [e.article.published for _, _, e in page.wanted if e.article.published]
    newest = max(published).timestamp() if published else 0.0
    return page.failures, -newest, page.url


def _host(url: str) -> str:
    return host_of(url) or ""


def _source(page: _Page) -> Source:
    return Source(page.feed.url, page.feed.outlet, html_page.FORMAT)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
