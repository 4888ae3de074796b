"""Whole processes: killed, on a disk that fills, on one that may only be read; and processes
that are short of memory, or of threads."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from chaos.child import SECONDS, Ended, wiretrace
from chaos.faults import Fault, environment, refuse_threads
from chaos.matrix import Found, judge_end, judge_lake, try_fault
from chaos.report import Outcome
from chaos.scenarios import Scenario, Workshop

_ROOT = Path(__file__).parents[1]
_PAGE = 4096
# Address space that a command may take on top of what its imports have: too little for any.
STARVED = (0, 1 << 20, 4 << 20, 8 << 20)
# The thread from which on none is started: delta-rs panics at the first of these, would wait for
# ever at the next two, and Arrow ends the process at the last.
THREADS = (2, 5, 7, 12)


def try_killed(workshop: Workshop, scenario: Scenario, fault: Fault) -> Outcome:
    """A process of its own meets the fault."""

    def begin(root: Path, fault: Fault, log: Path) -> Ended:
        return start(scenario.command(root), environment(root, fault, log))

    return renamed(try_fault(workshop, scenario, fault, begin), "whole processes")


def start(words: Sequence[str], env: dict[str, str]) -> Ended:
    """`wiretrace` as its users start it."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=_ROOT,
        timeout=SECONDS,
        check=False,
        env={"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin", "HOME": "/tmp", **env},
    )
    return Ended(done.returncode, done.stdout)


def try_full(workshop: Workshop, scenario: Scenario, share: float) -> Outcome:
    """On a tmpfs with room for a `share` of what the command adds; then room is made."""
    with mounted(workshop.folder / f"full-{os.getpid()}") as disk:
        root = disk / "lake"
        scenario.begin(root)
        used = _used(disk)
        room = used + int(share * scenario.adds // _PAGE) * _PAGE
        _mount("-o", f"remount,size={room}", disk)
        ended = start(scenario.command(root), {})
        _mount("-o", "remount,size=1g", disk)
        where = "ENOSPC" if os.strerror(errno.ENOSPC) in ended.said else None
        found = Found(judge_end(scenario, ended))
        judge_lake(workshop, scenario, root, found)
        return found.outcome("full tmpfs", f"{scenario.name}: {share:.0%}", where, ended.code)


def try_read_only(workshop: Workshop, scenario: Scenario, writes: bool) -> Outcome:
    """On a disk that may only be read: a writer says so and changes nothing, a reader reads."""
    with mounted(workshop.folder / f"read-only-{os.getpid()}") as disk:
        root = disk / "lake"
        scenario.begin(root)
        before = sorted(path for path in root.rglob("*"))
        _mount("-o", "remount,ro", disk)
        words = scenario.command(root) if writes else ("dump", "--lake", str(root))
        ended = start(words, {})
        found = Found(judge_end(scenario, ended))
        if writes:
            where = "EROFS" if os.strerror(errno.EROFS) in ended.said else None
            if sorted(path for path in root.rglob("*")) != before:
                found.wrong.append("something was changed")
        else:
            where = "read"
            if ended.code != 0 or not ended.said:
                found.wrong.append(f"cannot be read: {ended.said[-500:]}")
        _mount("-o", "remount,rw", disk)
        judge_lake(workshop, scenario, root, found)
        kind = scenario.name if writes else "dump"
        return found.outcome("read-only", kind, where, ended.code)


def try_starved(workshop: Workshop, scenario: Scenario, more: int) -> Outcome:
    """With `more` bytes of address space on top of what is mapped, too few for the command."""
    begin = partial(_limit, more)
    return _try_short(workshop, scenario, begin, "RLIMIT_AS", f"+{more >> 20} MiB")


def try_threadless(workshop: Workshop, scenario: Scenario, nth: int) -> Outcome:
    """With no thread from the `nth` on."""
    return _try_short(
        workshop, scenario, partial(refuse_threads, nth), "no threads", f"from the {nth}th on"
    )


def _try_short(
    workshop: Workshop, scenario: Scenario, begin: Callable[[], None], part: str, told: str
) -> Outcome:
    """However it ends, it ends; in a child, whose imports are known."""
    with workshop.case() as folder:
        root = folder / "lake"
        scenario.begin(root)
        command = wiretrace(*scenario.command(root))

        def run() -> object:
            begin()
            return command()

        ended = workshop.run(run)
        where = None if ended.code in scenario.codes else part
        found = Found([] if ended.code is not None else ["hung"])
        judge_lake(workshop, scenario, root, found)
        return found.outcome(part, f"{scenario.name}: {told}", where, ended.code)


def _limit(more: int) -> None:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def may_mount(folder: Path) -> bool:
    """Whether this process may mount a tmpfs."""
    try:
        with mounted(folder / "tried"):
            return True
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False


@contextmanager
def mounted(disk: Path) -> Iterator[Path]:
    """A tmpfs for the length of the block."""
    disk.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", "size=1g", "chaos", disk)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def renamed(outcome: Outcome, part: str) -> Outcome:
    """The outcome as one of another part, which says in the fault what it was."""
    return replace(outcome, part=part, fault=f"{outcome.part}: {outcome.fault}")


def _mount(*words: str | Path) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _used(disk: Path) -> int:
    state = os.statvfs(disk)
    return (state.f_blocks - state.f_bfree) * state.f_frsize
