"""`wiretrace feeds check`: feeds asked now, and what each answers."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

from pipeline.asking import fetch_feed, open_fetcher
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Response
from transforms.parse.child import ParserChild
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.messages import SourceBytes
from transforms.urls import redact_url


def check(feeds: Sequence[Feed], polling: Polling) -> list[dict[str, Any]]:
    """Ask feeds, in full, and say what they answer; nothing is stored."""

    async def ask() -> list[Response | BaseException]:
        now = dt.datetime.now(dt.UTC)
        async with open_fetcher(polling, now) as fetcher:
            asked = (fetch_feed(feed, FeedHealth(url=feed.url), fetcher, now) for feed in feeds)
            return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(ask())
    with ParserChild() as child:
        return [_check_one(*pair, child) for pair in zip(feeds, answers, strict=True)]


def _check_one(feed: Feed, answer: Response | BaseException, child: ParserChild) -> dict[str, Any]:
    row: dict[str, Any] = {"feed": redact_url(feed.url), "format": None, "entries": None}
    if isinstance(answer, FetchFailed):
        return {**row, "result": answer.reason, "what": answer.message}
    if not isinstance(answer, Response):
        raise answer
    context = ParseContext(source_uri=row["feed"], charset=answer.charset)
    results = child.parse([SourceBytes(answer.body, context)])[0]
    items = [result for result in results if isinstance(result, Item)]
    rejected = [result for result in results if isinstance(result, ItemReject)]
    row |= {"format": items[0].source_format if items else None, "entries": len(items)}
    if rejected:
        return {**row, "result": rejected[0].reason, "what": rejected[0].message}
    moved = f"moved for good to {redact_url(answer.permanent_url)}" if answer.permanent_url else ""
    return {**row, "result": "ok", "what": moved}
