"""How every writer begins: under the lease, after what a killed one left is finished or swept."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lake.commit import floor_at, plan_path, recover
from lake.lease import acquire
from lake.tables import Lake, Snapshot, create_lake, snapshot
from schemas.ids import hash_id
from schemas.run import Count, Run


@dataclass(frozen=True, slots=True)
class Begun:
    """A writer's run: nobody else writes until it ends.

    `lake` is the copy that it writes to, `pinned` what that held when it began.
    """

    lake: Lake
    command: str
    sequence: int
    run_id: str
    started: dt.datetime
    rolled_forward: tuple[int, ...]
    pinned: Snapshot

    @property
    def staging(self) -> Path:
        """Where its files are written before its plan is."""
        return self.lake.staging(self.run_id)

    def maintenance_row(self, counts: Sequence[Count] = ()) -> Run:
        """Its ledger row, if nothing was read: `counts` says what was done."""
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


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def begin_run(
    root: Path, command: str, *, wait_seconds: float, clock: Callable[[], dt.datetime] = _now
) -> Iterator[Begun]:
    """Hold the lease of a lake, which is made if there is none.

    Raises:
        LakeBusy: another writer still had the lease after `wait_seconds`.
        LakeDamaged: see `lake.tables`.
    """
    floor = floor_at(root)
    with acquire(root, wait_seconds=wait_seconds, command=command, floor=floor) as lease:
        lake = create_lake(lease.root)
        rolled_forward = tuple(recover(lake))
        started = clock().replace(microsecond=0)
        run_id = name_run(started, lease.sequence)
        pinned = snapshot(lake)
        try:
            yield Begun(lake, command, lease.sequence, run_id, started, rolled_forward, pinned)
        finally:
            # With a plan the staging folder is the commit's; without one it is litter.
            if not plan_path(lake, lease.sequence).exists():
                shutil.rmtree(lake.staging(run_id), ignore_errors=True)


def name_run(started: dt.datetime, sequence: int) -> str:
    """A run's id: when it began, then its sequence."""
    return f"{started:%Y%m%dT%H%M%SZ}-{sequence:06d}"
