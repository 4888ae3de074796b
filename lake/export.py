"""Export: exactly the pinned rows as plain Hive folders, for readers that only glob."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from lake.tables import LakeDamaged, Snapshot


class NotEmpty(Exception):
    """The target of an export holds something already."""

    exit_code = 2


def export_parquet(pinned: Snapshot, target: Path, tables: Sequence[str]) -> int:
    """Copy the pinned data files of the tables to TARGET/<table>/; gives the number of files.

    The folder appears whole or not at all.

    Raises:
        NotEmpty: the target exists and is not an empty folder.
        LakeDamaged: a data file is missing.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise NotEmpty(f"{target} is not empty; name a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        count = 0
        for table in tables:
            (temporary / table).mkdir(parents=True)
            for file in pinned.files(table):
                copy = temporary / table / file.path
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(pinned.lake.table_path(table) / file.path, copy)
                count += 1
        if target.exists():
            target.rmdir()
        os.replace(temporary, target)
        return count
    except FileNotFoundError as error:
        raise LakeDamaged(f"{error.filename} is missing; run `wiretrace doctor`") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
