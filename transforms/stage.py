"""Staging: rows wait in files of the run's own, so that bodies are never shuffled (DESIGN §7).

`StageDeliveries` writes deliveries as they come, a few thousand a file, and passes on only where
they lie: Parquet, of which one step reads some columns and another all. `StageRows` does the
same for finished rows of tables, in blocks that are read once and whole: one for each partition, of
which its final files are made. As row groups of a Parquet file each would cost a reading of the
file's footer, which says of every column of every other where it lies.
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
import xxhash
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from lake.data_file import split_by_partition
from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from transforms.arrow_block import pack, unpack
from transforms.delivery import STAGED, Delivery, to_staged

ROWS_PER_FILE = 2_000
BYTES_PER_FILE = 16 << 20


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file of staged deliveries, and how many there are of each event day (ordinal).

    `bytes` is what they take in memory.
    """

    path: str
    days: tuple[tuple[int, int], ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class StagedRows:
    """A block of finished rows of one partition of one table.

    `size` and `checksum` are those of the block in its file, `bytes` what it takes in memory.
    """

    table: str
    partition: tuple[tuple[str, str], ...]
    path: str
    offset: int
    size: int
    checksum: int
    bytes: int


def write_deliveries(deliveries: list[Delivery], folder: Path) -> StagedFile:
    """Stage deliveries."""
    rows = to_staged(deliveries)
    days = Counter(day.toordinal() for day in rows["date"].to_pylist())
    return StagedFile(write_staged(rows, folder), tuple(sorted(days.items())), rows.nbytes)


def write_staged(rows: pa.Table, folder: Path) -> str:
    """Write rows of `STAGED` to a new file; gives its path."""
    path = _new_path(folder, "parquet")
    pq.write_table(rows, path, compression="lz4", row_group_size=500, write_page_checksum=True)
    return str(path)


def write_blocks(table: str, rows: pa.Table, folder: Path) -> list[StagedRows]:
    """Stage rows of a table, a block for each partition."""
    path = _new_path(folder, "arrow")
    staged = []
    offset = 0
    with path.open("wb") as file:
        for partition, part in split_by_partition(BY_NAME[table], rows):
            block = pack(part)
            checksum = xxhash.xxh3_64_intdigest(block)
            key = tuple(partition.items())
            staged.append(
                StagedRows(table, key, str(path), offset, block.size, checksum, part.nbytes)
            )
            offset += file.write(block)
    return staged


def read_block(staged: StagedRows) -> pa.Table:
    """The rows of one block.

    Raises:
        OSError: its bytes are not those that were written.
    """
    with open(staged.path, "rb") as file:
        file.seek(staged.offset)
        block = file.read(staged.size)
    if xxhash.xxh3_64_intdigest(block) != staged.checksum:
        raise OSError(f"{staged.path} has changed since it was staged; check the disk")
    return unpack(block)


def _new_path(folder: Path, suffix: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{uuid.uuid4().hex}.{suffix}"


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
                staged += write_blocks(table, to_arrow(BY_NAME[table], values), self.folder)
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


__all__ = ["STAGED", "StageDeliveries", "StageRows", "StagedFile", "StagedRows", "read_block"]
