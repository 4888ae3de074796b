"""Processes that outlive who started them: each with a group, a file of its id and a log.

What is asked for is true when a function returns: a process that was killed is dead, with its
group.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

TAIL_LINES = 25
_POLL_SECONDS = 0.1


class NotUp(Exception):
    """A process did not come up, or did not go, in time."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a work folder: its name there, and how it is started."""

    work: Path
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]

    @property
    def log(self) -> Path:
        """Where its output goes; a restart appends."""
        return self.work / "logs" / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """Its process id and the moment it was started, so that a reused id is not taken for it."""
        return self.work / "pids" / self.name


def start(process: Process) -> None:
    """Start it in a session of its own; what is up already stays."""
    if is_alive(process):
        return
    process.log.parent.mkdir(parents=True, exist_ok=True)
    process.pid_file.parent.mkdir(parents=True, exist_ok=True)
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    # Not Popen: it would warn of a process that outlives it.
    pid = os.posix_spawnp(
        process.command[0],
        list(process.command),
        dict(process.environment),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(process.log), append, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    process.pid_file.write_text(f"{pid} {psutil.Process(pid).create_time()}")


def find_pid(process: Process) -> int | None:
    """Its id, if it is alive."""
    with contextlib.suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        number, created = process.pid_file.read_text().split()
        found = psutil.Process(int(number))
        if found.create_time() == float(created) and found.status() != psutil.STATUS_ZOMBIE:
            return int(number)
    return None


def is_alive(process: Process) -> bool:
    """Whether it runs."""
    return find_pid(process) is not None


def kill(process: Process, number: signal.Signals = signal.SIGKILL, seconds: float = 20) -> None:
    """Signal it and its group, and wait until none of them is left.

    Raises:
        NotUp: something of the group survived.
    """
    pid = find_pid(process)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
    wait_until(lambda: not _group_lives(pid), seconds, f"{process.name} is gone", process.log)
    process.pid_file.unlink()


def stop(process: Process, seconds: float = 10) -> None:
    """Ask it to end, then kill what is left."""
    try:
        kill(process, signal.SIGTERM, seconds)
    except NotUp:
        kill(process)


def wait_until(check: Callable[[], bool], seconds: float, what: str, log: Path) -> float:
    """Ask until it is so; gives the seconds that it took.

    Raises:
        NotUp: it is not so after `seconds`; with the end of the log.
    """
    started = time.monotonic()
    while not check():
        if time.monotonic() - started > seconds:
            raise NotUp(f"after {seconds:.0f} s still not: {what}\n{tail(log)}")
        time.sleep(_POLL_SECONDS)
    return time.monotonic() - started


def wait_up(process: Process, check: Callable[[], bool], seconds: float, what: str) -> float:
    """Like `wait_until`, and leaves at once when the process ends.

    Raises:
        NotUp: it ended, or it is not so after `seconds`.
    """

    def is_so() -> bool:
        if not is_alive(process):
            raise NotUp(f"{process.name} ended before: {what}\n{tail(process.log)}")
        return check()

    return wait_until(is_so, seconds, what, process.log)


def tail(log: Path) -> str:
    """The last lines of a log, under its name."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()[-TAIL_LINES:]
    except FileNotFoundError:
        return f"{log} is not there"
    return "\n".join([f"the end of {log}:", *lines])


def _group_lives(group: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(group, os.WNOHANG)  # where we are its parent, it stays a zombie until asked
    for process in psutil.process_iter(["pid", "status"]):
        with contextlib.suppress(ProcessLookupError):
            if process.info["status"] != psutil.STATUS_ZOMBIE and os.getpgid(process.pid) == group:
                return True
    return False
