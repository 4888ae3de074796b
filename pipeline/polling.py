"""A round of polling: which feeds are asked, what they answered, what is remembered of each.

The bytes go the way of every container: what was fetched is a `Segment` of the bounded run, what
could not be fetched is one with a problem, and so a reject. What a feed held is known when the run
has staged it (`follow`), what of it was new when the run has decided (`conclude`). Only then is its
memory complete, and it is written with the run's commit (`lake/feeds.py`).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow.parquet as pq
import structlog

from pipeline.asking import (
    BodyFolder,
    authorization_for,
    failed_segment,
    fetch_feed,
    open_fetcher,
    refuse_what_is_no_feed,
)
from schemas.ids import show_mark
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import (
    FeedHealth,
    after_entries,
    after_failure,
    after_response,
    has_gap,
    is_due,
    is_held,
    is_same_body,
    with_entries_of,
)
from transforms.feeds.hints import FeedHints, find_hints
from transforms.feeds.interval import Bounds
from transforms.feeds.pages import Waiting
from transforms.feeds.survey import Entry, FeedSurvey
from transforms.fetch.failure import FetchFailed
from transforms.fetch.fetcher import Fetcher, Request, Response
from transforms.fetch.politeness import TurnRefused
from transforms.read.segment import BYTES_PER_DELIVERY, Segment, Source
from transforms.stage import StagedFile
from transforms.urls import redact_url

# Pages of a paged feed (RFC 5005) that are followed to close a gap, in one round.
MAX_PAGES = 10
_ENTRY_COLUMNS = ["source", "key_hashes", "published", "content_hash", "control_hash"]
_log = structlog.get_logger("wiretrace")


@dataclass(slots=True)
class Answered:
    """A feed that answered with something to read, and what its pages held."""

    feed: Feed
    hints: FeedHints
    max_age: int | None
    sources: set[str]
    asked_pages: set[str]
    next_page: str | None
    entries: list[Entry] = field(default_factory=list)
    pages: int = 0

    def survey(self, new: int, seen_on: dt.date) -> FeedSurvey:
        """What is known of it, with so many new entries."""
        return FeedSurvey(
            entries=tuple(self.entries),
            new=new,
            hints=self.hints,
            max_age=self.max_age,
            seen_on=seen_on,
        )


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll of a stream found, on its way to the commit of its items.

    `health` is of the feeds that were asked, after their answers, and counts only then.
    """

    health: Mapping[str, FeedHealth]
    answered: tuple[Answered, ...]
    unchanged: int
    seen_on: dt.date
    bounds: Bounds

    @property
    def attempted(self) -> dt.datetime:
        """When the last of its feeds was asked."""
        attempts = [one.last_attempt for one in self.health.values() if one.last_attempt]
        return max(attempts, default=dt.datetime.min.replace(tzinfo=dt.UTC))


class PollRound:
    """One round, in the order of its methods: `fetch`, `follow` until nothing comes, `conclude`.

    `folder` is the run's own, for what was fetched; `remembered` is what the lake knew before,
    `seen_on` the run's UTC day. `only_due` leaves the others unasked; once `may_ask` says no, what
    waits for its turn is `postponed`. `unchanged` counts feeds that answered with nothing to read.
    `full_text` says that a `PageRound` follows; `sent` as in `Politeness`.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        polling: Polling,
        remembered: Mapping[str, FeedHealth],
        folder: Path,
        seen_on: dt.date,
        *,
        only_due: bool,
        may_ask: Callable[[], bool],
        full_text: bool = False,
        sent: dict[str, float] | None = None,
    ) -> None:
        self.health = dict(remembered)
        # Without the option no page is asked, so none is waited for; they are not forgotten.
        waiting = {url: one.pages for url, one in remembered.items() if one.pages}
        self._pages = {} if full_text else waiting
        for url in self._pages:
            self.health[url] = replace(self.health[url], pages={})
        self._sent = {} if sent is None else sent
        self._seen_on = seen_on
        self.unchanged = 0
        self.postponed = 0
        self._only_due = only_due
        self._may_ask = may_ask
        self._feeds = feeds
        self._polling = polling
        self._bounds = Bounds(polling.min_interval, polling.max_interval)
        self._bodies = BodyFolder(folder)
        self._answered: list[Answered] = []
        self._asked: list[str] = []

    def fetch(self) -> list[Segment]:
        """Ask every feed that may be asked: segments of what they hold, and of what failed."""
        asked, now = [], _now()
        for feed in self._feeds:
            health = self.health.setdefault(feed.url, FeedHealth(url=feed.url))
            if is_held(health, now):
                # A watch would say so every minute.
                if not self._only_due:
                    _log.info("feed not asked", feed=redact_url(feed.url), why=health.why)
            elif is_due(health, now) or not self._only_due:
                asked.append(feed)
        # Who waited longest first, since there may not be time for all.
        asked.sort(key=lambda feed: self.health[feed.url].next_due)
        self._asked = [feed.url for feed in asked]
        return asyncio.run(self._ask_all(asked)) if asked else []

    def follow(self, staged: Sequence[StagedFile]) -> list[Segment]:
        """Note what was staged; where entries may be missing, ask for the next pages."""
        note_entries(self._answered, staged)
        behind = [each for each in self._answered if self._is_behind(each)]
        return asyncio.run(self._turn_pages(behind)) if behind else []

    def shown_before(self) -> frozenset[str]:
        """Marks of what the feeds that answered have shown already, with a sighting of this day."""
        return shown_before(self._answered, self.health, self._seen_on)

    def polled(self) -> Polled:
        """What this round leaves to the commit of a window, where a stream has no conclusion."""
        asked = {url: self.health[url] for url in self._asked}
        return Polled(asked, tuple(self._answered), self.unchanged, self._seen_on, self._bounds)

    def answered(self) -> dict[str, Feed]:
        """The feeds that gave something to read, by each source of theirs."""
        return {source: each.feed for each in self._answered for source in each.sources}

    def conclude(
        self,
        details: Mapping[tuple[str, str, str], int],
        waiting: Mapping[str, Mapping[str, Waiting]],
        held_hosts: Mapping[str, float],
    ) -> dict[str, FeedHealth]:
        """What is remembered of every feed; `details` are the ledger's, by source and outcome.

        `waiting` are pages of entries to be asked again, by feed and mark (`pipeline.pages`).
        """
        self.health |= conclude_answers(
            self.health, self._answered, details, self._seen_on, self._bounds, waiting, held_hosts
        )
        for url, pages in self._pages.items():
            self.health[url] = replace(self.health[url], pages=pages)
        return self.health

    async def _ask_all(self, feeds: Sequence[Feed]) -> list[Segment]:
        async with open_fetcher(
            self._polling, _now(), self.health.values(), self._may_ask, sent=self._sent
        ) as fetcher:
            found = await asyncio.gather(*(self._ask(feed, fetcher) for feed in feeds))
        return [segment for segment in found if segment is not None]

    async def _ask(self, feed: Feed, fetcher: Fetcher) -> Segment | None:
        before = self.health[feed.url]
        try:
            response = await fetch_feed(feed, before, fetcher, _now())
        except TurnRefused:
            self.postponed += 1
            return None
        except FetchFailed as failure:
            self.health[feed.url] = after_failure(
                before, failure, _now(), self._bounds, random.random()
            )
            return failed_segment(feed.url, _source(feed), failure)
        self.health[feed.url] = after_response(
            before, response, _now(), self._bounds, random.random()
        )
        if is_same_body(before, response, _now()):
            self.unchanged += 1
            return None
        uri = redact_url(feed.url)
        hints = find_hints(response.body, response.url)
        asked = {feed.url, response.url}
        self._answered.append(
            Answered(feed, hints, response.max_age, {uri}, asked, hints.next_page)
        )
        return self._keep(feed, uri, response)

    def _is_behind(self, each: Answered) -> bool:
        if each.next_page is None or each.next_page in each.asked_pages or each.pages >= MAX_PAGES:
            return False
        return has_gap(self.health[each.feed.url], each.survey(0, self._seen_on))

    async def _turn_pages(self, behind: Sequence[Answered]) -> list[Segment]:
        async with open_fetcher(
            self._polling, _now(), self.health.values(), sent=self._sent
        ) as fetcher:
            return list(await asyncio.gather(*(self._turn(each, fetcher) for each in behind)))

    async def _turn(self, each: Answered, fetcher: Fetcher) -> Segment:
        page = each.next_page or ""
        each.pages += 1
        each.asked_pages.add(page)
        each.next_page = None
        try:
            response = await fetcher.fetch(
                Request(url=page, authorization=authorization_for(page, each.feed))
            )
            refuse_what_is_no_feed(response)
        except FetchFailed as failure:
            return failed_segment(page, _source(each.feed), failure)
        uri = redact_url(page)
        each.sources.add(uri)
        each.next_page = find_hints(response.body, response.url).next_page
        return self._keep(each.feed, uri, response)

    def _keep(self, feed: Feed, uri: str, response: Response) -> Segment:
        """The body as a file of the run, as every container is one."""
        path = self._bodies.keep(response.body)
        deliveries = max(1, len(response.body) // BYTES_PER_DELIVERY)
        return Segment(uri, _source(feed), path, deliveries=deliveries, charset=response.charset)


def note_entries(answered: Iterable[Answered], staged: Sequence[StagedFile]) -> None:
    """Note what was staged with the feed that it came from; of several answers, with the last."""
    by_source = {source: each for each in answered for source in each.sources}
    for source, entry in read_entries(staged) if by_source else ():
        if source in by_source:
            by_source[source].entries.append(entry)


def shown_before(
    answered: Iterable[Answered], health: Mapping[str, FeedHealth], seen_on: dt.date
) -> frozenset[str]:
    """Marks of what these feeds have shown already, with a sighting of that day."""
    known = [health[each.feed.url] for each in answered if each.feed.url in health]
    day = seen_on.isoformat()
    return frozenset(mark for one in known if one.shown_on == day for mark in one.shown)


def conclude_answers(
    health: Mapping[str, FeedHealth],
    answered: Iterable[Answered],
    details: Mapping[tuple[str, str, str], int],
    seen_on: dt.date,
    bounds: Bounds,
    waiting: Mapping[str, Mapping[str, Waiting]],
    held_hosts: Mapping[str, float],
) -> dict[str, FeedHealth]:
    """The feeds that answered, now that it is known what of their entries was new."""
    new: Counter[str] = Counter()
    for (source, outcome, _), items in details.items():
        new[source] += items if outcome == "new" else 0
    concluded: dict[str, FeedHealth] = {}
    for each in answered:
        url = each.feed.url
        survey = replace(
            each.survey(sum(new[source] for source in each.sources), seen_on),
            pages=waiting.get(url, {}),
            held_hosts=held_hosts,
        )
        if has_gap(health[url], survey):
            known_until = str(health[url].newest)
            _log.warning("possible gap", feed=redact_url(url), known_until=known_until)
        concluded[url] = after_entries(health[url], survey, _now(), bounds, random.random())
    return concluded


def conclude_polls(
    polls: Iterable[Polled],
    known: Mapping[str, FeedHealth],
    details: Mapping[tuple[str, str, str], int],
) -> dict[str, FeedHealth]:
    """What is remembered of every feed after the polls of a window, in the order of their time.

    `known` is what the lake knew. A poll may have begun before the one before it was committed:
    what entries told is the lake's.
    """
    health = dict(known)
    for poll in polls:
        health |= {url: with_entries_of(one, health.get(url)) for url, one in poll.health.items()}
        # What several polls have shown was noted, as often, with the last of them.
        answered = [
            replace(each, entries=list(dict.fromkeys(each.entries))) for each in poll.answered
        ]
        health |= conclude_answers(health, answered, details, poll.seen_on, poll.bounds, {}, {})
    return health


def read_entries(staged: Iterable[StagedFile]) -> Iterator[tuple[str, Entry]]:
    """(source, entry) of every staged delivery, without the texts."""
    for file in staged:
        for row in pq.read_table(file.path, columns=_ENTRY_COLUMNS).to_pylist():
            if row["key_hashes"]:
                key = row["key_hashes"][0]  # the strongest (DESIGN §4.2)
                mark = show_mark(row["source"], key, row["content_hash"], row["control_hash"])
                yield row["source"], Entry(key, row["published"], mark)


def _source(feed: Feed) -> Source:
    return Source(feed.url, feed.outlet, None, is_feed=True)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
