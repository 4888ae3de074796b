"""A pipeline without an end: a tick every half second, counted in state, a line for each.

    python tests/flink/counting.py JOB_ENDPOINT POOL OUTPUT [SAVEPOINT]

A line is the count and the event time in milliseconds. What is written twice is a replay; what is
missing was lost; a count that begins again had lost its state.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.portable_runner import PortableRunner
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

TICK_SECONDS = 0.5


class Count(beam.DoFn):
    SO_FAR = ReadModifyWriteStateSpec("so_far", VarIntCoder())

    def __init__(self, output: str) -> None:
        self.output = output

    def process(
        self,
        element: tuple[str, int],
        at=beam.DoFn.TimestampParam,
        so_far=beam.DoFn.StateParam(SO_FAR),
    ) -> Iterator[None]:
        count = (so_far.read() or 0) + 1
        so_far.write(count)
        line = os.open(self.output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(line, f"{count} {at.micros // 1000}\n".encode())
        os.close(line)
        yield from ()


def main(endpoint: str, pool: str, output: str, savepoint: str = "") -> None:
    options = PipelineOptions(
        [
            "--streaming",
            f"--job_endpoint={endpoint}",
            "--environment_type=EXTERNAL",
            f"--environment_config={pool}",
            "--parallelism=1",
            "--shutdown_sources_after_idle_ms=9223372036854775807",
            *([f"--savepoint_path={savepoint}"] if savepoint else []),
        ]
    )
    pipeline = beam.Pipeline(runner=PortableRunner(), options=options)
    _ = (
        pipeline
        | "Tick" >> PeriodicImpulse(fire_interval=TICK_SECONDS)
        | "Key" >> beam.Map(lambda at: ("all", 1)).with_output_types(tuple[str, int])
        | "Count" >> beam.ParDo(Count(output))
    )
    pipeline.run().wait_until_finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
