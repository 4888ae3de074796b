"""From what a user calls a point in time to a run: everything of later runs is what changed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from lake.tables import Snapshot

_COLUMNS = ["sequence", "run_id", "started", "new", "revised", "control"]
# As many digits as a sequence can have; what is longer is a name or a mistake.
_SEQUENCE = re.compile(r"[0-9]{1,18}", re.ASCII)


class NoSuchRun(Exception):
    """Neither a run nor a time that can be read."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Since:
    """The last run that is not looked at (0: all are), and the later ones, id by sequence."""

    sequence: int
    later: dict[int, str]


def find_since(pinned: Snapshot, asked: str | None) -> Since:
    """What lies after a run, named by its id or sequence, or from a time on (ISO 8601, else UTC).

    None: the newest run that took something in, and what came after it.

    Raises:
        NoSuchRun: it is none of these.
    """
    rows = pinned.read("runs", _COLUMNS).to_pylist() if pinned.sequence else []
    runs = sorted(rows, key=lambda row: int(row["sequence"]))
    sequence = _newest_intake(runs) if asked is None else _named(runs, asked)
    later = {run["sequence"]: run["run_id"] for run in runs if run["sequence"] > sequence}
    return Since(sequence, later)


def _newest_intake(runs: list[dict[str, Any]]) -> int:
    """The run before the newest one that took something in."""
    taken = [run["sequence"] for run in runs if run["new"] or run["revised"] or run["control"]]
    before = [run["sequence"] for run in runs if taken and run["sequence"] < taken[-1]]
    return max(before, default=0)


def _named(runs: list[dict[str, Any]], asked: str) -> int:
    named = next((int(run["sequence"]) for run in runs if run["run_id"] == asked), None)
    if named is not None:
        return named
    newest = max((int(run["sequence"]) for run in runs), default=0)
    if _SEQUENCE.fullmatch(asked) and int(asked) <= newest:
        return int(asked)
    time = _time(asked)
    if time is None:
        raise NoSuchRun(
            f"{asked[:200]!r} is no run and no time such as 2024-05-01T06:00;"
            " `wiretrace runs list` lists runs"
        )
    return max((int(run["sequence"]) for run in runs if run["started"] < time), default=0)


def _time(asked: str) -> dt.datetime | None:
    # Digits alone would be a sequence that no run has, though ISO 8601 writes days so too.
    if asked.isdigit():
        return None
    try:
        time = dt.datetime.fromisoformat(asked)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
