"""`CommitWindows`: all that arrived in a window to one commit of the lake.

One place commits, one window after the other, in a process of its own (`pipeline/committer.py`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.trigger import AccumulationMode, AfterCount, AfterWatermark
from apache_beam.transforms.window import FixedWindows, IntervalWindow
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.committer import Committed, Committer

# Sources stamp what arrives with the time of its arrival, so that nothing of theirs is ever late.
# An engine that has gone back to a checkpoint may take some of it for late all the same, as what
# another source stamps may be: that is committed later, but never left out for it.
LATENESS_SECONDS = 7 * 86_400


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
