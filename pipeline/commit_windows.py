"""`CommitWindows`: all that arrived in a window to one commit of the lake.

One place commits, one window after the other. It is a process of its own (`pipeline/committer.py`),
since a commit runs bounded pipelines: the memory of these stays out of the engine's workers, and a
commit that hangs can be killed.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterWatermark
from apache_beam.transforms.window import FixedWindows, IntervalWindow
from apache_beam.utils.windowed_value import WindowedValue

from transforms.parse.child import own_environment
from transforms.parse.messages import Closed, Inbox, send

# A window that is not committed after so long is tried again by the engine, in a new process.
DEADLINE_SECONDS = 1_800.0
# Sources stamp what arrives with the time of its arrival, so that nothing of theirs is ever late.
# An engine that has gone back to a checkpoint may take some of it for late all the same, as what
# another source stamps may be: that is committed later, but never left out for it.
LATENESS_SECONDS = 7 * 86_400
# The word by which a committer knows that it tells stories.
STORIES = "stories"
_PARTS_BYTES = 64 << 20


class CommitFailed(Exception):
    """A window could not be committed; the engine tries it again."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: items by outcome, empty where the lake had all of it."""

    sequence: int | None
    outcomes: dict[str, int]


class Committer:
    """The process that commits; it is started when it is needed, and again when it died."""

    def __init__(self, lake: str, entities: str, stories: bool, sources: Sequence[str]) -> None:
        self._arguments = [lake, entities, STORIES if stories else "", *sources]
        self._process: subprocess.Popen[bytes] | None = None
        self._inbox: Inbox | None = None

    def commit(self, end: float, packed: Sequence[bytes]) -> Committed:
        """Commit a window that ends then (seconds since 1970).

        Raises:
            CommitFailed: it did not, or did not say so; says why.
        """
        inbox = self._inbox or self._start()
        deadline = time.monotonic() + DEADLINE_SECONDS
        try:
            inbox.sock.settimeout(DEADLINE_SECONDS)
            parts = _in_parts(packed)
            send(inbox.sock, pickle.dumps((end, len(parts))))
            for part in parts:
                send(inbox.sock, pickle.dumps(part))
            answer = pickle.loads(inbox.receive(deadline))
        except (Closed, TimeoutError) as error:
            self.close()
            raise CommitFailed(f"the process that commits is gone: {error!r}") from None
        if isinstance(answer, Committed):
            return answer
        raise CommitFailed(answer)

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if self._inbox is not None:
            self._inbox.sock.close()
            self._inbox = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> Inbox:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pipeline.committer", *self._arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=own_environment(),
            )
        self._inbox = Inbox(ours)
        return self._inbox


def _in_parts(packed: Sequence[bytes]) -> list[list[bytes]]:
    """As messages that are not too long for the other side."""
    parts: list[list[bytes]] = [[]]
    size = 0
    for one in packed:
        if parts[-1] and size + len(one) > _PARTS_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += len(one)
    return parts


class _Bundle(beam.DoFn):
    """Gathers what a bundle has of each window: what comes late is then one pane, not hundreds."""

    def start_bundle(self) -> None:
        self.windows: dict[IntervalWindow, list[bytes]] = defaultdict(list)

    def process(self, one: bytes, window: IntervalWindow = beam.DoFn.WindowParam) -> None:
        self.windows[window].append(one)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for window, packed in self.windows.items():
            yield WindowedValue(("lake", tuple(packed)), window.max_timestamp(), [window])


class _Commit(beam.DoFn):
    def __init__(self, lake: str, entities: str, stories: bool, sources: tuple[str, ...]) -> None:
        self.arguments = lake, entities, stories, sources
        self.committer: Committer | None = None
        self.windows = Metrics.counter("wiretrace.stream", "windows")
        self.commits = Metrics.counter("wiretrace.stream", "commits")
        self.lag = Metrics.distribution("wiretrace.stream", "lag_milliseconds")

    def setup(self) -> None:
        self.committer = Committer(*self.arguments)

    def teardown(self) -> None:
        if self.committer is not None:
            self.committer.close()
            self.committer = None

    def process(
        self,
        element: tuple[str, Iterable[tuple[bytes, ...]]],
        window: IntervalWindow = beam.DoFn.WindowParam,
    ) -> Iterator[Committed]:
        committer = self.committer or Committer(*self.arguments)
        packed = [one for bundle in element[1] for one in bundle]
        done = committer.commit(float(window.end), packed)
        self.windows.inc()
        self.commits.inc(int(done.sequence is not None))
        self.lag.update(int(1_000 * max(0.0, time.time() - float(window.end))))
        yield done


@dataclass
class CommitWindows(beam.PTransform):
    """What was packed (`transforms.arrival.pack`) to a `Committed` for each window.

    Attributes:
        lake: what `lake.present.named` gave.
        window: seconds of one window.
        entities: fast or best, for what was not tagged on the way.
        stories: whether they are told.
        sources: names of those that give signs of life; when all have ended, it is drained.
    """

    lake: str
    window: float
    entities: str
    stories: bool
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, packed: beam.PCollection) -> Any:
        """Gather each window in one place."""
        return (
            packed
            | "Window"
            >> beam.WindowInto(
                FixedWindows(self.window),
                trigger=AfterWatermark(late=AfterCount(1)),
                accumulation_mode=AccumulationMode.DISCARDING,
                allowed_lateness=LATENESS_SECONDS,
            )
            | "Bundle" >> beam.ParDo(_Bundle()).with_output_types(tuple[str, tuple[bytes, ...]])
            | "Gather" >> beam.GroupByKey()
            | "CommitWindow"
            >> beam.ParDo(_Commit(self.lake, self.entities, self.stories, self.sources))
        )
