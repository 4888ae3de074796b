"""Data files of the lake: content-addressed zstd Parquet, rows sorted, pages check-summed.

A file's name holds the SHA-256 of its bytes and a hash of its end (`lake/ends.py`), so a file is
written once, can be checked at any time and is the same file when a crashed run is rolled forward
(DESIGN §5).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lake.ends import hash_end
from schemas.definition import Table

ROW_GROUP_BYTES = 8 << 20
EMBARGOED = "embargoed"
_MILLISECOND = dt.timedelta(milliseconds=1)
_PARTITION_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_HASH_IN_NAME = re.compile(r"part-([0-9a-f]{64})(?:-[0-9a-f]{16})?\.parquet$")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file of a table; `path` is relative to the table's folder, `size` in bytes."""

    table: str
    path: str
    size: int
    rows: int
    partition: Mapping[str, str]
    stats: str

    def may_be_embargoed(self, at: dt.datetime) -> bool:
        """Whether a row may be under an embargo that ends after `at`; False only if none is."""
        stats = json.loads(self.stats)
        if stats.get("nullCount", {}).get(EMBARGOED) == self.rows:
            return False
        latest = stats.get("maxValues", {}).get(EMBARGOED)
        # Delta keeps milliseconds, cut off.
        return latest is None or dt.datetime.fromisoformat(latest) + _MILLISECOND > at

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they stand in a plan or manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DataFile:
        """The inverse of `to_json`."""
        return cls(**value)


class UnsafePartition(ValueError):
    """A partition value that may not become the name of a folder."""


def partition_folder(partition: Mapping[str, str]) -> str:
    """Hive folders (`date=2024-03-01/language=fr`) of partition values.

    Raises:
        UnsafePartition: a value holds anything but ASCII letters, digits and inner hyphens.
    """
    for name, value in partition.items():
        if not _PARTITION_VALUE.fullmatch(value):
            raise UnsafePartition(f"{name}={value!r} cannot be a folder of the lake")
    return "/".join(f"{name}={value}" for name, value in partition.items())


def split_by_partition(table: Table, rows: pa.Table) -> Iterator[tuple[dict[str, str], pa.Table]]:
    """The rows of each partition, in order of partition values."""
    if not table.partition_by:
        yield {}, rows
        return
    keys = list(table.partition_by)
    index = rows.select(keys).append_column("__row", pa.array(range(rows.num_rows), pa.int64()))
    groups = (
        index.group_by(keys)
        .aggregate([("__row", "list")])
        .sort_by([(k, "ascending") for k in keys])
    )
    for group in groups.to_pylist():
        yield {key: str(group[key]) for key in keys}, rows.take(pa.array(group["__row_list"]))


def write_data_file(
    table: Table, rows: pa.Table, partition: Mapping[str, str], staging: Path
) -> DataFile:
    """Write the rows of one partition under `staging`/<table>/ and describe the file.

    Raises:
        UnsafePartition: see `partition_folder`.
        OSError: the disk refused.
    """
    ordered = rows.sort_by([(name, "ascending") for name in table.sort_by])
    data = encode(ordered.select(table.file_schema.names).cast(table.file_schema))
    digest = hashlib.sha256(data).hexdigest()
    folder = partition_folder(partition)
    name = f"part-{digest}-{hash_end(data)}.parquet"
    relative = f"{folder}/{name}" if folder else name
    target = staging / table.name / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return DataFile(
        table=table.name,
        path=relative,
        size=len(data),
        rows=rows.num_rows,
        partition=dict(partition),
        stats=_stats(table, ordered),
    )


def write_rows(table: Table, rows: pa.Table, staging: Path) -> list[DataFile]:
    """Write any rows of a table, one file for each partition among them."""
    return [
        write_data_file(table, part, partition, staging)
        for partition, part in split_by_partition(table, rows)
    ]


def hash_in_name(path: str) -> str | None:
    """The SHA-256 that a data file's name promises, or None for a foreign name."""
    match = _HASH_IN_NAME.search(path)
    return match.group(1) if match else None


def encode(rows: pa.Table) -> bytes:
    """The bytes of a data file with these rows, in their order."""
    groups = max(1, -(-rows.nbytes // ROW_GROUP_BYTES))
    sink = pa.BufferOutputStream()
    pq.write_table(
        rows,
        sink,
        compression="zstd",
        row_group_size=max(1, -(-rows.num_rows // groups)),
        write_page_checksum=True,
    )
    return bytes(sink.getvalue())


def stats_columns(table: Table) -> list[str]:
    """Columns of which the Delta log keeps statistics: ids, numbers and times, never a text.

    `wiretrace forget` promises that an article's words leave the lake; a log that kept the least
    and greatest headline of each file would break that promise. By the embargoes a reader knows
    without opening a file that none of it is under one.
    """
    columns = [table.sort_by[0], EMBARGOED]
    known = ("article_id", "sequence", "key_hash", EMBARGOED)
    return [name for name in columns if name in known and name in table.schema.names]


def _stats(table: Table, rows: pa.Table) -> str:
    stats: dict[str, Any] = {"numRecords": rows.num_rows}
    first: Sequence[Any] = rows[table.sort_by[0]]
    if rows.num_rows and table.sort_by[0] in stats_columns(table):
        stats["minValues"] = {table.sort_by[0]: first[0].as_py()}
        stats["maxValues"] = {table.sort_by[0]: first[-1].as_py()}
    if EMBARGOED in stats_columns(table):
        stats["nullCount"] = {EMBARGOED: rows[EMBARGOED].null_count}
        span = pc.min_max(rows[EMBARGOED]).as_py()
        for key, value in (("minValues", span["min"]), ("maxValues", span["max"])):
            if value is not None:
                stats.setdefault(key, {})[EMBARGOED] = f"{value:%Y-%m-%dT%H:%M:%S.%f}Z"
    return json.dumps(stats)
