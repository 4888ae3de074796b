"""`SpreadDeliveries`: staged deliveries to files that one chunk has for itself.

Deliveries are staged as they come, so that a file holds some of many days. If each chunk looked for
its own in all of them, the work of a run would grow with the square of its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.stage import StagedFile, write_staged
from transforms.staged import outlet_bucket

_EPOCH = 719163  # date(1970, 1, 1).toordinal(): Arrow counts days from there
_BUCKETS = 256


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of event days (ordinals) and of outlet buckets (0–255), both inclusive."""

    days: tuple[int, int]
    buckets: tuple[int, int]


def spread(
    paths: Sequence[str], chunks: Sequence[Chunk], folder: Path
) -> Iterator[tuple[int, StagedFile]]:
    """A new file for each of the chunks, by its number, that staged files hold deliveries of.

    `chunks` are in order and hold every delivery.
    """
    rows = pa.concat_tables(pq.read_table(path, page_checksum_verification=True) for path in paths)
    numbers = np.searchsorted([_place(c.days[1], c.buckets[1]) for c in chunks], _places(rows))
    # All at once: each time that some are taken, Arrow joins the pieces of a column.
    rows = rows.take(np.argsort(numbers, kind="stable"))
    bounds = np.cumsum(np.bincount(numbers, minlength=len(chunks)))
    for number, (first, last) in enumerate(pairwise([0, *bounds.tolist()])):
        if first < last:
            yield number, write_staged(rows.slice(first, last - first), folder)


def days_and_buckets(rows: pa.Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Of each staged row its event day (ordinal) and its outlet's bucket."""
    days = pc.cast(rows["date"], pa.int32()).to_numpy().astype(np.int64) + _EPOCH
    outlets = rows["outlet"].combine_chunks().dictionary_encode()
    buckets = np.array([outlet_bucket(name) for name in outlets.dictionary.to_pylist()], np.int64)
    return days, buckets[outlets.indices.to_numpy()]


def _places(rows: pa.Table) -> npt.NDArray[np.int64]:
    days, buckets = days_and_buckets(rows)
    return days * _BUCKETS + buckets


def _place(day: int, bucket: int) -> int:
    return day * _BUCKETS + bucket


class _Spread(beam.DoFn):
    def __init__(self, chunks: Sequence[Chunk], folder: str) -> None:
        self.chunks = chunks
        self.folder = Path(folder)

    def process(self, paths: tuple[str, ...]) -> Iterator[tuple[int, StagedFile]]:
        yield from spread(paths, self.chunks, self.folder)


@dataclass
class SpreadDeliveries(beam.PTransform):
    """Tuples of paths to (number of a chunk, `StagedFile`) under `folder`, this run's own.

    Attributes:
        chunks: all chunks of the run, in order.
        folder: where the new files lie.
    """

    chunks: Sequence[Chunk]
    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, paths: beam.PCollection) -> beam.PCollection:
        """Read each file once."""
        return paths | "SpreadFiles" >> beam.ParDo(_Spread(self.chunks, self.folder))
