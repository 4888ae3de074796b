"""How a feed or a page is asked: politely, within bounds, and what the answer becomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth, request_of
from transforms.fetch.addresses import AllowedHosts
from transforms.fetch.credentials import find_authorization
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Limits, Response
from transforms.fetch.politeness import Politeness
from transforms.parse import html_page, plaintext
from transforms.parse.item import ItemReject
from transforms.parse.sniff import HEAD_BYTES, choose_reader
from transforms.read.segment import Segment, Source
from transforms.urls import redact_url


class BodyFolder:
    """A folder of the run's own for what was fetched, a file for each body."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = 0

    def keep(self, body: bytes) -> str:
        """The path of the file that holds it now."""
        self._files += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._files:06d}"
        path.write_bytes(body)
        return str(path)


@asynccontextmanager
async def open_fetcher(
    polling: Polling,
    now: dt.datetime,
    known: Iterable[FeedHealth] = (),
    may_ask: Callable[[], bool] = lambda: True,
    limits: Limits | None = None,
    sent: dict[str, float] | None = None,
) -> AsyncIterator[Fetcher]:
    """A fetcher that asks as `polling` says, also towards hosts of `known` that were just asked.

    `now` is by the clock of `known`; `sent` as in `Politeness`: what this process has asked before.
    """
    politeness = Politeness(
        delay=polling.delay, parallel=polling.parallel, may_ask=may_ask, sent=sent
    )
    for health in known:
        ago = (now - health.last_attempt).total_seconds() if health.last_attempt else polling.delay
        if ago < polling.delay:
            politeness.remember(health.url_now or health.url, ago)
    contact = f" (+{polling.contact})" if polling.contact else ""
    async with Fetcher(
        user_agent=f"wiretrace/{version('wiretrace')}{contact}",
        allowed=AllowedHosts.parse(polling.allow_hosts),
        limits=limits,
        politeness=politeness,
    ) as fetcher:
        yield fetcher


async def fetch_feed(
    feed: Feed, health: FeedHealth, fetcher: Fetcher, now: dt.datetime
) -> Response:
    """A feed's answer to what is remembered of it.

    Raises:
        FetchFailed: also `no_feed` and `no_credential`.
    """
    authorization = find_authorization(feed.credential) if feed.credential else None
    response = await fetcher.fetch(request_of(health, now, authorization))
    refuse_what_is_no_feed(response)
    return response


def refuse_what_is_no_feed(response: Response) -> None:
    """Raises `FetchFailed` (`no_feed`): a page of log-in, consent or error is no article."""
    if response.status == 304:
        return
    reader = choose_reader(response.body[:HEAD_BYTES], response.url)
    if isinstance(reader, ItemReject):
        raise FetchFailed("no_feed", f"{redact_url(response.url)}: {reader.message}")
    if reader.FORMAT in (html_page.FORMAT, plaintext.FORMAT):
        what = "a page" if reader.FORMAT == html_page.FORMAT else "plain text"
        raise FetchFailed("no_feed", f"{redact_url(response.url)} is {what}, no feed")


def authorization_for(page: str, feed: Feed) -> str | None:
    """A feed's credential is for its own origin, also where the feed names the next page."""
    same = page.split("/")[:3] == feed.url.split("/")[:3]
    return find_authorization(feed.credential) if feed.credential and same else None


def failed_segment(url: str, source: Source, failure: FetchFailed) -> Segment:
    """What could not be fetched, as the container that it was to be."""
    return Segment(redact_url(url), source, problem=failure.reason, message=failure.message)
