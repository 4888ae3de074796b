"""`wiretrace doctor`: every file, log and balance of a lake, and what to do about what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from lake.data_file import DataFile, hash_in_name
from lake.keys import KeyState, committed_state
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, LakeDamaged, Snapshot, list_files
from lake.views import connect
from schemas.catalog import TABLES

_RESTORE = "restore the file from a backup, or export what is left and start a new lake"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `damage` is false for what the next run mends by itself."""

    kind: str
    path: str
    message: str
    remedy: str
    damage: bool = True


# Query to kind, message; each gives the offending ids.
_INVARIANTS = {
    "doubled_version": (
        "SELECT version_id FROM articles GROUP BY 1 HAVING count(*) > 1",
        "the version stands in more than one row",
    ),
    "unknown_version": (
        "SELECT DISTINCT version_id FROM sightings "
        "WHERE version_id NOT IN (SELECT version_id FROM articles)",
        "a sighting refers to a version that is in no row of articles",
    ),
    "unbalanced_run": (
        "SELECT run_id FROM runs WHERE seen <> new + revised + duplicate + control + rejected",
        "seen is not new + revised + duplicate + control + rejected",
    ),
    "shifted_entity": (
        """SELECT DISTINCT version_id FROM entities JOIN articles USING (version_id)
        WHERE surface <> substr(CASE field WHEN 'headline' THEN headline
            WHEN 'body_text' THEN body_text ELSE description_text END, start + 1, "end" - start)""",
        "an entity's offsets do not hold its surface",
    ),
}


def check(pinned: Snapshot) -> Iterator[Finding]:
    """Everything that is wrong with a lake; never raises for damage."""
    damaged = list(check_files(pinned))
    yield from damaged
    yield from check_litter(pinned)
    yield from check_state(pinned)
    if not damaged:
        yield from check_invariants(pinned)


def verify_files(pinned: Snapshot) -> None:
    """Hash every data file; raises `LakeDamaged` with the first that is wrong."""
    for finding in check_files(pinned):
        raise LakeDamaged(f"{finding.path}: {finding.message}; {finding.remedy}")


def check_files(pinned: Snapshot) -> Iterator[Finding]:
    """Data files against the hash in their name, their size and their rows."""
    for table in TABLES:
        try:
            files = pinned.files(table.name)
        except Exception as error:  # a damaged log raises whatever its library likes
            log = str(pinned.lake.table_path(table.name) / "_delta_log")
            yield Finding("log", log, f"the Delta log cannot be read: {error}", _RESTORE)
            continue
        for file in files:
            path = pinned.lake.table_path(table.name) / file.path
            message = _check_file(path, file)
            if message:
                yield Finding("file", str(path), message, _RESTORE)


def check_litter(pinned: Snapshot) -> Iterator[Finding]:
    """What a crash left: the next run rolls plans forward and sweeps the rest."""
    lake = pinned.lake
    for path in sorted(lake.plans.glob("*")):
        yield Finding(
            "plan", str(path), "a run was interrupted while committing", "run again", False
        )
    staging = lake.state / "staging"
    for path in sorted(staging.iterdir()) if staging.is_dir() else []:
        yield Finding("staging", str(path), "a run is under way or was killed", "run again", False)
    for path in find_orphans(lake):
        message = "no version of the table that readers pin names it"
        yield Finding("orphan", str(path), message, "wiretrace compact --purge", False)


def find_orphans(lake: Lake) -> Iterator[Path]:
    """Data files that the newest version of their table does not name."""
    for table in TABLES:
        base = lake.table_path(table.name)
        named = {file.path for file in list_files(lake.delta(table.name), table.name)}
        for path in sorted(base.rglob("*.parquet")):
            relative = path.relative_to(base)
            if relative.parts[0] != "_delta_log" and relative.as_posix() not in named:
                yield path


def check_state(pinned: Snapshot) -> Iterator[Finding]:
    """The derived key state."""
    try:
        KeyState(committed_state(pinned.lake, pinned.sequence)).verify()
    except StateDamaged as error:
        yield Finding("state", str(error.path), error.what, "wiretrace doctor --rebuild-state")


def check_invariants(pinned: Snapshot) -> Iterator[Finding]:
    """What must hold between rows."""
    connection = connect(pinned)
    for kind, (query, message) in _INVARIANTS.items():
        for (id_,) in connection.execute(query).fetchall():
            yield Finding(kind, id_, message, "report it: this is a fault of wiretrace")


def _check_file(path: Path, file: DataFile) -> str | None:
    try:
        with open(path, "rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if digest != hash_in_name(file.path):
        return "its bytes are not those that its name promises"
    if pq.read_metadata(path).num_rows != file.rows:
        return "has another number of rows than the log says"
    return None
