"""What every writer but `run` does first: take the lease, recover, pin; and its ledger row."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lake.commit import newest_sequence, plan_path, recover
from lake.lease import acquire
from lake.tables import Lake, Snapshot, create_lake, open_lake, snapshot
from schemas.ids import hash_id
from schemas.run import Count, Run


@dataclass(frozen=True, slots=True)
class Turn:
    """One writer's turn at a lake: nobody else writes until it ends."""

    lake: Lake
    command: str
    sequence: int
    run_id: str
    started: dt.datetime
    pinned: Snapshot

    @property
    def staging(self) -> Path:
        """Where this turn's files are written before its plan is."""
        return self.lake.staging(self.run_id)

    def run(self, counts: Sequence[Count] = ()) -> Run:
        """The ledger row: nothing was seen, and `counts` says what was done."""
        return Run(
            sequence=self.sequence,
            run_id=self.run_id,
            command=self.command,
            counts=tuple(counts),
            config_hash=hash_id("config", self.command),
            code_version=version("wiretrace"),
            started=self.started,
            ended=dt.datetime.now(dt.UTC),
            status="complete",
        )


@contextmanager
def take_turn(root: Path, command: str, *, wait_seconds: float = 0.0) -> Iterator[Turn]:
    """Hold the lease of an existing lake; what a killed writer left is finished or swept first.

    Raises:
        LakeBusy: another writer still had the lease after `wait_seconds`.
        LakeNotFound, LakeDamaged: see `lake.tables`.
    """
    lake = open_lake(root)
    floor = newest_sequence(lake)
    with acquire(lake.root, wait_seconds=wait_seconds, command=command, floor=floor) as lease:
        lake = create_lake(lease.root)
        recover(lake)
        started = dt.datetime.now(dt.UTC).replace(microsecond=0)
        run_id = f"{started:%Y%m%dT%H%M%SZ}-{lease.sequence:06d}"
        try:
            yield Turn(lake, command, lease.sequence, run_id, started, snapshot(lake))
        finally:
            # With a plan the staging folder is the commit's; without one it is litter.
            if not plan_path(lake, lease.sequence).exists():
                shutil.rmtree(lake.staging(run_id), ignore_errors=True)
