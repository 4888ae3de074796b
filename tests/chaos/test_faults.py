"""Each fault does what it is called, at the call it was planned for, and only below the folder."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chaos.faults import Fault, build, environment, fired, plan_faults

# Creates (1), writes (2, 3) and flushes (4) a file, renames it (5); what failed is its exit code.
WORK = """
import os, sys
root = sys.argv[1]
open(root + "-beside", "wb").write(b"not counted")
try:
    file = os.open(root + "/new", os.O_WRONLY | os.O_CREAT)
    for _ in range(2):
        print(os.write(file, b"12345678"), flush=True)
    os.fsync(file)
    os.rename(root + "/new", root + "/old")
except OSError as error:
    sys.exit(error.errno)
"""


@pytest.fixture(autouse=True)
def _compiler() -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    build()


def work(tmp_path: Path, fault: Fault) -> tuple[int, list[str], str | None]:
    """Exit code, what the two writes gave, and the fault's line in the log."""
    root, log = tmp_path / "lake", tmp_path / "log"
    root.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(root)],
        env={**os.environ, **environment(root, fault, log)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "lake-beside").read_bytes() == b"not counted"
    return done.returncode, done.stdout.split(), fired(log)


@pytest.mark.parametrize(
    ("fault", "code", "written", "where"),
    [
        (Fault("changes", 1, "kill"), -9, [], "create kill new"),
        (Fault("changes", 2, "torn"), -9, [], "write torn new"),
        (Fault("changes", 2, "full"), errno.ENOSPC, [], "write full new"),
        (Fault("changes", 2, "denied"), 0, ["4", "8"], "write denied new"),
        (Fault("changes", 3, "broken"), errno.EIO, ["8"], "write broken new"),
        (Fault("changes", 4, "broken"), errno.EIO, ["8", "8"], "fsync broken new"),
        (Fault("changes", 5, "denied"), errno.EACCES, ["8", "8"], "rename denied old"),
        (Fault("changes", 6, "kill"), 0, ["8", "8"], None),
    ],
)
def test_the_nth_call_meets_the_fault(
    tmp_path: Path, fault: Fault, code: int, written: list[str], where: str | None
) -> None:
    line = work(tmp_path, fault)
    assert (line[0], line[1]) == (code, written)
    assert (line[2] or "").replace(f"{tmp_path}/lake/", "") == (where or "")


def test_a_torn_write_leaves_half(tmp_path: Path) -> None:
    work(tmp_path, Fault("changes", 3, "torn"))
    assert (tmp_path / "lake" / "new").read_bytes() == b"123456781234"


def test_a_kill_comes_before_the_call(tmp_path: Path) -> None:
    work(tmp_path, Fault("changes", 3, "kill"))
    assert (tmp_path / "lake" / "new").read_bytes() == b"12345678"


def test_places_are_spread_evenly_and_kinds_take_turns() -> None:
    assert plan_faults("changes", 9, 5, first=1) == [
        Fault("changes", 1, "full"),
        Fault("changes", 3, "torn"),
        Fault("changes", 5, "broken"),
        Fault("changes", 7, "denied"),
        Fault("changes", 9, "kill"),
    ]


@pytest.mark.parametrize(("points", "at_most", "planned"), [(4, 9, 4), (9, 1, 1), (1, 3, 1)])
def test_no_more_faults_than_calls_or_than_asked(points: int, at_most: int, planned: int) -> None:
    assert len({fault.nth for fault in plan_faults("reads", points, at_most)}) == planned
