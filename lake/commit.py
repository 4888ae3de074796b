"""One atomic commit per run, over several Delta tables (DESIGN §5).

The plan is the commit point. Before it is durable, everything of a run lies in its private
staging folder and a crash leaves the lake as it was. From then on the run is rolled forward by
whoever comes next: files are moved to their tables, each table gets one Delta commit (skipped
where the log carries this sequence already: delta-rs records application transactions but does
not enforce them), `runs` comes last, with the version of every table. Readers pin those versions.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deltalake import CommitProperties, Transaction
from deltalake.transaction import AddAction, RemoveAction

from lake.data_file import DataFile, hash_in_name, write_data_file
from lake.feeds import prune_health
from lake.fsync import fsync_directory, write_durably
from lake.hashes import hash_file, hash_json
from lake.keys import prune_state
from lake.log_sums import record_logs
from lake.profiles import prune_profiles
from lake.search import update_search
from lake.signatures import prune_signatures
from lake.tables import Lake, LakeDamaged, is_lake, newest_run, snapshot
from schemas.catalog import BY_NAME, TABLES
from schemas.definition import to_arrow
from schemas.run import RUNS, Count, Run, TableVersion

APPLICATION = "wiretrace"


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one run adds to and removes from the tables, and its ledger row.

    `added` files lie under the run's staging folder until they are installed. `data_change` is
    false for a compaction: the same rows in other files.
    """

    sequence: int
    run: Run
    added: Sequence[DataFile] = ()
    removed: Sequence[DataFile] = ()
    data_change: bool = True
    purge: Sequence[str] = field(default=())

    def to_bytes(self) -> bytes:
        """JSON, as it is kept in `_state/plans`, with the hash of what it says."""
        value = {
            "sequence": self.sequence,
            "run": _run_to_json(self.run),
            "added": [file.to_json() for file in self.added],
            "removed": [file.to_json() for file in self.removed],
            "data_change": self.data_change,
            "purge": list(self.purge),
        }
        return json.dumps({"plan": value, "sha256": hash_json(value)}, indent=1).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Plan:
        """The inverse of `to_bytes`; a plan of an older version comes without a hash.

        Raises:
            ValueError, LookupError, TypeError: it has changed since it was written.
        """
        value = json.loads(data)
        if "sequence" not in value:
            if hash_json(value["plan"]) != value["sha256"]:
                raise ValueError("its text has changed since it was written")
            value = value["plan"]
        return cls(
            sequence=value["sequence"],
            run=_run_from_json(value["run"]),
            added=[DataFile.from_json(file) for file in value["added"]],
            removed=[DataFile.from_json(file) for file in value["removed"]],
            data_change=value["data_change"],
            purge=value["purge"],
        )


def commit(lake: Lake, plan: Plan) -> None:
    """Make a run durable and visible. Call it under the lease whose fencing number it carries.

    Raises:
        LakeDamaged: a file that the plan names is neither staged nor installed.
        OSError: the disk refused; the next run rolls the plan forward, or sweeps.
    """
    sync_staged(lake, plan)
    write_durably(plan_path(lake, plan.sequence), plan.to_bytes(), create_only=True)
    apply_plan(lake, plan)


def recover(lake: Lake) -> list[int]:
    """Roll planned runs forward and sweep unplanned ones; call it under the lease, before work.

    Returns the sequences that were rolled forward.

    Raises:
        LakeDamaged: see `read_plan`, `apply_plan`; or a staged file has changed.
    """
    finished = []
    for path in sorted(lake.plans.glob("*.json")):
        plan = read_plan(path)
        for staged in find_damaged(lake, plan):
            raise LakeDamaged(f"{staged} has changed since it was staged; run `wiretrace doctor`")
        apply_plan(lake, plan)
        finished.append(plan.sequence)
    sweep(lake)
    newest = newest_sequence(lake)
    prune_state(lake, newest)
    prune_health(lake, newest)
    return finished


def read_plan(path: Path) -> Plan:
    """The plan that a run left behind.

    Raises:
        LakeDamaged: it is not as it was written. What it planned may be half done: it must neither
            be carried out nor swept.
    """
    data = path.read_bytes()
    try:
        return Plan.from_bytes(data)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise LakeDamaged(
            f"{path} cannot be read as a plan: {error}; run `wiretrace doctor`"
        ) from error


def find_damaged(lake: Lake, plan: Plan) -> Iterator[Path]:
    """The staged files of a plan that are not what their names promise."""
    staging = lake.staging(plan.run.run_id)
    for file in plan.added:
        path = staging / file.table / file.path
        with suppress(FileNotFoundError):  # else it is installed
            if hash_file(path) != hash_in_name(file.path):
                yield path


def sweep(lake: Lake) -> None:
    """Delete what unfinished runs without a plan left behind. Safe only under the lease."""
    staging = lake.state / "staging"
    if staging.is_dir():
        for folder in staging.iterdir():
            shutil.rmtree(folder)
    for leftover in lake.plans.glob(".*"):
        leftover.unlink(missing_ok=True)


def newest_sequence(lake: Lake) -> int:
    """The highest sequence that a committed run or a plan carries; 0 in a new lake."""
    planned = [int(path.stem) for path in lake.plans.glob("*.json")]
    run = newest_run(lake)
    return max([*planned, run["sequence"] if run else 0])


def floor_at(root: Path) -> int:
    """What the number of the next lease has to be above; 0 where there is no lake yet."""
    return newest_sequence(Lake(root)) if is_lake(root) else 0


def is_committing(lake: Lake) -> bool:
    """Whether a run is committing, or was killed as it did: the next writer finishes it."""
    return any(lake.plans.glob("*.json"))


def plan_path(lake: Lake, sequence: int) -> Path:
    """Where the plan of a sequence lies."""
    return lake.plans / f"{sequence:012d}.json"


def apply_plan(lake: Lake, plan: Plan) -> None:
    """Install the files, commit each changed table once, then `runs`; repeatable at any point."""
    install(lake, plan)
    for table in TABLES:
        if table.name != RUNS.name:
            commit_table(lake, plan, table.name)
    commit_runs(lake, plan)
    record_logs(lake.root)
    for path in plan.purge:
        (lake.root / path).unlink(missing_ok=True)
    pinned = snapshot(lake)
    update_search(lake, pinned)
    prune_signatures(lake, pinned)
    prune_profiles(lake, pinned)
    finish(lake, plan)


def sync_staged(lake: Lake, plan: Plan) -> None:
    """Flush every staged file and folder to the disk, so that the plan never names what is lost."""
    staging = lake.staging(plan.run.run_id)
    folders = set()
    for file in plan.added:
        path = staging / file.table / file.path
        with open(path, "rb") as handle:
            os.fsync(handle.fileno())
        folders.add(path.parent)
    for folder in folders:
        fsync_directory(folder)


def install(lake: Lake, plan: Plan) -> None:
    """Move the staged files to their tables."""
    staging = lake.staging(plan.run.run_id)
    folders = set()
    for file in plan.added:
        target = lake.table_path(file.table) / file.path
        source = staging / file.table / file.path
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
            folders.add(target.parent)
        elif not target.exists():
            raise LakeDamaged(f"plan {plan.sequence} names {target}, which does not exist")
    for folder in sorted(folders):
        fsync_directory(folder)


def commit_table(lake: Lake, plan: Plan, table: str) -> None:
    """One Delta commit for one table, unless the plan does not touch it or it is there already."""
    added = [file for file in plan.added if file.table == table]
    removed = [file for file in plan.removed if file.table == table]
    if added or removed:
        _commit_actions(lake, plan, table, added, removed)


def commit_runs(lake: Lake, plan: Plan) -> None:
    """Commit the ledger row, which makes the run visible."""
    if _is_committed(lake, RUNS.name, plan.sequence):
        return
    versions = tuple(
        TableVersion(table.name, lake.delta(table.name).version())
        for table in TABLES
        if table.name != RUNS.name
    )
    row = dataclasses.replace(plan.run, table_versions=versions)
    added = [f for f in plan.added if f.table == RUNS.name]
    removed = [f for f in plan.removed if f.table == RUNS.name]
    staging = lake.staging(plan.run.run_id)
    file = write_data_file(RUNS, to_arrow(RUNS, [row]), {}, staging)
    os.replace(staging / RUNS.name / file.path, lake.table_path(RUNS.name) / file.path)
    fsync_directory(lake.table_path(RUNS.name))
    _commit_actions(lake, plan, RUNS.name, [*added, file], removed)


def finish(lake: Lake, plan: Plan) -> None:
    """The run is visible: its plan and its staging folder have done their work."""
    shutil.rmtree(lake.staging(plan.run.run_id), ignore_errors=True)
    plan_path(lake, plan.sequence).unlink(missing_ok=True)
    fsync_directory(lake.plans)


def _is_committed(lake: Lake, table: str, sequence: int) -> bool:
    seen = lake.delta(table).transaction_version(APPLICATION)
    return seen is not None and seen >= sequence


def _commit_actions(
    lake: Lake, plan: Plan, table: str, added: Sequence[DataFile], removed: Sequence[DataFile]
) -> None:
    if _is_committed(lake, table, plan.sequence):
        return
    now = int(plan.run.ended.timestamp() * 1000)
    adds = [
        AddAction(f.path, f.size, dict(f.partition), now, plan.data_change, f.stats) for f in added
    ]
    removes = [
        RemoveAction(f.path, plan.data_change, now, f.size, dict(f.partition)) for f in removed
    ]
    delta = lake.delta(table)
    delta.create_write_transaction(
        [*adds, *removes],
        "append",
        delta.schema(),
        list(BY_NAME[table].partition_by),
        commit_properties=CommitProperties(
            app_transactions=[Transaction(APPLICATION, plan.sequence)]
        ),
    )
    fsync_directory(lake.table_path(table) / "_delta_log")


def _run_to_json(run: Run) -> dict[str, Any]:
    value = dataclasses.asdict(run)
    return {
        name: item.isoformat() if isinstance(item, dt.datetime) else item
        for name, item in value.items()
    }


def _run_from_json(value: Mapping[str, Any]) -> Run:
    known: dict[str, Any] = dict(value)
    for name in ("started", "ended", "window_end"):
        if known.get(name) is not None:  # plans of older versions know no windows
            known[name] = dt.datetime.fromisoformat(known[name])
    known["counts"] = tuple(Count(**count) for count in known["counts"])
    known["table_versions"] = tuple(TableVersion(**entry) for entry in known["table_versions"])
    return Run(**known)
