"""`Flow`: a stream whose clock is the test's, over records that are dropped beside a lake."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.testing.test_stream import TestStream
from apache_beam.transforms.window import TimestampedValue

from lake.lease import acquire
from lake.tables import create_lake
from pipeline.graph import stream
from pipeline.options import StreamOptions
from pipeline.stream_sources import SIGNS, arrivals_of
from schemas.ids import drop_mark
from transforms.arrival import Arrival
from transforms.read.drop_folder import DroppedFile
from transforms.read.segment import Source

START = 1_700_000_000
WINDOW = 10.0
Record = Mapping[str, Any]


class _Given(beam.PTransform):
    """Arrivals at times that the test chooses; no signs."""

    def __init__(self, events: Sequence[Any]) -> None:
        super().__init__()
        self._events = events

    def expand(self, begin: beam.pvalue.PBegin) -> Any:
        test = TestStream()
        for event in self._events:
            test = event(test)
        return (
            begin
            | test.advance_watermark_to_infinity()
            | beam.FlatMap(lambda batch: [batch]).with_outputs(SIGNS, main="main")
        )


class Flow:
    """What arrives when; `play` runs the stream to its end."""

    def __init__(self, folder: Path, lake: Path | None = None) -> None:
        self.lake = lake or folder / "lake"
        self.files = folder / "files"
        self.files.mkdir(parents=True)
        self._events: list[Any] = [lambda test: test.advance_watermark_to(START)]

    def arrival(self, *records: Record) -> tuple[Arrival, ...]:
        """A dropped file of these records; a new one each time."""
        path = self.files / f"{len(list(self.files.iterdir())):03}.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
        file = DroppedFile(0, str(path), path.stat().st_size, drop_mark(str(path), ""), Source("x"))
        return tuple(arrivals_of(file, dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)))

    def at(self, second: float, *batches: tuple[Arrival, ...]) -> None:
        """These arrive then, which is a time of the stream."""
        values = [TimestampedValue(batch, START + second) for batch in batches]
        self._events.append(lambda test: test.add_elements(values))

    def until(self, second: float) -> None:
        """Nothing of an earlier time is expected from here on: the watermark."""
        self._events.append(lambda test: test.advance_watermark_to(START + second))

    def play(self) -> None:
        with acquire(self.lake) as lease:
            create_lake(lease.root)
        options = PipelineOptions(flags=[], streaming=True)
        pipeline = beam.Pipeline(runner=BundleBasedDirectRunner(), options=options)
        wanted = StreamOptions(lake=self.lake, window=WINDOW)
        stream(pipeline, {"given": _Given(self._events)}, wanted)
        pipeline.run().wait_until_finish()
