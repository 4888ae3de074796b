"""How every writer begins: under the lease, after what a killed one left is finished or swept."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lake.commit import plan_path, recover
from lake.lease import acquire
from lake.tables import Lake, create_lake


@dataclass(frozen=True, slots=True)
class Begun:
    """A writer's run: nobody else writes until it ends. `lake` is the copy that it writes to."""

    lake: Lake
    sequence: int
    run_id: str
    started: dt.datetime
    rolled_forward: tuple[int, ...]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def begin_run(
    root: Path,
    command: str,
    *,
    wait_seconds: float,
    floor: int,
    clock: Callable[[], dt.datetime] = _now,
) -> Iterator[Begun]:
    """Hold the lease of a lake, which is made if there is none; its sequence is above `floor`.

    Raises:
        LakeBusy: another writer still had the lease after `wait_seconds`.
        LakeDamaged: see `lake.tables`.
    """
    with acquire(root, wait_seconds=wait_seconds, command=command, floor=floor) as lease:
        lake = create_lake(lease.root)
        rolled_forward = tuple(recover(lake))
        started = clock().replace(microsecond=0)
        run_id = name_run(started, lease.sequence)
        try:
            yield Begun(lake, lease.sequence, run_id, started, rolled_forward)
        finally:
            # With a plan the staging folder is the commit's; without one it is litter.
            if not plan_path(lake, lease.sequence).exists():
                shutil.rmtree(lake.staging(run_id), ignore_errors=True)


def name_run(started: dt.datetime, sequence: int) -> str:
    """A run's id: when it began, then its sequence."""
    return f"{started:%Y%m%dT%H%M%SZ}-{sequence:06d}"
