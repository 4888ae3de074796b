"""`SpreadDeliveries`: staged deliveries to files that one chunk has for itself.

Deliveries are staged as they come, so that a file holds some of many days. Each chunk would have to
look for its own in all of them. Spread, it opens a file for each batch, as large as memory allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.ids import hash_id
from transforms.stage import write_staged

_EPOCH = 719163  # date(1970, 1, 1).toordinal(): Arrow counts days from there
_BUCKETS = 256


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of event days (ordinals) and of outlet buckets (0–255), both inclusive."""

    days: tuple[int, int]
    buckets: tuple[int, int]


def spread(
    paths: Sequence[str], chunks: Sequence[Chunk], folder: Path
) -> Iterator[tuple[int, str]]:
    """The path of a new file for each of the chunks, by its number, that the files hold some of.

    `chunks` are in order and hold every delivery.
    """
    rows = pa.concat_tables(pq.read_table(path, page_checksum_verification=True) for path in paths)
    ends = [_place(chunk.days[1], chunk.buckets[1]) for chunk in chunks]
    numbers = np.searchsorted(ends, _place(*days_and_buckets(rows)))
    # All at once: each time that some are taken, Arrow joins the pieces of a column.
    rows = rows.take(np.argsort(numbers, kind="stable"))
    bounds = np.cumsum(np.bincount(numbers))
    for number, (first, last) in enumerate(pairwise([0, *bounds.tolist()])):
        if first < last:
            yield number, write_staged(rows.slice(first, last - first), folder)


def outlet_bucket(outlet: str) -> int:
    """One of 256 buckets, the same in every process."""
    return int(hash_id("bucket", outlet)[:2], 16)


def days_and_buckets(rows: pa.Table) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Of each staged row its event day (ordinal) and its outlet's bucket."""
    days = pc.cast(rows["date"], pa.int32()).to_numpy().astype(np.int64) + _EPOCH
    outlets = rows["outlet"].combine_chunks().dictionary_encode()
    buckets = np.array([outlet_bucket(name) for name in outlets.dictionary.to_pylist()], np.int64)
    return days, buckets[outlets.indices.to_numpy()]


def _place(day: Any, bucket: Any) -> Any:
    """In the order of chunks; of numbers or of arrays of them."""
    return day * _BUCKETS + bucket


class _Spread(beam.DoFn):
    def __init__(self, chunks: Sequence[Chunk], folder: str) -> None:
        self.chunks = chunks
        self.folder = Path(folder)

    def process(self, paths: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        yield from spread(paths, self.chunks, self.folder)


@dataclass
class SpreadDeliveries(beam.PTransform):
    """Tuples of paths to (number of a chunk, path) under `folder`, this run's own.

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
