"""What runs are told by: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run's ledger; columns as in `schemas.run`. `is_balanced`: the outcomes add up to `seen`."""

    sequence: int
    run_id: str
    command: str
    status: str
    started: dt.datetime
    ended: dt.datetime
    seen: int
    new: int
    revised: int
    duplicate: int
    control: int
    rejected: int
    containers: int
    is_balanced: bool


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs, the newest first."""

    sequence: int
    runs: tuple[RunLine, ...]


@dataclass(frozen=True, slots=True)
class RunCount:
    """Items of a source that a run dealt with in one way."""

    source: str
    outcome: str
    reason: str | None
    items: int


@dataclass(frozen=True, slots=True)
class RunTable:
    """A table's version that readers of the run pin."""

    table: str
    version: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is kept of a run's rejects of one stage and reason: how many, and one of the messages.

    A failure that was met before is counted by the run (`RunPage.counts`) and not kept again.
    """

    stage: str
    reason: str
    times: int
    message: str
    source_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One run; `counts` and `rejects` the most first, `tables` in order of commit."""

    sequence: int
    run: RunLine
    code_version: str
    config_hash: str
    counts: tuple[RunCount, ...]
    tables: tuple[RunTable, ...]
    rejects: tuple[Rejected, ...]
