"""One writer at a time on a lake, and the fencing number that orders the writers.

`_state/lease.lock` is locked with flock, which the kernel gives up when its holder dies, even by
kill -9; its text says who holds it. `_state/lease.json` keeps the last number handed out. flock
works between open file descriptions, so two threads of a process exclude each other as well.

Of a lake in an object store the lease lies there: `lake/remote_lease.py`.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lake.fsync import write_durably
from lake.present import is_mirror, shown

_POLL_SECONDS = 0.02
# `current_holder` has the lock for microseconds while it looks; nobody is turned away for that.
_LOOK_SECONDS = 0.05
_SEQUENCE_LIMIT = 10**12  # plans and manifests are named with twelve digits
_NOBODY_KNOWN = "another process that has not said its name yet"

_held: set[int] = set()


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write below `root`; `sequence` is higher than that of every lease before it."""

    sequence: int
    holder: str
    root: Path


class LakeBusy(Exception):
    """Another writer holds the lake's lease, and waited out the time that was allowed."""

    exit_code = 5

    def __init__(self, root: Path, holder: str) -> None:
        super().__init__(root, holder)
        self.root = root
        self.holder = holder

    def __str__(self) -> str:
        return f"{shown(self.root)} is being written by {self.holder}; try later, or --wait SECONDS"


@contextmanager
def acquire(
    root: Path, *, wait_seconds: float = 0.0, command: str = "run", floor: int = 0
) -> Iterator[Lease]:
    """Hold the lease of the lake at `root` for the length of a `with` block.

    `floor` is the newest sequence that the lake's runs and plans carry: where `lease.json` is lost
    or damaged, the numbers go on from there. Write below the lease's `root`: of a lake in an object
    store it is a copy, and what was done to it is committed when the block ends.

    Raises:
        LakeBusy: another writer still had it after `wait_seconds`.
        OSError: the state folder cannot be written.
        LeaseLost, StoreRefused, StoreUnavailable: see `lake.remote_turn`.
    """
    holder = _describe(command)
    if is_mirror(root):
        from lake.remote_turn import take_remote_turn

        with take_remote_turn(root, holder, wait_seconds=wait_seconds, floor=floor) as lease:
            yield lease
        return
    state = root / "_state"
    state.mkdir(parents=True, exist_ok=True)
    descriptor = _lock(root, time.monotonic() + max(wait_seconds, _LOOK_SECONDS))
    try:
        _say(descriptor, holder)
        sequence = max(floor, _last_sequence(state)) + 1
        write_durably(state / "lease.json", json.dumps({"sequence": sequence}).encode())
        yield Lease(sequence, holder, root)
    finally:
        _release(descriptor)


def current_holder(root: Path) -> str | None:
    """Who writes the lake now (process, host, command, since), or None; for messages only."""
    try:
        descriptor = os.open(_lock_path(root), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _lock_path(root: Path) -> Path:
    return root / "_state" / "lease.lock"


def _lock(root: Path, deadline: float) -> int:
    descriptor = os.open(_lock_path(root), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    _held.add(descriptor)
    try:
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                raise LakeBusy(root, _read_holder(descriptor))
            time.sleep(_POLL_SECONDS)
    except BaseException:
        _close(descriptor)
        raise
    return descriptor


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _release(descriptor: int) -> None:
    if descriptor in _held:  # not in a forked child that unwinds through the `with` block
        try:
            os.ftruncate(descriptor, 0)
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            _close(descriptor)


def _close(descriptor: int) -> None:
    # Out of the set first: once closed, the number may be another thread's file.
    _held.discard(descriptor)
    os.close(descriptor)


def _describe(command: str) -> str:
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return f"process {os.getpid()} on {socket.gethostname()} (wiretrace {command}, since {since})"


def _say(descriptor: int, holder: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, holder.encode(), 0)


def _read_holder(descriptor: int) -> str:
    return os.pread(descriptor, 1000, 0).decode("utf-8", "replace") or _NOBODY_KNOWN


def _last_sequence(state: Path) -> int:
    """The last number handed out; 0 where the file is lost or damaged, `floor` covers that."""
    try:
        value = json.loads((state / "lease.json").read_bytes())["sequence"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return 0
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value < _SEQUENCE_LIMIT else 0


def _leave_to_parent() -> None:
    # A forked child shares the lock: it would keep it after its parent was killed.
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_leave_to_parent)
