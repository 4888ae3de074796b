"""Processes that outlive who started them, here with shells in place of Flink."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from deploy.flink.processes import (
    NotUp,
    Process,
    find_pid,
    is_alive,
    kill,
    start,
    stop,
    wait_until,
    wait_up,
)


def shell(work: Path, script: str) -> Process:
    return Process(work, "one", ["sh", "-c", script], dict(os.environ))


def lines(process: Process, number: int) -> list[str]:
    wait_until(
        lambda: process.log.exists() and len(process.log.read_text().splitlines()) >= number,
        10,
        "lines",
        process.log,
    )
    return process.log.read_text().splitlines()


def test_a_kill_takes_the_whole_group(tmp_path: Path) -> None:
    """A pool's workers die with it, and are dead when the call returns."""
    process = shell(tmp_path, "sleep 600 & echo $!; wait")
    start(process)
    child = int(lines(process, 1)[0])
    assert is_alive(process)
    assert psutil.pid_exists(child)
    kill(process)
    assert not is_alive(process)
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
    assert not process.pid_file.exists()


def test_what_is_up_is_not_started_again(tmp_path: Path) -> None:
    """A second start leaves the first alone; after its death a start is one."""
    process = shell(tmp_path, "echo started; sleep 600")
    start(process)
    first = find_pid(process)
    lines(process, 1)
    start(process)
    assert find_pid(process) == first
    kill(process)
    start(process)
    assert lines(process, 2) == ["started", "started"]
    assert find_pid(process) != first
    kill(process)


def test_a_reused_process_id_is_not_ours(tmp_path: Path) -> None:
    """A file of an id whose process was born at another moment names nobody."""
    process = shell(tmp_path, "")
    process.pid_file.parent.mkdir(parents=True)
    process.pid_file.write_text(f"{os.getpid()} 1.0")
    assert find_pid(process) is None
    kill(process)  # and nobody is killed


def test_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    """A process that ignores SIGTERM is gone nevertheless."""
    process = shell(tmp_path, "trap '' TERM; echo deaf; while :; do sleep 0.1; done")
    start(process)
    lines(process, 1)
    with pytest.raises(NotUp, match="one is gone"):
        kill(process, signal.SIGTERM, 0.5)
    stop(process, 0.5)
    assert not is_alive(process)


def test_an_early_end_is_seen_at_once_and_shown(tmp_path: Path) -> None:
    """Nobody waits for a process that is dead, and the end of its log says why."""
    process = shell(tmp_path, "echo no such port; exit 3")
    start(process)
    started = time.monotonic()
    with pytest.raises(NotUp, match=r"(?s)one ended before: it listens.*no such port"):
        wait_up(process, lambda: False, 60, "it listens")
    assert time.monotonic() - started < 10


def test_a_deadline_is_kept(tmp_path: Path) -> None:
    """What does not come up in time is an error with the end of the log."""
    log = tmp_path / "log"
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    with pytest.raises(NotUp, match=r"(?s)after 0 s still not: it is up\n.*line 99$") as error:
        wait_until(lambda: False, 0.2, "it is up", log)
    assert "line 10\n" not in str(error.value)
