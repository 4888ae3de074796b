"""What every writer but `run` does first: take the lease, recover, pin; and its ledger row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lake.begin import begin_run
from lake.commit import newest_sequence
from lake.tables import Lake, Snapshot, open_lake, snapshot
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
    with begin_run(lake.root, command, wait_seconds=wait_seconds, floor=floor) as begun:
        pinned = snapshot(begun.lake)
        yield Turn(begun.lake, command, begun.sequence, begun.run_id, begun.started, pinned)
