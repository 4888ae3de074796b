"""Compaction: the same rows in fewer files, each partition sorted as a whole.

Readers that pinned an older version go on reading the old files until `purge` deletes them; a watch
deletes those that no version of the last day has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from lake.begin import Begun, begin_run
from lake.check import unreferenced_files, verify_file
from lake.commit import Plan, commit
from lake.data_file import DataFile, write_data_file
from lake.tables import Lake, LakeDamaged, Snapshot, open_lake, snapshot
from schemas.catalog import BY_NAME, TABLES
from schemas.run import RUNS

TARGET_BYTES = 128 << 20
PARTITIONS_PER_COMMIT = 64  # so that the lease is held for seconds, not hours
# A watch lets so many files of a partition gather, and keeps replaced ones for readers so long.
GATHERED = 32
KEPT_HOURS = 24


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: partitions, files before and after, files deleted by the purge."""

    partitions: int = 0
    files_before: int = 0
    files_after: int = 0
    purged: int = 0

    def plus(self, other: Compacted) -> Compacted:
        """Both together."""
        return Compacted(
            self.partitions + other.partitions,
            self.files_before + other.files_before,
            self.files_after + other.files_after,
            self.purged + other.purged,
        )


def compact(root: Path, *, purge: bool = False, wait_seconds: float = 0.0) -> Compacted:
    """Merge the files of every partition that has more than it needs.

    `purge` also deletes every data file that the newest version does not have, so that a glob over
    the tables' folders is exact; readers that pinned an older version then fail.

    Raises:
        LakeDamaged: a file to be merged is damaged; nothing of its commit was written.
        LakeBusy: another writer still had the lease after `wait_seconds`.
        LakeNotFound: there is none.
    """
    done = Compacted()
    while True:
        with begin_run(open_lake(root).root, "compact", wait_seconds=wait_seconds) as begun:
            due = find_due(begun.pinned)
            if due:
                done = done.plus(_compact_some(begun, due[:PARTITIONS_PER_COMMIT]))
            if len(due) <= PARTITIONS_PER_COMMIT:
                return done.plus(Compacted(purged=_purge(begun))) if purge else done


def compact_gathered(root: Path, *, wait_seconds: float = 0.0) -> Compacted:
    """Merge partitions in which many small files have gathered; nothing is done where none has.

    Raises:
        LakeDamaged, LakeBusy, LakeNotFound: see `compact`.
    """
    if not find_due(snapshot(open_lake(root)), gathered=GATHERED):
        return Compacted()
    with begin_run(open_lake(root).root, "compact", wait_seconds=wait_seconds) as begun:
        due = find_due(begun.pinned, gathered=GATHERED)
        done = _compact_some(begun, due[:PARTITIONS_PER_COMMIT]) if due else Compacted()
        return done.plus(Compacted(purged=_purge_replaced(begun.lake)))


def find_due(pinned: Snapshot, *, gathered: int = 1) -> list[list[DataFile]]:
    """The files of each partition that has too many, and more than `gathered`; `runs` last."""
    return [
        files
        for table in TABLES
        for files in _partitions(pinned.files(table.name))
        if len(files) > max(_files_needed(files), gathered)
    ]


def _partitions(files: Iterable[DataFile]) -> list[list[DataFile]]:
    groups: dict[tuple[str, ...], list[DataFile]] = defaultdict(list)
    for file in files:
        groups[tuple(file.partition.values())].append(file)
    return [groups[values] for values in sorted(groups)]


def _files_needed(files: Sequence[DataFile]) -> int:
    needed = max(1, -(-sum(file.size for file in files) // TARGET_BYTES))
    # Every commit adds a file to `runs`, that of the compaction too: one more than needed is none.
    return needed + (files[0].table == RUNS.name)


def _compact_some(begun: Begun, due: Sequence[Sequence[DataFile]]) -> Compacted:
    removed = [file for files in due for file in files]
    added = [file for files in due for file in _rewrite(begun, files)]
    kept = {(f.table, f.path) for f in added} & {(f.table, f.path) for f in removed}
    commit(
        begun.lake,
        Plan(
            begun.sequence,
            begun.maintenance_row(),
            added=[f for f in added if (f.table, f.path) not in kept],
            removed=[f for f in removed if (f.table, f.path) not in kept],
            data_change=False,
        ),
    )
    return Compacted(len(due), len(removed), len(added))


def _rewrite(begun: Begun, files: Sequence[DataFile]) -> Iterator[DataFile]:
    table = BY_NAME[files[0].table]
    for file in files:
        verify_file(begun.lake, file)
    try:
        rows = begun.pinned.dataset(table.name, files).to_table()
    except (OSError, pa.ArrowInvalid) as error:
        raise LakeDamaged(f"table {table.name} cannot be read: {error}") from error
    if rows.num_rows != sum(file.rows for file in files):
        raise LakeDamaged(f"table {table.name}: files hold {rows.num_rows} rows, not as logged")
    ordered = rows.sort_by([(name, "ascending") for name in table.sort_by])
    pieces = max(1, -(-sum(file.size for file in files) // TARGET_BYTES))
    step = max(1, -(-ordered.num_rows // pieces))
    for start in range(0, ordered.num_rows, step):
        yield write_data_file(table, ordered.slice(start, step), files[0].partition, begun.staging)


def _purge_replaced(lake: Lake) -> int:
    """Delete what was taken out of the newest version more than a day ago."""
    purged = 0
    for table in TABLES:
        old = lake.delta(table.name).vacuum(
            retention_hours=KEPT_HOURS, dry_run=True, enforce_retention_duration=False
        )
        for path in (lake.table_path(table.name) / name for name in old):
            if path.exists():
                path.unlink()
                purged += 1
    return purged


def _purge(begun: Begun) -> int:
    paths = unreferenced_files(begun.lake, snapshot(begun.lake))
    for path in paths:
        (begun.lake.root / path).unlink(missing_ok=True)
    return len(paths)
