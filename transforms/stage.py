"""Staging: tagged rows wait as run-private Parquet, so that bodies are never shuffled (DESIGN §7).

`StageDeliveries` writes deliveries as they come, a few thousand a file, and passes on only where
they lie. `StageRows` does the same for finished rows of tables, one row group per partition, so
that the final files of a partition are made of whole row groups.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from lake.data_file import split_by_partition
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from transforms.delivery import STAGED, Delivery, to_staged

ROWS_PER_FILE = 2_000
BYTES_PER_FILE = 16 << 20


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of staged deliveries, and how many there are of each event day (ordinal)."""

    path: str
    days: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class StagedRows:
    """A row group of finished rows of one partition of one table."""

    table: str
    partition: tuple[tuple[str, str], ...]
    path: str
    row_group: int
    bytes: int


def write_deliveries(deliveries: list[Delivery], folder: Path) -> StagedFile:
    """Stage deliveries in order of event day, so that a day is a stretch of the file."""
    rows = to_staged(deliveries).sort_by("date")
    path = _new_path(folder)
    pq.write_table(rows, path, compression="lz4", row_group_size=500, write_page_checksum=True)
    days = Counter(day.toordinal() for day in rows["date"].to_pylist())
    return StagedFile(str(path), tuple(sorted(days.items())))


def write_row_groups(table: str, rows: pa.Table, folder: Path) -> list[StagedRows]:
    """Stage rows of a table, a row group for each partition."""
    path = _new_path(folder)
    staged = []
    with pq.ParquetWriter(path, rows.schema, compression="lz4", write_page_checksum=True) as writer:
        for number, (partition, part) in enumerate(split_by_partition(BY_NAME[table], rows)):
            writer.write_table(part, row_group_size=part.num_rows)
            key = tuple(partition.items())
            staged.append(StagedRows(table, key, str(path), number, part.nbytes))
    return staged


def read_row_group(staged: StagedRows) -> pa.Table:
    """The rows of one staged row group."""
    with pq.ParquetFile(staged.path, page_checksum_verification=True) as file:
        return file.read_row_group(staged.row_group)


def _new_path(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{uuid.uuid4().hex}.parquet"


class _StageDeliveries(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def start_bundle(self) -> None:
        self.buffer: list[Delivery] = []
        self.size = 0

    def process(self, delivery: Delivery) -> Iterator[StagedFile]:
        self.buffer.append(delivery)
        self.size += len(delivery.article.body_text or "")
        if len(self.buffer) >= ROWS_PER_FILE or self.size >= BYTES_PER_FILE:
            yield self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self.buffer:
            yield _in_global_window(self._flush())

    def _flush(self) -> StagedFile:
        staged = write_deliveries(self.buffer, self.folder)
        self.start_bundle()
        return staged


@dataclass
class StageDeliveries(beam.PTransform):
    """`Delivery` elements to `StagedFile`s under `folder`, which only this run uses."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, deliveries: beam.PCollection) -> beam.PCollection:
        """Write each bundle's deliveries."""
        return deliveries | "WriteDeliveries" >> beam.ParDo(_StageDeliveries(self.folder))


class _StageRows(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def start_bundle(self) -> None:
        self.buffers: dict[str, list[Any]] = defaultdict(list)
        self.size = 0

    def process(self, row: tuple[str, Any]) -> Iterator[StagedRows]:
        table, value = row
        self.buffers[table].append(value)
        self.size += len(getattr(value, "body_text", None) or getattr(value, "raw", None) or "")
        full = sum(map(len, self.buffers.values())) >= 10 * ROWS_PER_FILE
        if full or self.size >= BYTES_PER_FILE or len(self.buffers["articles"]) >= ROWS_PER_FILE:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for staged in self._flush():
            yield _in_global_window(staged)

    def _flush(self) -> list[StagedRows]:
        staged = []
        for table, values in sorted(self.buffers.items()):
            if values:
                staged += write_row_groups(table, to_arrow(BY_NAME[table], values), self.folder)
        self.start_bundle()
        return staged


@dataclass
class StageRows(beam.PTransform):
    """(table name, row) pairs to `StagedRows` under `folder`, which only this run uses."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, rows: beam.PCollection) -> beam.PCollection:
        """Write each bundle's rows."""
        return rows | "WriteRows" >> beam.ParDo(_StageRows(self.folder))


def _in_global_window(value: Any) -> WindowedValue:
    window = GlobalWindow()
    return WindowedValue(value, window.max_timestamp(), [window])


__all__ = ["STAGED", "StageDeliveries", "StageRows", "StagedFile", "StagedRows", "read_row_group"]
