"""`WritePartitions`: staged rows to the lake's final data files, partition by partition.

Beam's own sinks are not used: `WriteToFiles` with folders in the file name loses its output on a
local disk and `WriteToParquet` reuses names, so that a second run destroys rows (DESIGN.md §7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pyarrow as pa

from lake.data_file import DataFile, write_data_file, write_rows
from schemas.catalog import BY_NAME
from schemas.reject import REJECTS
from transforms.reject import HEAD
from transforms.stage import StagedRows, read_block

BYTES_PER_FILE = 16 << 20
RUN_RAW_BYTES = 256 << 20

RejectKey = tuple[str, str, str | None]
"""Address, reason and SHA-256 of a reject: the same again is no other failure."""
PartitionKey = tuple[str, tuple[tuple[str, str], ...]]


def partition_key(staged: StagedRows) -> PartitionKey:
    """Table and partition values: what goes into the same final files."""
    return staged.table, staged.partition


def write_partition(
    key: PartitionKey, staged: Iterable[StagedRows], folder: Path
) -> Iterator[DataFile]:
    """Merge the staged blocks of one partition into sorted, content-addressed files.

    A file takes blocks up to about 16 MiB of Arrow memory, which bounds the memory of a bundle.
    """
    table, partition = key
    group: list[pa.Table] = []
    size = 0
    for one in sorted(staged, key=lambda rows: (rows.path, rows.offset)):
        if group and size + one.bytes > BYTES_PER_FILE:
            yield write_data_file(BY_NAME[table], pa.concat_tables(group), dict(partition), folder)
            group, size = [], 0
        group.append(read_block(one))
        size += one.bytes
    if group:
        yield write_data_file(BY_NAME[table], pa.concat_tables(group), dict(partition), folder)


def write_rejects(
    staged: Iterable[StagedRows], folder: Path, standing: Set[RejectKey] = frozenset()
) -> list[DataFile]:
    """Write the rejects of a run, whose bytes together are capped (DESIGN.md §3).

    Within the cap, in order of source, every reject keeps its bytes; beyond it the first 64 kB.
    Those that are `standing` have their row from an earlier run and are left out.
    """
    files: list[DataFile] = []
    group: list[pa.Table] = []
    kept = size = 0
    for one in sorted(staged, key=lambda rows: (rows.path, rows.offset)):
        rows = without_standing(read_block(one), standing).sort_by("source_uri")
        if not rows.num_rows:
            continue
        rows, kept = cap_bytes(rows, kept)
        group.append(rows)
        size += rows.nbytes
        if size > BYTES_PER_FILE:
            files += write_rows(REJECTS, pa.concat_tables(group), folder)
            group, size = [], 0
    if group:
        files += write_rows(REJECTS, pa.concat_tables(group), folder)
    return files


def without_standing(rows: pa.Table, standing: Set[RejectKey]) -> pa.Table:
    """The rows whose failure has no row yet."""
    columns = (rows[name].to_pylist() for name in ("source_uri", "reason", "raw_sha256"))
    keys = zip(*columns, strict=True)
    return rows.filter(pa.array([key not in standing for key in keys], pa.bool_()))


def cap_bytes(rows: pa.Table, kept: int) -> tuple[pa.Table, int]:
    """Cut `raw` to its head once `kept` bytes exceed the run's; gives the rows and the new sum."""
    raws: list[bytes | None] = []
    for raw in rows["raw"].to_pylist():
        short = raw[:HEAD] if raw is not None and kept + len(raw) > RUN_RAW_BYTES else raw
        kept += len(short or b"")
        raws.append(short)
    index = rows.column_names.index("raw")
    return rows.set_column(index, rows.schema.field("raw"), pa.array(raws, pa.binary())), kept


class _WritePartition(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def process(self, element: tuple[PartitionKey, Iterable[StagedRows]]) -> Iterator[DataFile]:
        key, staged = element
        yield from write_partition(key, staged, self.folder)


@dataclass
class WritePartitions(beam.PTransform):
    """`StagedRows` to `lake.data_file.DataFile`s under `folder`, the run's staging folder."""

    folder: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, staged: beam.PCollection) -> beam.PCollection:
        """Group by partition, write each."""
        return (
            staged
            | "KeyByPartition" >> beam.WithKeys(partition_key)
            | "GroupByPartition" >> beam.GroupByKey()
            | "WritePartition" >> beam.ParDo(_WritePartition(self.folder))
        )
