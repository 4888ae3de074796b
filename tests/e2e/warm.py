"""The command in forks of a process that has loaded everything: two seconds each, and not seven.

The process is one of its own, for what tests run in has threads, and does not fork.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from chaos.child import load, run_child, wiretrace
from tests.e2e.command import ENVIRONMENT, ROOT, Done
from tests.e2e.kill_at import kill_at


class Warm:
    """That process, while the block lasts; one command at a time."""

    def __enter__(self) -> Warm:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=ENVIRONMENT,
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate(timeout=60)

    def wiretrace(self, *arguments: str | Path, kill: str | None = None) -> Done:
        """Run the command to its end, or to the call that `kill` names (`kill_at.py`)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"arguments": list(map(str, arguments)), "kill": kill}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(arguments, **answer)


def _serve() -> None:
    """Answer each line of stdin with a line."""
    load()
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            ended = run_child(partial(_be_command, out, **json.loads(line)), Path(folder) / "said")
            answer = {
                "returncode": ended.code,
                "stdout": out.read_text("utf-8"),
                "stderr": ended.said,
            }
        print(json.dumps(answer), flush=True)


def _be_command(out: Path, arguments: Sequence[str], kill: str | None) -> object:
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT), 1)
    if kill:
        kill_at(kill)
    return wiretrace(*arguments)()


if __name__ == "__main__":
    _serve()
