"""Compaction: the small files of each partition become one, and nothing else changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lake.check import find_orphans
from lake.commit import newest_sequence, recover
from lake.data_file import DataFile, write_data_file
from lake.lease import acquire
from lake.maintenance import commit_rewrite, maintenance_run
from lake.tables import Lake, LakeDamaged, Snapshot, open_lake, snapshot
from schemas.catalog import BY_NAME, TABLES
from schemas.run import RUNS

# Of compressed bytes; a partition above it stays in several files.
MAX_FILE = 128 << 20


def compact(root: Path, wait: float = 0.0) -> int:
    """Merge every partition that has more than one small file; gives the number of files saved.

    The lease is taken per table, so that a run can come in between.

    Raises:
        LakeBusy: another writer has the lease for longer than `wait` seconds.
        LakeDamaged: a page's checksum is wrong; that table is left as it was.
    """
    saved = 0
    for table in TABLES:
        floor = newest_sequence(open_lake(root))
        with acquire(root, wait_seconds=wait, command="compact", floor=floor) as lease:
            lake = open_lake(root)
            recover(lake)
            saved += _compact_table(lake, snapshot(lake), table.name, lease.sequence)
    return saved


def purge(root: Path, wait: float = 0.0) -> int:
    """Delete data files that no pinned version names, so that a glob over live folders is exact."""
    with acquire(
        root, wait_seconds=wait, command="compact", floor=newest_sequence(open_lake(root))
    ):
        lake = open_lake(root)
        recover(lake)
        orphans = list(find_orphans(lake))
        for path in orphans:
            path.unlink()
        return len(orphans)


def _compact_table(lake: Lake, pinned: Snapshot, table: str, sequence: int) -> int:
    groups = list(_partitions(pinned.files(table)))
    if not groups:
        return 0
    run = maintenance_run("compact", sequence, dt.datetime.now(dt.UTC))
    added: list[DataFile] = []
    for files in groups:
        added += _merge(lake, pinned, table, files, lake.staging(run.run_id))
    removed = [file for files in groups for file in files]
    commit_rewrite(lake, run, added, removed, data_change=False)
    return len(removed) - len(added)


def _merge(
    lake: Lake, pinned: Snapshot, table: str, files: list[DataFile], staging: Path
) -> Iterator[DataFile]:
    try:
        rows = pinned.dataset(table, files).to_table()
    except (OSError, ValueError) as error:
        raise LakeDamaged(f"{table}: {error}; run `wiretrace doctor`") from error
    yield write_data_file(BY_NAME[table], rows, files[0].partition, staging)


def _partitions(files: list[DataFile]) -> Iterator[list[DataFile]]:
    """Files of one partition, in groups that fit into one file."""
    partitions: dict[tuple[str, ...], list[DataFile]] = defaultdict(list)
    for file in files:
        partitions[tuple(file.partition.values())].append(file)
    for group in partitions.values():
        batch: list[DataFile] = []
        for file in sorted(group, key=lambda f: f.size):
            if batch and sum(f.size for f in batch) + file.size > MAX_FILE:
                break
            batch.append(file)
        if len(batch) > (1 if batch and batch[0].table != RUNS.name else 8):
            yield batch
