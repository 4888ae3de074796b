"""A month of two hundred feeds in minutes: the scheduler, the fetcher, the parser and the identity
rules on a fake clock, without Beam; one commit a simulated day.

`make month` is the month; `make e2e` a few days of a few of the feeds.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import statistics
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import pipeline.polling
from lake.commit import Plan, commit
from lake.data_file import write_rows
from lake.keys import (
    MARK,
    KeyState,
    StateFiles,
    committed_state,
    pack_keys,
    pack_versions,
    publish_state,
    write_state,
)
from lake.lease import acquire
from lake.tables import Lake, create_lake, snapshot
from pipeline.chunks import find_distrusted
from pipeline.feed_state import remember
from pipeline.polling import PollRound
from schemas.article import ARTICLES
from schemas.definition import to_arrow
from schemas.ids import distrust_mark
from schemas.reject import Reject
from schemas.run import Run
from schemas.sighting import SIGHTINGS
from tests.conftest import CLOSING_LINE
from tests.e2e.month import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Entry,
    SimulatedFeed,
    at,
    is_within,
    make_feeds,
)
from tests.transforms.fetch.fault_server import Asked, FaultServer, whole
from transforms.delivery import Delivery
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth, is_due
from transforms.identify import Known, count_outcomes, identify
from transforms.identify_outlets import IdentifyContext, key_entries, look_up, version_entry
from transforms.normalize import normalize_parsed
from transforms.parse.child import ParserChild
from transforms.parse.containers import to_parsed
from transforms.read.containers import read_batch
from transforms.read.segment import Segment
from transforms.stage import StagedFile, write_deliveries
from transforms.staged import articles_at, blocks_in, sighted_of

DAYS = int(os.environ.get("WIRETRACE_MONTH_DAYS", "3"))
FEEDS = int(os.environ.get("WIRETRACE_MONTH_FEEDS", "30"))
SEED = 20260301
READ = ("full", "same")
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120 + DAYS * FEEDS * 2)]


class Newsstand:
    """The hosts: every answer as of the fake clock, and what was asked when."""

    def __init__(self, feeds: list[SimulatedFeed]) -> None:
        self.now = 0.0
        self.feeds = {feed.name: feed for feed in feeds}
        self._last: dict[str, tuple[str, float]] = {}

    def attach(self, server: FaultServer) -> None:
        for name in self.feeds:
            server.pages[f"/{name}"] = self._answer

    async def _answer(self, writer: Any, asked: Asked) -> None:
        feed, now = self.feeds[asked.path[1:]], self.now
        if is_within(now, feed.down):
            feed.polls.append((now, "down"))
            lines = ("Retry-After: 900",) if feed.conditional else ()
            await whole(b"", *lines, status=503)(writer, asked)
            return
        body = feed.body(now)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        given = asked.headers.get("if-none-match")
        lines = ["Content-Type: application/rss+xml"]
        lines += [f"ETag: {etag}"] if feed.conditional else []
        lines += [f"Cache-Control: max-age={feed.max_age}"] if feed.max_age else []
        if given and is_within(now, feed.stale):
            feed.polls.append((now, "stale"))
            await whole(b"", f"ETag: {given}", status=304)(writer, asked)
        elif given == etag:
            feed.polls.append((now, "same"))
            await whole(b"", *lines, status=304)(writer, asked)
        else:
            feed.polls.append((now, "full"))
            await whole(body, *lines)(writer, asked)


class Ingest:
    """What a run does with the segments of a round, without Beam, and a commit a day."""

    def __init__(self, root: Path, child: ParserChild) -> None:
        self.lake = create_lake(root)
        self.child = child
        self.outcomes: Counter[str] = Counter()
        self._begin()

    def _begin(self) -> None:
        self._base = committed_state(self.lake, snapshot(self.lake).sequence)
        self._state = KeyState(self._base)
        self._known: dict[str, Known] = {}
        self._keys: list[Any] = []
        self._versions: list[Any] = []
        self._rows: dict[str, list[Any]] = {"articles": [], "sightings": [], "aliases": []}

    def stage(self, segments: list[Segment], now: dt.datetime, folder: Path) -> list[StagedFile]:
        """Read, parse and normalize."""
        containers, _ = read_batch(tuple(segments), now, "run")
        deliveries = []
        parsed = self.child.parse([container.bytes for container in containers])
        for container, results in zip(containers, parsed, strict=True):
            for item in to_parsed(container, results, now, "run"):
                if isinstance(item, Reject):
                    assert item.reason == "no_items", item.message  # a feed without entries as yet
                    continue
                delivery = normalize_parsed(item, now, "run")
                assert isinstance(delivery, Delivery)
                deliveries.append(delivery)
        return [write_deliveries(deliveries, folder)] if deliveries else []

    def settle(
        self, staged: list[StagedFile], shown: frozenset[str], now: dt.datetime, sequence: int
    ) -> Counter[tuple[str, str, str]]:
        """Identify; what is new waits for the day's commit."""
        distrust = find_distrusted(staged)
        self._keys += [(distrust_mark(*pair), MARK) for pair in sorted(distrust)]
        context = IdentifyContext(sequence, "run", now, StateFiles(), frozenset(), distrust, shown)
        counts: Counter[tuple[str, str, str]] = Counter()
        for file in staged:
            for outlet, block in blocks_in(file.path):
                deliveries = sighted_of(block)
                known = look_up(deliveries, self._state, context)
                _add_today(known, self._known.get(outlet))
                found = identify(deliveries, known, sequence, "run", context.month)
                self._known[outlet] = known
                counts += count_outcomes(found.decisions)
                self._keys += key_entries(found)
                self._versions += [(v.article_id, version_entry(v.version)) for v in found.versions]
                picked = [(d.row, d.article_id, d.version_id) for d in found.decisions if d.write]
                self._rows["articles"] += articles_at(file.path, picked)
                self._rows["sightings"] += found.sightings
                self._rows["aliases"] += found.aliases
        for (_, outcome, _), items in counts.items():
            self.outcomes[outcome] += items
        return counts

    def commit(self, sequence: int, health: dict[str, FeedHealth]) -> None:
        """The day's rows, keys and memory in one run."""
        assert not self._rows["aliases"], "no two articles turn out to be one"
        run_id = f"day-{sequence}"
        with acquire(self.lake.root) as lease:
            staging = self.lake.staging(run_id)
            files = []
            for table in (ARTICLES, SIGHTINGS):
                rows = [dataclasses.replace(r, run_id=run_id) for r in self._rows[table.name]]
                files += write_rows(table, to_arrow(table, rows), staging) if rows else []
            new = write_state(
                self.lake,
                [pack_keys(self._keys)],
                [pack_versions(self._versions, lease.sequence)],
            )
            publish_state(self.lake, lease.sequence, self._base, new)
            remember(self.lake, lease.sequence, lease.sequence, health)
            run = Run(
                sequence=lease.sequence, run_id=run_id, command="run", config_hash="",
                code_version="test", started=START, ended=START, status="complete",
                seen=0, new=0, revised=0, duplicate=0, control=0, rejected=0,
            )  # fmt: skip
            commit(self.lake, Plan(lease.sequence, run, files))
        self._begin()


def _add_today(known: Known, today: Known | None) -> None:
    if today is not None:
        known.articles |= today.articles
        known.founded |= today.founded
        known.versions.update(today.versions)
        known.untrusted |= today.untrusted


def simulate(
    feeds: list[SimulatedFeed], days: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Lake, Counter[str]]:
    """Every minute a round over what is due; every simulated day a commit."""
    stand = Newsstand(feeds)
    monkeypatch.setattr(pipeline.polling, "_now", lambda: at(stand.now))
    polling = Polling(delay=0, allow_hosts=("127.0.0.1",))
    health: dict[str, FeedHealth] = {}
    with FaultServer() as server, ParserChild() as child:
        stand.attach(server)
        asked = [Feed(url=server.url(f"/{feed.name}")) for feed in feeds]
        ingest = Ingest(root, child)
        for minute in range(days * 1440):
            stand.now = minute * MINUTE
            now, sequence = at(stand.now), minute // 1440 + 1
            due = [f for f in asked if is_due(health.get(f.url) or FeedHealth(url=f.url), now)]
            if due:
                folder = root.parent / f"fetched-{minute}"
                polled = PollRound(
                    due, polling, health, folder, now.date(), only_due=True, may_ask=lambda: True
                )
                staged = ingest.stage(polled.fetch(), now, folder)
                assert polled.follow(staged) == []
                counts = ingest.settle(staged, polled.shown_before(), now, sequence)
                health = polled.conclude(counts, {}, {})
            if minute % 1440 == 1439:
                ingest.commit(sequence, health)
    return ingest.lake, ingest.outcomes


def test_nothing_is_lost_or_doubled_and_few_requests_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: pytest.RecordProperty
) -> None:
    feeds = make_feeds(FEEDS, DAYS, SEED)
    lake, outcomes = simulate(feeds, DAYS, tmp_path / "lake", monkeypatch)
    record_property(CLOSING_LINE, "; ".join(judge(feeds, lake, outcomes)))


def judge(feeds: list[SimulatedFeed], lake: Lake, outcomes: Counter[str]) -> list[str]:
    """Hold the lake against what the feeds published; sentences of what was measured."""
    articles: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, list[str]] = defaultdict(list)
    columns = ["headline", "article_id", "description_text"]
    for row in snapshot(lake).read("articles", columns).to_pylist():
        articles[row["headline"]].add(row["article_id"])
        texts[row["headline"]].append(row["description_text"])
    delays: list[float] = []
    hidden = brief = versions = 0
    for feed in feeds:
        read = [t for t, kind in feed.polls if kind in READ]
        for entry, answered in visible(feed, DAYS * DAY):
            # A wrong 304 hides an entry from who asks with a validator; who asks in full sees it.
            windows = without(answered, feed.stale)
            polled = [t for start, stop in answered for t in between(read, start, stop)]
            if not polled:
                hidden, brief = hidden + (not windows), brief + bool(windows)
                assert entry.name not in articles
                assert not was_due(feed, windows), f"{entry.name} was shown when it was due"
                continue
            assert len(articles[entry.name]) == 1, f"{entry.name}: {len(articles[entry.name])}"
            shown = {entry.text(t) for t in polled}
            assert sorted(texts[entry.name]) == sorted(shown), entry.name
            versions += len(shown) - 1
            if feed.gap <= HOUR and entry.appears > 0:
                delays.append(polled[0] - answered[0][0])
    requests = sum(len(feed.polls) for feed in feeds)
    kinds = Counter(kind for feed in feeds for _, kind in feed.polls)
    fixed = len(feeds) * DAYS * 144
    sightings = snapshot(lake).read("sightings", ["version_id"]).num_rows
    told = [
        f"month: {len(feeds)} feeds, {DAYS} days, {sum(len(f.entries) for f in feeds)} entries",
        f"{hidden} of them shown only while the host was down or stale or before the start",
        f"{brief} gone before the feed was due, {versions} edits seen",
        f"{requests} requests ({requests / fixed:.1%} of one every ten minutes): {dict(kinds)}",
        f"delay of lively feeds {statistics.median(delays) / 60:.1f} minutes (median)",
        f"{sightings} sightings of {outcomes.total()} deliveries",
    ]
    assert kinds["down"] > 0
    assert versions > 0
    assert requests <= fixed / 3
    assert statistics.median(delays) <= 10 * MINUTE
    return told


Windows = list[tuple[float, float]]


def visible(feed: SimulatedFeed, end: float) -> Iterator[tuple[Entry, Windows]]:
    """When the host answered and showed each entry, if only to who asked in full."""
    moments = sorted({0.0, *(e.appears for e in feed.entries if 0 < e.appears < end)})
    shown: dict[int, Windows] = defaultdict(list)
    for start, stop in pairwise([*moments, end]):
        for entry in feed.shows(start):
            windows = shown[id(entry)]
            if windows and windows[-1][1] == start:
                windows[-1] = (windows[-1][0], stop)
            else:
                windows.append((start, stop))
    for entry in feed.entries:
        yield entry, without(shown[id(entry)], feed.down)


def without(windows: Windows, hidden: Windows) -> Windows:
    """What is left of them."""
    for low, high in hidden:
        windows = [
            part
            for start, stop in windows
            for part in ((start, min(stop, low)), (max(start, high), stop))
            if part[0] < part[1]
        ]
    return windows


def between(moments: list[float], start: float, stop: float) -> list[float]:
    """Those of sorted moments from `start` on and before `stop`."""
    return moments[bisect_left(moments, start) : bisect_left(moments, stop)]


def was_due(feed: SimulatedFeed, windows: Windows) -> bool:
    """Was one of them longer than the time between the polls around it? Then one fell into it."""
    polls = [t for t, _ in feed.polls]
    return any(
        stop - start > after - before
        for start, stop in windows
        for before, after in pairwise([*polls, DAYS * DAY])
        if before <= start < after
    )
