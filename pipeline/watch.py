"""`wiretrace watch`: a loop of bounded runs, over the feeds that are due and the complete drops.

A round that has nothing to do takes no lease and writes nothing. What stops a round and may pass
(another writer, a full disk) is said and tried again; anything else ends the watch.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from threading import Event

import structlog

from lake.commit import is_committing, newest_sequence
from lake.compact import Compacted, compact_gathered
from lake.lease import LakeBusy
from lake.newest_keys import newest_keys
from lake.remote_lease import LeaseLost
from lake.store import StoreUnavailable
from lake.tables import Lake, is_lake, look_again, refuse_foreign
from pipeline.batch import RunResult, run_batch
from pipeline.conclude import Progress
from pipeline.logs import configure
from pipeline.options import WATCH, RunOptions
from tracing.feeds import known_health
from transforms.feeds.feed_list import BadFeedList, Feed, Polling
from transforms.feeds.health import FeedHealth, is_due
from transforms.read.drop_folder import Scan, scan_drops
from transforms.read.segment import Source

# No request is begun later in a round, so that one slow host does not hold up the others' items.
POLL_SECONDS = 120.0
_log = structlog.get_logger("wiretrace")

FeedSource = Callable[[], tuple[Sequence[Feed], Polling]]
"""The feeds and how to ask them, read anew for each round; raises `BadFeedList` or OSError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """`run` holds what is alike in all rounds; between two are at least `every` seconds."""

    run: RunOptions
    drops: tuple[Source, ...]
    feeds: FeedSource
    every: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round found and did.

    `result` is None where there was nothing to do, or where a `problem` came that may pass. `due`
    counts feeds when it began, `health` is that of every feed of the list when it ended.
    `is_unfinished`: a plan stood there, of a run that was killed, or that is just committing.
    """

    number: int
    began: dt.datetime
    health: Mapping[str, FeedHealth] = field(default_factory=dict)
    due: int = 0
    scan: Scan = field(default_factory=Scan)
    is_unfinished: bool = False
    result: RunResult | None = None
    compacted: Compacted = field(default_factory=Compacted)
    problem: str | None = None

    @property
    def has_more(self) -> bool:
        """Is something left that need not wait for its time?"""
        postponed = self.result.postponed if self.result else 0
        return self.problem is None and bool(postponed or self.scan.left)


def watch(
    options: WatchOptions,
    stop: Event,
    report: Callable[[Round], None],
    progress: Progress = lambda stage, items: None,
) -> None:
    """Go round until `stop` is set; what has begun is finished, and `report` told of every round.

    Raises:
        BadFeedList, OSError: of the list of feeds, at first; later the last good one holds.
        Exception: whatever `run_batch` raises, but for what may pass.
    """
    refuse_foreign(options.run.lake)
    configure(None, json=options.run.log_json)
    feeds, polling = options.feeds()
    for number in count(1):
        began = time.monotonic()
        if number > 1:
            feeds, polling = _reread(options.feeds, (feeds, polling))
        try:
            done = run_round(options, feeds, polling, number, stop, progress)
        except (LakeBusy, LeaseLost, StoreUnavailable, OSError) as error:
            _log.error("the round is tried again", what=str(error))
            done = Round(number=number, began=dt.datetime.now(dt.UTC), problem=str(error))
        report(done)
        if not done.has_more:
            stop.wait(max(0.0, began + options.every - time.monotonic()))
        if stop.is_set():
            return


def run_round(
    options: WatchOptions,
    feeds: Sequence[Feed],
    polling: Polling,
    number: int,
    stop: Event,
    progress: Progress = lambda stage, items: None,
) -> Round:
    """One round: look, and if there is anything to do, one bounded run with one commit.

    Raises:
        Exception: whatever `run_batch` and `compact_gathered` raise.
    """
    done = look(options, feeds, number)
    has_work = bool(done.due or done.scan.files)
    if not (has_work or done.is_unfinished):
        return done
    until = time.monotonic() + POLL_SECONDS
    run = replace(
        options.run,
        command=WATCH,
        feeds=tuple(feeds),
        polling=polling,
        dropped=done.scan.files,
        may_ask=lambda: time.monotonic() < until and not stop.is_set(),
    )
    try:
        result = run_batch(run, progress)
        compacted = Compacted()
        if result.committed:
            compacted = compact_gathered(run.lake, wait_seconds=run.wait)
    except LakeBusy:
        if has_work:
            raise
        return done  # it was no killed run's: whoever is committing finishes it
    finally:
        configure(None, json=options.run.log_json)
    return replace(done, result=result, health=_health(run.lake, feeds), compacted=compacted)


def look(options: WatchOptions, feeds: Sequence[Feed], number: int) -> Round:
    """What there is to do, without the lease.

    Raises:
        LakeDamaged, StateDamaged: see `lake`.
    """
    look_again(options.run.lake)
    now = dt.datetime.now(dt.UTC)
    lake = options.run.lake
    health = _health(lake, feeds)
    return Round(
        number=number,
        began=now,
        health=health,
        due=sum(is_due(one, now) for one in health.values()),
        scan=scan_drops(options.drops, now, _taken(lake)) if options.drops else Scan(),
        is_unfinished=is_lake(lake) and is_committing(Lake(lake.absolute())),
    )


def _reread(
    source: FeedSource, last: tuple[Sequence[Feed], Polling]
) -> tuple[Sequence[Feed], Polling]:
    try:
        return source()
    except (BadFeedList, StoreUnavailable, OSError) as error:
        _log.error("the list of feeds cannot be used; the last good one holds", what=str(error))
        return last


def _health(root: Path, feeds: Sequence[Feed]) -> dict[str, FeedHealth]:
    lake = Lake(root.absolute())
    known = known_health(lake, newest_sequence(lake)) if is_lake(root) else {}
    return {feed.url: known.get(feed.url) or FeedHealth(url=feed.url) for feed in feeds}


def _taken(root: Path) -> Callable[[Sequence[str]], set[str]]:
    """Which marks of dropped files the lake holds."""
    if not is_lake(root):
        return lambda marks: set()
    return newest_keys(Lake(root.absolute())).holds
