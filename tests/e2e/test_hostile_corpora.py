"""Every file of ../shared/hostile in one run: nothing crashes, hangs, grows or gets lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.e2e.command import OUTCOMES, ROOT, rows

MAIN_MIB, PARSER_MIB = 1024, 512
# What the parsing child, or we ourselves, answer in place of a reader that failed.
OURS = ("unexpected", "timeout", "out_of_memory", "parser_crashed")


def peak_mib(process: psutil.Process) -> int:
    """The most that a process ever held; 0 if it is gone.

    `VmHWM`, not `ru_maxrss`: the latter starts at the size of the process that forked.
    """
    try:
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) >> 10 if "VmHWM" in lines else 0


def is_parser(process: psutil.Process) -> bool:
    try:
        return "transforms.parse.worker" in process.cmdline()
    except psutil.Error:
        return False


@pytest.mark.e2e
@pytest.mark.timeout(1500)
def test_every_hostile_file_is_accounted_for(tmp_path: Path, shared: Path) -> None:
    """0 crashes and hangs, no parser over 512 MiB, the main process under 1 GiB, no file lost."""
    files = {path for path in (shared / "hostile").rglob("*") if path.is_file()}
    arguments = ["run", "--lake", tmp_path / "lake", "--drop", shared / "hostile", "--json"]
    command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    main, parsers = 0, {}
    with (
        (tmp_path / "stderr").open("wb") as stderr,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr) as run,
    ):
        watched = psutil.Process(run.pid)
        while run.poll() is None:
            main = max(main, peak_mib(watched))
            for child in watched.children(recursive=True):
                if is_parser(child):
                    parsers[child.pid] = max(parsers.get(child.pid, 0), peak_mib(child))
            time.sleep(0.1)
        assert run.stdout is not None
        ledger = json.loads(run.stdout.read())
    assert run.returncode == 3, (tmp_path / "stderr").read_text("utf-8")[-4000:]
    assert ledger["seen"] == sum(ledger[name] for name in OUTCOMES)
    reasons = {
        row["reason"]: row["message"]
        for row in rows(tmp_path / "lake", "SELECT reason, message FROM rejects")
    }
    assert reasons.keys() & set(OURS) == set(), reasons
    told = rows(tmp_path / "lake", "SELECT DISTINCT unnest(counts).source AS source FROM runs")
    sources = {row["source"].partition("!")[0] for row in told}
    assert {str(path) for path in files} - sources == set()
    assert len(files) > 3500
    assert 0 < main < MAIN_MIB
    assert 0 < max(parsers.values()) < PARSER_MIB
