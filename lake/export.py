"""Plain Hive folders of Parquet, for readers that only glob: exactly the pinned rows.

Data files are written once and never changed, so an export copies them, hashing as it goes. All
columns and rows go along, also those of embargoed, withheld and killed articles: `pubstatus`,
`embargoed` and the table `controls` say which those are, as in the lake itself.
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

from lake.data_file import DataFile, hash_in_name
from lake.fsync import fsync_directory
from lake.tables import LakeDamaged, Snapshot
from schemas.catalog import TABLES

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


def export_parquet(
    pinned: Snapshot,
    target: Path,
    *,
    tables: Sequence[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> list[Exported]:
    """Write tables (all if none is named) as `target`/<table>/<partition folders>/*.parquet.

    `since` and `until` (both inclusive) choose whole partitions: days, or the months that they
    touch; `runs` has no partitions and comes whole. The folder appears under its name when it is
    complete.

    Raises:
        NotEmpty: `target` holds something.
        LakeDamaged: a data file is not what its name promises; nothing is left behind.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotEmpty(f"{target} is not an empty folder; name another, or empty it")
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    chosen = [table.name for table in TABLES if not tables or table.name in tables]
    try:
        done = [_export_table(pinned, name, temporary / name, since, until) for name in chosen]
        os.replace(temporary, target)
        fsync_directory(target.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return done


def _export_table(
    pinned: Snapshot, table: str, folder: Path, since: dt.date | None, until: dt.date | None
) -> Exported:
    folder.mkdir(parents=True)
    files = [file for file in pinned.files(table) if is_within(file, since, until)]
    for file in files:
        copy = folder / file.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        _copy_verified(pinned.lake.table_path(table) / file.path, copy)
    return Exported(table, len(files), sum(file.rows for file in files))


def is_within(file: DataFile, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether a file's day, or month, touches the time asked for; without either it does."""
    unit = file.partition.get("date") or file.partition.get("month")
    if unit is None:
        return True
    # ISO dates cut to the unit's length compare as text.
    first, last = (day.isoformat()[: len(unit)] if day else unit for day in (since, until))
    return first <= unit <= last


def _copy_verified(source: Path, copy: Path) -> None:
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
