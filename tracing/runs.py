"""Runs and their ledgers, the newest first."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.data_file import DataFile
from lake.tables import Snapshot
from schemas.run import OUTCOMES
from tracing.as_text import as_text
from tracing.runs_model import Rejected, RunCount, RunLine, RunPage, Runs, RunTable
from tracing.since import NoSuchRun

_LINE = [
    "sequence", "run_id", "command", "status", "started", "ended", "seen", *OUTCOMES, "containers",
]  # fmt: skip
# Commands that look for articles.
INTAKE = ("run", "watch", "stream")
_FILES_AT_ONCE = 32
# What is longer is the number of no run, nor one of Arrow's.
_MOST_DIGITS = 18
Row = Mapping[str, Any]


def read_runs(pinned: Snapshot) -> Runs:
    """All committed runs."""
    rows = pinned.read("runs", _LINE).to_pylist()
    lines = sorted(map(run_line, rows), key=lambda line: -line.sequence)
    return Runs(pinned.sequence, tuple(lines))


def read_run(pinned: Snapshot, asked: str) -> RunPage:
    """One run by its sequence or id, with what it counted and rejected.

    Raises:
        NoSuchRun: there is none.
    """
    is_it = pc.field("run_id") == as_text(asked)
    if asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS:
        is_it = is_it | (pc.field("sequence") == int(asked))
    found = pinned.read("runs", where=is_it).to_pylist()
    if not found:
        raise NoSuchRun(
            f"no run {asked[:200]!r} in {pinned.lake.root}; `wiretrace runs list` lists runs"
        )
    [row] = found
    counts = [RunCount(**count) for count in row["counts"]]
    return RunPage(
        sequence=pinned.sequence,
        run=run_line(row),
        code_version=row["code_version"],
        config_hash=row["config_hash"],
        counts=tuple(sorted(counts, key=lambda one: (-one.items, one.source, one.outcome))),
        tables=tuple(RunTable(**one) for one in row["table_versions"]),
        rejects=tuple(_rejects(pinned, row)),
    )


def run_line(row: Row) -> RunLine:
    """The ledger of a row of `runs`."""
    return RunLine(**{name: row[name] for name in _LINE}, is_balanced=is_balanced(row))


def is_balanced(row: Row) -> bool:
    """Whether the outcomes of a row of `runs` add up to what was seen."""
    return bool(row["seen"] == sum(row[outcome] for outcome in OUTCOMES))


def count_runs(pinned: Snapshot) -> int:
    """How many runs are committed."""
    return sum(file.rows for file in pinned.files("runs"))


def runs_since(pinned: Snapshot, since: dt.datetime, columns: list[str]) -> list[Row]:
    """The runs that began since, the newest first; older files are not read."""
    found: list[Row] = []
    for row in _backwards(pinned, ["started", *columns]):
        if row["started"] < since:
            break
        found.append(row)
    return found


def newest_intake(pinned: Snapshot) -> dt.datetime | None:
    """When the newest run began that looked for articles; None if there was none."""
    rows = _backwards(pinned, ["started", "command"])
    return next((row["started"] for row in rows if row["command"] in INTAKE), None)


def _backwards(pinned: Snapshot, columns: list[str]) -> Iterator[Row]:
    files = sorted(pinned.files("runs"), key=_newest_sequence, reverse=True)
    for at in range(0, len(files), _FILES_AT_ONCE):
        some = files[at : at + _FILES_AT_ONCE]
        rows = pinned.read("runs", ["sequence", *columns], None, some).to_pylist()
        yield from sorted(rows, key=lambda row: -int(row["sequence"]))


def _newest_sequence(file: DataFile) -> int:
    newest: int = json.loads(file.stats)["maxValues"]["sequence"]
    return newest


def _rejects(pinned: Snapshot, run: Row) -> Iterator[Rejected]:
    """What is kept of the rejects of a run, by stage and reason, the most first."""
    columns = ["stage", "reason", "message", "source_uri"]
    months = pa.array([f"{run[time]:%Y-%m}" for time in ("started", "ended")])
    mine = (pc.field("run_id") == run["run_id"]) & pc.field("month").isin(months)
    rows = pinned.read("rejects", columns, mine)
    grouped = rows.group_by(["stage", "reason"], use_threads=False).aggregate(
        [("message", "count"), ("message", "first"), ("source_uri", "first")]
    )
    for row in sorted(
        grouped.to_pylist(), key=lambda row: (-row["message_count"], row["stage"], row["reason"])
    ):
        yield Rejected(
            row["stage"],
            row["reason"],
            row["message_count"],
            row["message_first"],
            row["source_uri_first"],
        )
