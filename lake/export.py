"""Plain Hive folders of Parquet, for readers that only glob: exactly the pinned rows.

Data files are written once and never changed, so an export copies them, hashing as it goes. All
columns and rows go along, also those of withheld and killed articles: `pubstatus` and the table
`controls` say which those are, as in the lake itself. What is under embargo may be left out with
all that is known of it; only a file that holds such rows is written anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lake.data_file import DataFile, encode, hash_in_name
from lake.embargo import embargoed_articles
from lake.fsync import fsync_directory
from lake.present import make_present
from lake.tables import LakeDamaged, Snapshot
from schemas.catalog import TABLES
from schemas.definition import Table

_BLOCK = 1 << 20


class NotEmpty(Exception):
    """The folder to export to exists and holds something, which is not overwritten."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Exported:
    """How much of one table was exported."""

    table: str
    files: int
    rows: int


@dataclass(frozen=True, slots=True)
class Export:
    """What was exported, and how many articles' rows were left out of it."""

    tables: tuple[Exported, ...]
    left_out: int


def export_parquet(
    pinned: Snapshot,
    target: Path,
    *,
    tables: Sequence[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
    embargo_at: dt.datetime | None = None,
) -> Export:
    """Write tables (all if none is named) as `target`/<table>/<partition folders>/*.parquet.

    `since` and `until` (both inclusive) choose whole partitions: days, or the months that they
    touch; `runs` has no partitions and comes whole. Of articles whose embargo ends after
    `embargo_at` no row of any table is written; None writes all. The folder appears under its name
    when it is complete.

    Raises:
        NotEmpty: `target` holds something.
        LakeDamaged: a data file is not what its name promises; nothing is left behind.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotEmpty(f"{target} is not an empty folder; name another, or empty it")
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    left_out: set[str] = set()
    done = []
    try:
        for table in TABLES:
            if not tables or table.name in tables:
                (temporary / table.name).mkdir(parents=True)
                files = [f for f in pinned.files(table.name) if is_within(f, since, until)]
                done.append(_export_files(pinned, table, files, temporary, unseen, left_out))
        os.replace(temporary, target)
        fsync_directory(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Export(tuple(done), len(left_out))


def _export_files(
    pinned: Snapshot,
    table: Table,
    files: Sequence[DataFile],
    target: Path,
    unseen: frozenset[str],
    left_out: set[str],
) -> Exported:
    """Write files of one table under `target`; adds to `left_out` whose rows were not."""
    sizes = []
    for file in files:
        source = pinned.lake.table_path(table.name) / file.path
        copy = target / table.name / file.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        held = _ids_in(source, table) & unseen if unseen else set()
        if held:
            sizes.append(_write_others(source, copy.parent, table, held))
            left_out |= held
        else:
            _copy_verified(source, copy)
            sizes.append(file.rows)
    return Exported(table.name, sum(map(bool, sizes)), sum(sizes))


def _ids_in(source: Path, table: Table) -> set[str]:
    """The articles that rows of a data file are about."""
    columns = list(table.article_columns)
    rows = _read_verified(source, columns) if columns else None
    return {id_ for name in columns for id_ in rows[name].to_pylist()} if rows else set()


def _write_others(source: Path, folder: Path, table: Table, left_out: set[str]) -> int:
    """Write the rows of a data file that are about other articles; no file if there are none."""
    rows = _read_verified(source)
    ids = pa.array(sorted(left_out), pa.string())
    others = rows
    for name in table.article_columns:
        others = others.filter(pc.invert(pc.is_in(others[name], value_set=ids)))
    if len(others):
        data = encode(others)
        (folder / f"part-{hashlib.sha256(data).hexdigest()}.parquet").write_bytes(data)
    return len(others)


def _read_verified(source: Path, columns: list[str] | None = None) -> pa.Table:
    """Columns of a data file that is what its name promises."""
    make_present([source])
    try:
        data = source.read_bytes()
    except FileNotFoundError as error:
        raise LakeDamaged(f"{source} is missing; run `wiretrace doctor`") from error
    if hashlib.sha256(data).hexdigest() != hash_in_name(source.name):
        raise LakeDamaged(f"{source} is not what its name promises; run `wiretrace doctor`")
    return pq.ParquetFile(pa.BufferReader(data)).read(columns=columns)


def is_within(file: DataFile, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether a file's day, or month, touches the time asked for; without either it does."""
    unit = file.partition.get("date") or file.partition.get("month")
    if unit is None:
        return True
    # ISO dates cut to the unit's length compare as text.
    first, last = (day.isoformat()[: len(unit)] if day else unit for day in (since, until))
    return first <= unit <= last


def _copy_verified(source: Path, copy: Path) -> None:
    make_present([source])
    digest = hashlib.sha256()
    try:
        with open(copy, "wb") as target:
            for block in _blocks(source):
                digest.update(block)
                target.write(block)
    except FileNotFoundError as error:
        raise LakeDamaged(f"{source} is missing; run `wiretrace doctor`") from error
    if digest.hexdigest() != hash_in_name(source.name):
        raise LakeDamaged(f"{source} is not what its name promises; run `wiretrace doctor`")


def _blocks(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as handle:
        while block := handle.read(_BLOCK):
            yield block
