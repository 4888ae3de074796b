"""Commands in forked children of a process that has loaded everything: 20 ms each, and not 6 s."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import resource
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120.0
_TEXT = 'Paris, 1 May (AFP) - "We saved 12 people," John Carter of the harbour office said.'


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code (negative: the signal; None: it hung and was killed)."""

    code: int | None
    said: str


def load() -> None:
    """Load what commands load. Nothing is opened: what delta-rs and DuckDB start does not fork."""
    import duckdb  # noqa: F401

    import pipeline.batch
    import pipeline.watch  # noqa: F401
    import tracing.trace  # noqa: F401
    from pipeline.cli import COMMANDS
    from tests.transforms.articles import article
    from transforms.entities.tag import tag_article
    from transforms.language import with_language
    from transforms.parse import child as child_of_parser
    from transforms.tag_citations import tag_citations
    from transforms.tag_facts import tag_facts
    from transforms.tag_quotes import tag_quotes

    vars(child_of_parser)["subprocess"] = _ForkingSubprocess
    for name in ("run", "replay", "watch", "compact", "doctor", "trace", "forget", "dump"):
        assert name in COMMANDS
        __import__(f"pipeline.cli.{name}")
    sample = article(headline="A ferry sank", body_text=_TEXT)
    tag_facts(tag_quotes(tag_citations(tag_article(with_language(sample)))))
    # A collection in a child would touch, and so copy, every page that it has from here: half of
    # the time of a run. What is frozen at the end DuckDB's bindings report as leaks.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def run_child(task: Callable[[], object], said: Path, seconds: float = SECONDS) -> Ended:
    """Run a task in a child with the streams in a file; its exit code is that of `main`."""
    child = os.fork()
    if child == 0:
        _be_child(task, said)
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], seconds)
    finally:
        os.close(handle)
    with contextlib.suppress(ProcessLookupError):  # with it go those that it started
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    text = said.read_text("utf-8", "replace") if said.exists() else ""
    return Ended(os.waitstatus_to_exitcode(status) if ended else None, text)


def fork(task: Callable[[], int | None]) -> int:
    """The process id of a child that does the task and leaves with what it gives, or with 1."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = task() or 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def exit_code(task: Callable[[], object]) -> int:
    """How a command would have left."""
    try:
        task()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def cpu_seconds() -> float:
    """What this process has used, and the children that it has waited for."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def wiretrace(*arguments: str | Path) -> Callable[[], object]:
    """The command as a task."""
    from pipeline.cli import main

    return lambda: main([str(argument) for argument in arguments])


def _be_child(task: Callable[[], object], said: Path) -> None:
    code = 1
    try:
        os.setpgid(0, 0)
        output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = exit_code(task)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


class _Template:
    """The parser's template forked from here, where its modules are loaded, instead of started."""

    def __init__(self, command: list[str], *, stdin: int, **streams: object) -> None:
        from transforms.parse.worker import main

        self._pid = os.fork()
        if self._pid == 0:
            os.dup2(stdin, 0)
            os.closerange(3, 4096)  # our end of the socket too, whose closing ends the template
            sys.argv = command[-2:]
            main()
            os._exit(0)

    def wait(self, timeout: float | None = None) -> None:
        os.waitpid(self._pid, 0)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)


class _ForkingSubprocess:
    Popen = _Template
    DEVNULL = subprocess.DEVNULL
    TimeoutExpired = subprocess.TimeoutExpired
