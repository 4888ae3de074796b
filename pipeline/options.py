"""What a run was asked to do, and what it knows of itself."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lake.hashes import hash_json
from lake.tables import Lake
from transforms.feeds.feed_list import Feed, Polling
from transforms.fetch.robots import Robots
from transforms.read.drop_folder import DroppedFile
from transforms.read.segment import Source

# Its runs are rounds: they ask only feeds that are due, and commit nothing where nothing was.
WATCH = "watch"
# Its runs are windows.
STREAM = "stream"
# How this bounds memory: docs/decisions/0003-two-phases.md.
DEFAULT_CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of `wiretrace run` that decide what is done.

    `feeds` are asked over the network, as `polling` says; `sources` are read from files, `dropped`
    are files that a watch has chosen; `may_ask` is asked before each request. `chunk` counts
    deliveries, `wait` seconds for a busy lake; `runner_options` are `KEY=VALUE` for the runner
    (`pipeline.engines`); `entities` is fast or best. With
    `full_text` the pages of entries with a summary only are fetched, as `robots` allow; `sent` is
    when each domain was asked last (`transforms.fetch.politeness`). Without `tell`, stories are
    left to the next run that tells them.
    """

    lake: Path
    sources: tuple[Source, ...]
    feeds: tuple[Feed, ...] = ()
    polling: Polling = field(default_factory=Polling)
    dropped: tuple[DroppedFile, ...] = ()
    may_ask: Callable[[], bool] = lambda: True
    command: str = "run"
    runner: str = "DirectRunner"
    runner_options: tuple[str, ...] = ()
    workers: int = 1
    chunk: int = DEFAULT_CHUNK
    wait: float = 0.0
    dry_run: bool = False
    log_json: bool = True
    entities: str = "fast"
    full_text: bool = False
    robots: Robots = field(default_factory=Robots)
    sent: dict[str, float] = field(default_factory=dict)
    tell: bool = True

    @property
    def config_hash(self) -> str:
        """Hash of what influences results: not the lake's place, nor how long to wait."""
        value = {
            "sources": [dataclasses.asdict(source) for source in self.sources],
            "feeds": [dataclasses.asdict(feed) for feed in self.feeds],
            "dropped": sorted({dataclasses.astuple(file.source) for file in self.dropped}, key=str),
            "runner": self.runner,
            "workers": self.workers,
            "chunk": self.chunk,
            "entities": self.entities,
            "full_text": self.full_text,
        }
        return hash_json(value)[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions:
    """The options of `wiretrace stream`.

    `drops` are looked into and the `feeds` that are due are asked every `every` seconds; `window`
    is the length of a window in seconds, each of which is one commit. `subscription` is Pub/Sub's;
    without `stories` these are left to bounded runs; `runner_options` are handed on to the runner,
    `workers` is how many work at once.
    """

    lake: Path
    drops: tuple[Source, ...] = ()
    feeds: tuple[Feed, ...] = ()
    polling: Polling = field(default_factory=Polling)
    subscription: str | None = None
    every: float = 5.0
    window: float = 60.0
    entities: str = "fast"
    stories: bool = True
    runner: str = "FlinkRunner"
    runner_options: tuple[str, ...] = ()
    workers: int = 1


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run under way: its name, its clock and its private folder.

    `window_end` is set where it commits a window of a stream.
    """

    lake: Lake
    sequence: int
    run_id: str
    seen_at: dt.datetime
    log_json: bool
    entities: str = "fast"
    window_end: dt.datetime | None = None

    @property
    def tags(self) -> str:
        """The file of tags that were made before the run began; where there were none, absent."""
        return self.staging("tags")

    def staging(self, part: str = "") -> str:
        """The run's private folder, or a part of it."""
        return str(self.lake.staging(self.run_id) / part)
