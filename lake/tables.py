"""A lake's tables and the pinned snapshot that every reader uses.

The truth is the Delta log at the versions that the newest `runs` row names (DESIGN §5): a run that
was killed between two table commits is never seen.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from lake.checked import checked_dataset
from lake.data_file import EMBARGOED, DataFile, stats_columns
from lake.in_time import in_time
from lake.log_sums import check_log
from lake.present import is_mirror, make_present, shown
from schemas.catalog import BY_NAME, TABLES
from schemas.definition import Table
from schemas.run import RUNS

T = TypeVar("T")


class LakeNotFound(Exception):
    """No lake at that path."""

    exit_code = 2


class LakeDamaged(Exception):
    """The lake's files contradict its log; nothing was changed."""

    exit_code = 6


@dataclass(frozen=True)
class Lake:
    """A lake on local disk, or its mirror there: `LAKE/<table>/` and `LAKE/_state/`."""

    root: Path

    def table_path(self, name: str) -> Path:
        """Folder of a table."""
        return self.root / name

    @property
    def state(self) -> Path:
        """Folder of derived state: keys, plans, lease, staging."""
        return self.root / "_state"

    @property
    def keys(self) -> Path:
        """Folder of the identity keys' sorted runs."""
        return self.state / "keys"

    @property
    def search(self) -> Path:
        """Folder of the segments for finding articles by text."""
        return self.state / "search"

    @property
    def signatures(self) -> Path:
        """Folder of the fingerprints of texts, for finding copies."""
        return self.state / "signatures"

    @property
    def profiles(self) -> Path:
        """Folder of the profiles of articles, for telling stories."""
        return self.state / "profiles"

    @property
    def plans(self) -> Path:
        """Folder of commit plans."""
        return self.state / "plans"

    def staging(self, run_id: str) -> Path:
        """Private folder of one run; swept when the run ended without a plan."""
        return self.state / "staging" / run_id

    def delta(self, name: str, version: int | None = None) -> DeltaTable:
        """The Delta table, at a version or the newest one.

        Raises:
            LakeDamaged: its log is missing, has changed, or cannot be read.
            OutOfThreads: see `lake.in_time`.
        """
        check_log(self.root, name)
        try:
            return in_time(lambda: DeltaTable(self.table_path(name).as_uri(), version=version))
        except DeltaError as error:
            reason = str(error).partition("\n")[0]  # then follows a backtrace
            raise LakeDamaged(
                f"the log of table {name} cannot be read: {reason}; run `wiretrace doctor`"
            ) from error


def create_lake(root: Path) -> Lake:
    """Open a lake, creating every table that it lacks (an older lake gains new tables and columns).

    Call it under the lease. Raises `LakeNotFound` if the folder holds something else.
    """
    refuse_foreign(root)
    lake = Lake(root.absolute())
    for folder in (lake.keys, lake.plans):
        folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        _create_or_extend(lake, table)
    return lake


def refuse_foreign(root: Path) -> None:
    """Nothing but a lake, or an empty or absent folder, may become one; looks, and makes nothing.

    A lake that another process is making, or did not live to finish, has a lease and some tables.

    Raises:
        LakeNotFound: it holds something else, or is no folder.
        StoreRefused, StoreUnavailable: see `look_again`.
    """
    look_again(root)
    if root.exists() and not root.is_dir():
        raise LakeNotFound(f"{root} is a file; name a folder with --lake")
    if is_lake(root) or (root / "_state" / "lease.json").is_file():
        return
    if root.exists() and any(p.name != "_state" for p in root.iterdir()):
        raise LakeNotFound(
            f"{shown(root)} is not empty and is no wiretrace lake; name another --lake"
        )


def open_lake(root: Path) -> Lake:
    """Open an existing lake for reading.

    Raises:
        LakeNotFound: there is none; says how to make one.
        StoreRefused, StoreUnavailable: see `look_again`.
    """
    look_again(root)
    if not is_lake(root):
        name = shown(root)
        raise LakeNotFound(f"no lake at {name}; `wiretrace run --lake {name} --drop …` makes one")
    return Lake(root.absolute())


def look_again(root: Path) -> None:
    """Bring a mirror up to date; a lake on disk, or a writer's copy, is as it is.

    Raises:
        StoreRefused, StoreUnavailable: see `lake.store`.
    """
    if is_mirror(root):
        from lake.mirror import pull

        pull(root.absolute())


def is_lake(root: Path) -> bool:
    """Whether the folder holds a wiretrace lake."""
    return _was_made(root / RUNS.name)


def _was_made(path: Path) -> bool:
    """Whether a table was made: who was killed as it made it leaves a folder, and half an entry.

    One that has data and no log was made, and is damaged.
    """
    try:
        with os.scandir(path / "_delta_log") as entries:
            if any(entry.name.endswith((".json", ".parquet")) for entry in entries):
                return True
        return len(os.listdir(path)) > 1
    except (FileNotFoundError, NotADirectoryError):
        return False


def _create_or_extend(lake: Lake, table: Table) -> None:
    path = lake.table_path(table.name)
    if not _was_made(path):
        path.mkdir(exist_ok=True)  # delta-rs does not say why it cannot
        in_time(
            lambda: DeltaTable.create(
                path.as_uri(),
                schema=table.schema,
                mode="ignore",
                partition_by=list(table.partition_by),
                description=table.doc,
                configuration=_properties(table),
            )
        )
        return
    delta = lake.delta(table.name)
    if not _properties(table).items() <= delta.metadata().configuration.items():
        delta.alter.set_table_properties(_properties(table))
    known = {field.name for field in delta.schema().fields}
    added = pa.schema([field for field in table.schema if field.name not in known])
    if len(added):
        from deltalake import Schema

        delta.alter.add_columns(Schema.from_arrow(added).fields)


def _properties(table: Table) -> dict[str, str]:
    """Which statistics Delta's readers look for; without it, those of the first 32 columns only."""
    columns = stats_columns(table)
    return {"delta.dataSkippingStatsColumns": ",".join(columns)} if columns else {}


@dataclass(frozen=True)
class Snapshot:
    """The lake as of one committed run: sequence 0 and no rows if there was none."""

    lake: Lake
    sequence: int
    versions: Mapping[str, int]

    def delta(self, table: str) -> DeltaTable:
        """The Delta table at the pinned version (an empty lake's tables stand at 0)."""
        return self.lake.delta(table, self.versions.get(table, 0))

    def files(self, table: str) -> list[DataFile]:
        """Data files of a table, in order of path; none of one that is newer than the lake."""
        if table not in self.versions:
            return []
        return list(self.once(f"files {table}", lambda: list_files(self.delta(table), table)))

    def paths(self, table: str) -> list[str]:
        """Absolute paths of a table's data files, for DuckDB, Polars and others."""
        base = self.lake.table_path(table)
        paths = [str(base / file.path) for file in self.files(table)]
        make_present(paths)
        return paths

    def dataset(self, table: str, files: Sequence[DataFile] | None = None) -> ds.Dataset:
        """A pyarrow dataset over the pinned files, page checksums verified while reading.

        Columns that were added after a file was written read as null.

        Raises:
            LakeDamaged: a file of the log is not there.
        """
        definition = BY_NAME[table]
        base = self.lake.table_path(table)
        chosen = self.files(table) if files is None else files
        schema = pa.schema([field.remove_metadata() for field in definition.schema])
        hive = pa.schema([schema.field(name) for name in definition.partition_by])
        try:
            return checked_dataset(
                [str(base / file.path) for file in chosen],
                schema=schema,
                partitioning=ds.partitioning(hive, flavor="hive")
                if definition.partition_by
                else None,
                partition_base_dir=str(base),
            )
        except FileNotFoundError as error:
            raise LakeDamaged(f"{error} is missing; run `wiretrace doctor`") from error

    def read(
        self,
        table: str,
        columns: list[str] | None = None,
        where: ds.Expression | None = None,
        files: Sequence[DataFile] | None = None,
    ) -> pa.Table:
        """Rows of a table, or of some of its files, as Arrow.

        Raises:
            LakeDamaged: a page's checksum or a file is wrong; `wiretrace doctor` names them all.
        """
        chosen = self.files(table) if files is None else files
        if not chosen:
            none = pa.schema([f.remove_metadata() for f in BY_NAME[table].schema]).empty_table()
            return none if columns is None else none.select(columns)
        return _read(self.dataset(table, chosen), table, columns, where)

    def files_on(self, table: str, days: Collection[dt.date]) -> list[DataFile]:
        """Those of a table that is partitioned by date which hold rows of some days."""
        wanted = {day.isoformat() for day in days}
        return [file for file in self.files(table) if file.partition["date"] in wanted]

    def files_with(self, table: str, where: ds.Expression) -> list[DataFile]:
        """Those that hold such a row: of the others no column is read that `where` does not name.

        Raises:
            LakeDamaged: as `read`.
        """
        files = self.files(table)
        if not files:
            return []
        held = _read(self.dataset(table, files), table, ["__filename"], where)["__filename"]
        paths = set(held.unique().to_pylist())
        base = self.lake.table_path(table)
        return [file for file in files if str(base / file.path) in paths]

    def once(self, what: str, make: Callable[[], T]) -> T:
        """What `make` gave when it was first asked for: a pinned version never changes."""
        if what not in self._made:
            self._made[what] = make()
        made: T = self._made[what]
        return made

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    @cached_property
    def run(self) -> dict[str, Any] | None:
        """The newest committed row of `runs`."""
        return newest_run(self.lake)

    @property
    def is_newest(self) -> bool:
        """Whether nothing was committed since: two looks for a file of the log of `runs`.

        A log that was cleaned, or is gone, may hold anything: then it is not.
        """
        log = self.lake.table_path(RUNS.name) / "_delta_log"
        version = self.versions.get(RUNS.name, 0)
        own, next_ = (log / f"{number:020d}.json" for number in (version, version + 1))
        return own.exists() and not next_.exists()


def snapshot(lake: Lake) -> Snapshot:
    """Pin the lake at the newest committed run."""
    delta = lake.delta(RUNS.name)
    run = _newest_run(lake, delta)
    if run is None:
        return Snapshot(lake, 0, {})
    versions = {entry["table"]: entry["version"] for entry in run["table_versions"]}
    versions[RUNS.name] = delta.version()
    return Snapshot(lake, run["sequence"], versions)


def newest_run(lake: Lake) -> dict[str, Any] | None:
    """The `runs` row with the highest sequence, read from the one file that holds it.

    Raises:
        LakeDamaged: that file, or the log, cannot be read.
    """
    return _newest_run(lake, lake.delta(RUNS.name))


def _newest_run(lake: Lake, delta: DeltaTable) -> dict[str, Any] | None:
    best = max(
        list_files(delta, RUNS.name),
        key=lambda f: json.loads(f.stats)["maxValues"]["sequence"],
        default=None,
    )
    if best is None:
        return None
    pinned = Snapshot(lake, 0, {RUNS.name: delta.version()})
    rows = _read(pinned.dataset(RUNS.name, [best]), RUNS.name)
    row: dict[str, Any] = rows.sort_by("sequence").slice(rows.num_rows - 1).to_pylist()[0]
    return row


def list_files(delta: DeltaTable, table: str) -> list[DataFile]:
    """The data files of a Delta table at its version, in order of path."""
    actions = pa.table(delta.get_add_actions(flatten=True))
    keys = BY_NAME[table].partition_by
    told = stats_columns(BY_NAME[table])
    wanted = ["path", "size_bytes", "num_records", *(f"partition.{key}" for key in keys)]
    wanted += [f"{kind}.{name}" for kind in ("min", "max") for name in told]
    wanted.append(f"null_count.{EMBARGOED}")
    out = []
    for row in actions.select([n for n in wanted if n in actions.column_names]).to_pylist():
        stats: dict[str, Any] = {"numRecords": row["num_records"]}
        for key, kind in (("minValues", "min"), ("maxValues", "max")):
            values = {name: row.get(f"{kind}.{name}") for name in told}
            if any(value is not None for value in values.values()):
                stats[key] = {n: _stat(value) for n, value in values.items() if value is not None}
        if row.get(f"null_count.{EMBARGOED}") is not None:
            stats["nullCount"] = {EMBARGOED: row[f"null_count.{EMBARGOED}"]}
        out.append(
            DataFile(
                table=table,
                path=row["path"],
                size=row["size_bytes"],
                rows=row["num_records"],
                partition={key: _text(row[f"partition.{key}"]) for key in keys},
                stats=json.dumps(stats),
            )
        )
    return sorted(out, key=lambda file: file.path)


def _read(
    dataset: ds.Dataset,
    table: str,
    columns: list[str] | None = None,
    where: ds.Expression | None = None,
) -> pa.Table:
    try:
        return dataset.to_table(columns=columns, filter=where)
    except (OSError, pa.ArrowInvalid) as error:
        raise LakeDamaged(
            f"table {table} cannot be read: {error}; run `wiretrace doctor`"
        ) from error


def _stat(value: Any) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%S.%f}Z" if isinstance(value, dt.datetime) else value


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
