"""Which call fails, and how: the side of `faults.c` that Python sees."""

from __future__ import annotations

import ctypes
import subprocess
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")
LIBRARY = SOURCE.parents[1] / "out" / "chaos" / "faults.so"

# By what the fault is put into: calls that change files (create, write, fsync, rename, link, mkdir,
# unlink), and calls that read them (open, read). A torn read is a kill one call later.
FAULTS = {
    "changes": ("kill", "full", "torn", "broken", "denied"),
    "reads": ("kill", "broken", "full", "denied"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The `nth` of the calls of that kind meets the fault of that name (`faults.c` lists them)."""

    calls: str
    nth: int
    name: str

    @property
    def kills(self) -> bool:
        """Whether the process does not live to see it."""
        return self.name in ("kill", "torn")


COUNT = Fault("all", 0, "none")
_READS = ("open", "read")


def build() -> Path:
    """Compile `faults.c`, unless that was done; gives the library to preload.

    Raises:
        FileNotFoundError, subprocess.CalledProcessError: no C compiler, or it refuses.
    """
    if not LIBRARY.exists() or LIBRARY.stat().st_mtime < SOURCE.stat().st_mtime:
        LIBRARY.parent.mkdir(parents=True, exist_ok=True)
        flags = ("-std=gnu11", "-O2", "-Wall", "-Werror", "-shared", "-fPIC")
        subprocess.run(["cc", *flags, "-o", LIBRARY, SOURCE, "-ldl"], check=True)
    return LIBRARY


def arm(folder: Path, fault: Fault, log: Path) -> None:
    """Arm this process, in which the library has been preloaded; `nth` 0 only counts."""
    words = (bytes(folder), fault.calls.encode(), fault.nth, fault.name.encode(), bytes(log))
    ctypes.CDLL(None).chaos_arm(words[0], words[1], ctypes.c_long(words[2]), *words[3:])


def refuse_threads(nth: int) -> None:
    """From the `nth` that this process asks for on, the system starts no thread."""
    ctypes.CDLL(None).chaos_threads(ctypes.c_long(nth))


def step_clock(seconds: int, nth: int) -> None:
    """The clock of the day jumps by that when this process asks it for the `nth` time."""
    ctypes.CDLL(None).chaos_step(ctypes.c_long(seconds), ctypes.c_long(nth))


def times_asked() -> int:
    """How often this process has asked for the time since its clock was set to step."""
    return int(ctypes.CDLL(None).chaos_asked())


def environment(folder: Path, fault: Fault, log: Path) -> dict[str, str]:
    """The same for a process that is about to start."""
    return {
        "LD_PRELOAD": str(build()),
        "WIRETRACE_CHAOS_FOLDER": str(folder),
        "WIRETRACE_CHAOS_CALLS": fault.calls,
        "WIRETRACE_CHAOS_NTH": str(fault.nth),
        "WIRETRACE_CHAOS_FAULT": fault.name,
        "WIRETRACE_CHAOS_LOG": str(log),
    }


def fired(log: Path) -> str | None:
    """The line of the fault that fired: kind of call, fault, path; None if none did."""
    lines = log.read_text().splitlines() if log.exists() else []
    return lines[0] if lines else None


def are_changes(log: Path) -> list[bool]:
    """Of each call in the log of a process that only counted, in order: does it change files?"""
    return [line.split()[0] not in _READS for line in log.read_text().splitlines()]


def plan_faults(calls: str, points: int, at_most: int, first: int = 0) -> list[Fault]:
    """A fault at each of so many calls, or at `at_most` of them, evenly spread, first and last too.

    The kinds of fault take turns, beginning with the one of number `first`.
    """
    chosen = min(points, at_most)
    steps = max(1, chosen - 1)
    places = sorted({1 + number * (points - 1) // steps for number in range(chosen)})
    kinds = islice(cycle(FAULTS[calls]), first % len(FAULTS[calls]), None)
    return [Fault(calls, nth, kind) for nth, kind in zip(places, kinds, strict=False)]
