"""Checking a lake: every byte against its name, every table against its log, rows against ledger.

Nothing here raises for damage: each fault becomes a `Finding`. Rows are looked at only where all
data files are intact, so that a damaged file is named once and not in ten riddles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow.parquet as pq

from lake.commit import find_damaged, read_plan
from lake.data_file import DataFile, hash_in_name
from lake.hashes import hash_file
from lake.in_time import OutOfThreads
from lake.keys import KeyState, committed_state
from lake.log_sums import read_sums, sums_path
from lake.present import make_present
from lake.profiles import check_profiles
from lake.search import check_search
from lake.signatures import check_signatures
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, LakeDamaged, Snapshot, snapshot
from schemas.catalog import BY_NAME, TABLES

# What is no damage: readers are not misled, and the next writer, or a purge, clears it away.
NOTES = ("plan", "staging", "unreferenced")
_RESTORE = "restore the file from a backup, or `wiretrace forget` what it held"
_NEXT_WRITER = "none needed: the next run clears it up"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or note, about a lake; `path` is relative to the lake's folder."""

    kind: str
    path: str
    message: str
    remedy: str

    @property
    def is_damage(self) -> bool:
        """Whether the lake is not what it says it is."""
        return self.kind not in NOTES


def check(lake: Lake) -> list[Finding]:
    """Everything that is wrong with a lake, or worth a note; empty if there is nothing.

    Raises:
        OutOfThreads: see `lake.in_time`.
    """
    try:
        pinned = snapshot(lake)
        for table in TABLES:
            pinned.files(table.name)
    except OutOfThreads:
        raise
    except Exception as error:
        # Whatever deltalake or pyarrow make of a damaged log: there is no type for it.
        return [Finding("log", "*/_delta_log", f"the log cannot be read: {error}", _RESTORE)]
    findings = check_files(pinned)
    if not any(finding.is_damage for finding in findings):
        findings += _check_rows(pinned)
    return findings


def check_files(pinned: Snapshot) -> list[Finding]:
    """All but the rows: every file that the logs name, every folder, the state."""
    lake = pinned.lake
    listed = {table.name: pinned.files(table.name) for table in TABLES}
    findings = [finding for files in listed.values() for finding in _check_files(lake, files)]
    findings += _check_folders(lake, listed)
    findings += _check_state(lake, pinned)
    return findings


def verify_files(pinned: Snapshot) -> None:
    """Hash every data file of a snapshot.

    Raises:
        LakeDamaged: names the first file that is missing or has changed.
    """
    for table in TABLES:
        for file in pinned.files(table.name):
            verify_file(pinned.lake, file)


def verify_file(lake: Lake, file: DataFile) -> None:
    """Hold one data file against its size and the hash in its name.

    Raises:
        LakeDamaged: it is missing or has changed.
    """
    for finding in _check_bytes(lake, file):
        raise LakeDamaged(f"{finding.path}: {finding.message}; `wiretrace doctor` names all")


def unreferenced_files(lake: Lake, pinned: Snapshot) -> list[str]:
    """Our data files in the tables' folders that a snapshot does not have, relative to the lake."""
    out = []
    for table in TABLES:
        live = {file.path for file in pinned.files(table.name)}
        for path in _parquet_files(lake, table.name):
            if path not in live and hash_in_name(path):
                out.append(f"{table.name}/{path}")
    return out


def _check_files(lake: Lake, files: list[DataFile]) -> Iterator[Finding]:
    for file in files:
        wrong = list(_check_bytes(lake, file))
        yield from wrong or _check_content(lake, file)


def _check_bytes(lake: Lake, file: DataFile) -> Iterator[Finding]:
    path = lake.table_path(file.table) / file.path
    shown = f"{file.table}/{file.path}"
    try:
        make_present([path])
        size = path.stat().st_size
        if size != file.size:
            yield Finding("size", shown, f"has {size} bytes, not {file.size}", _RESTORE)
        elif hash_file(path) != hash_in_name(file.path):
            yield Finding("hash", shown, "its bytes are not those its name promises", _RESTORE)
    except LakeDamaged as error:
        yield Finding("missing", shown, str(error), _RESTORE)
    except OSError as error:
        yield Finding("missing", shown, f"cannot be read: {error.strerror}", _RESTORE)


def _check_content(lake: Lake, file: DataFile) -> Iterator[Finding]:
    shown = f"{file.table}/{file.path}"
    try:
        with pq.ParquetFile(lake.table_path(file.table) / file.path) as parquet:
            rows, schema = parquet.metadata.num_rows, parquet.schema_arrow
    except Exception as error:  # hashed right, yet no Parquet: whatever pyarrow makes of it
        yield Finding("schema", shown, f"cannot be read as Parquet: {error}", _RESTORE)
        return
    if rows != file.rows:
        yield Finding("rows", shown, f"has {rows} rows, the log says {file.rows}", _RESTORE)
    definition = BY_NAME[file.table].file_schema
    for field in schema:
        index = definition.get_field_index(field.name)
        if index >= 0 and not field.type.equals(definition.field(index).type):
            wanted = definition.field(index).type
            yield Finding("schema", shown, f"{field.name} is {field.type}, not {wanted}", _RESTORE)


def _check_folders(lake: Lake, listed: dict[str, list[DataFile]]) -> Iterator[Finding]:
    plans = sorted(path for path in lake.plans.glob("*.json"))
    for plan in plans:
        shown = str(plan.relative_to(lake.root))
        try:
            for staged in find_damaged(lake, read_plan(plan)):
                what = "is planned, and not as it was written"
                yield Finding("broken_plan", _relative(lake, staged), what, _RESTORE)
        except LakeDamaged:
            yield Finding("broken_plan", shown, "is not as it was written", _RESTORE)
        except FileNotFoundError:  # the run that committed it is done
            continue
        else:
            yield Finding("plan", shown, "a run is committing, or was killed", _NEXT_WRITER)
    for staging in sorted((lake.state / "staging").glob("*")):
        shown = str(staging.relative_to(lake.root))
        yield Finding("staging", shown, "a run is working, or was killed", _NEXT_WRITER)
    for table, files in listed.items():
        live = {file.path for file in files}
        for path in _foreign_candidates(lake, table):
            if path not in live:
                yield _describe_extra(table, path)


def _describe_extra(table: str, path: str) -> Finding:
    if hash_in_name(path):
        message = "in no committed version that readers pin; a plain glob would read it"
        return Finding("unreferenced", f"{table}/{path}", message, "`wiretrace compact --purge`")
    return Finding("foreign", f"{table}/{path}", "not written by wiretrace", "move it elsewhere")


def _check_state(lake: Lake, pinned: Snapshot) -> Iterator[Finding]:
    remedy = "`wiretrace doctor --rebuild-state`"
    for path, what in chain(check_search(lake), check_signatures(lake), check_profiles(lake)):
        yield Finding("state", _relative(lake, path), what, remedy)
    if read_sums(lake.root) is None:
        yield Finding("state", _relative(lake, sums_path(lake.root)), "has changed", remedy)
    try:
        state = committed_state(lake, pinned.sequence)
        KeyState(state).verify()
    except StateDamaged as error:
        yield Finding("state", _relative(lake, error.path), error.what, remedy)
        return
    except (OSError, ValueError) as error:
        yield Finding("state", "_state/keys", f"cannot be read: {error}", remedy)
        return
    if pinned.files("articles") and not state.files:
        yield Finding("state", "_state/keys", "there are articles but no keys", remedy)


def _check_rows(pinned: Snapshot) -> list[Finding]:
    from lake.check_rows import check_rows
    from lake.views import connect

    try:
        with connect(pinned) as connection:
            return [Finding(*fault) for fault in check_rows(connection)]
    except Exception as error:  # every file is intact, so this is ours; doctor still answers
        return [Finding("unexpected", "", f"rows could not be checked: {error}", "report it")]


def _foreign_candidates(lake: Lake, table: str) -> Iterator[str]:
    base = lake.table_path(table)
    for path in sorted(base.rglob("*")):
        relative = path.relative_to(base)
        if relative.parts[0] != "_delta_log" and not path.is_dir():
            yield relative.as_posix()


def _parquet_files(lake: Lake, table: str) -> Iterator[str]:
    return (path for path in _foreign_candidates(lake, table) if path.endswith(".parquet"))


def _relative(lake: Lake, path: Path) -> str:
    return str(path.relative_to(lake.root)) if path.is_relative_to(lake.root) else str(path)
