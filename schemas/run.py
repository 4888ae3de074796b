"""`runs`: the ledger, a row per run, committed last. Readers pin the table versions it names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

OUTCOMES = ("new", "revised", "duplicate", "control", "rejected")


@dataclass(frozen=True, slots=True)
class Count:
    """How many items of one source had one outcome, and for which reason."""

    source: str
    outcome: str
    reason: str | None
    items: int


@dataclass(frozen=True, slots=True)
class TableVersion:
    """The Delta version of one table that belongs to a run."""

    table: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One committed run: seen = new + revised + duplicate + control + rejected, in items."""

    sequence: A[int, C("Fencing number of the lease; strictly rising.", "DESIGN §5")]
    run_id: A[str, C("Name of the run, as in every other table.", "DESIGN §3")]
    command: A[str, C("run, replay, compact, forget, …", "DESIGN §8")]
    seen: A[int, C("Items seen.", "DESIGN §1")] = 0
    new: A[int, C("Items that founded an article.", "DESIGN §1")] = 0
    revised: A[int, C("Items that added a version.", "DESIGN §1")] = 0
    duplicate: A[int, C("Items of a version known already.", "DESIGN §1")] = 0
    control: A[int, C("Messages about an article.", "DESIGN §1")] = 0
    rejected: A[int, C("Items and containers that were rejected.", "DESIGN §1")] = 0
    containers: A[int, C("Files, feeds and archives read; counted apart.", "DESIGN §1")] = 0
    counts: A[tuple[Count, ...], C("Items by source, outcome and reason.", "DESIGN §3")] = ()
    table_versions: A[tuple[TableVersion, ...], C("Versions that readers pin.", "DESIGN §5")] = ()
    config_hash: A[str, C("Hash of the effective configuration.", "DESIGN §3")]
    code_version: A[str, C("Version of wiretrace.", "DESIGN §3")]
    started: A[dt.datetime, C("When the run began.", "DESIGN §3")]
    ended: A[dt.datetime, C("When its plan was written.", "DESIGN §3")]
    status: A[str, C("complete, or interrupted (all that was read is in).", "DESIGN §3")]
    stories_told: A[
        bool | None, C("False where a later run tells the stories of what came.", "DESIGN §6")
    ] = None
    window_end: A[dt.datetime | None, C("End of the window of a stream.", "DESIGN §6")] = None


RUNS = Table(
    name="runs",
    row=Run,
    version=1,
    partition_by=(),
    sort_by=("sequence",),
)
