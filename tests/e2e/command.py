"""The command as its users start it, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "examples" / "corpus"
OUTCOMES = ("new", "revised", "duplicate", "control", "rejected")
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/tmp"}

Done = subprocess.CompletedProcess[str]


def wiretrace(
    *arguments: str | Path, start: Sequence[str] = ("-m", "pipeline.cli"), timeout: float = 280
) -> Done:
    """Run the command to its end; `start` is what Python is given before the arguments."""
    return subprocess.run(
        [sys.executable, *start, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=timeout,
        check=False,
        env=ENVIRONMENT,
    )


def ledger_of(done: Done, code: int = 0) -> dict[str, Any]:
    """The printed ledger of a `run --json` that left with `code`; it has to balance."""
    assert done.returncode == code, done.stderr[-4000:]
    ledger: dict[str, Any] = json.loads(done.stdout)
    assert ledger["seen"] == sum(ledger[name] for name in OUTCOMES)
    return ledger


def drops(paths: Sequence[Path]) -> list[str | Path]:
    """`--drop` for each path."""
    return [word for path in paths for word in ("--drop", path)]


def dump(lake: Path) -> str:
    """The canonical dump."""
    done = wiretrace("dump", "--lake", lake)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(lake: Path, query: str) -> list[dict[str, Any]]:
    """What `wiretrace sql` answers."""
    done = wiretrace("sql", "--lake", lake, "--json", query)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def assert_healthy(lake: Path) -> None:
    """`wiretrace doctor` finds nothing."""
    done = wiretrace("doctor", "--lake", lake)
    assert done.returncode == 0, done.stdout + done.stderr
