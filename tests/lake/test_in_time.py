"""A table is opened, or the system's refusal of a thread is said: delta-rs alone waits for ever."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import lake.in_time
from chaos.faults import build
from lake.check import check
from lake.in_time import OutOfThreads, in_time
from tests.lake.builder import LakeBuilder, article, sighting

# Opens a table of the lake where no thread can be started from the n-th on.
WORK = """
import sys
from pathlib import Path
from chaos.faults import refuse_threads
from lake.check import check
from lake.in_time import OutOfThreads
from lake.tables import open_lake
lake = open_lake(Path(sys.argv[1]))
refuse_threads(int(sys.argv[2]))
try:
    lake.delta("articles")
except OutOfThreads:
    print("refused")
else:
    print("opened")
"""


@pytest.fixture(autouse=True)
def _cold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake.in_time._Answered, "at", -math.inf)


def test_it_gives_what_the_call_gives() -> None:
    assert in_time(lambda: 3) == 3


def test_only_the_first_call_is_watched_while_threads_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """From another thread: a refused one is seen before delta-rs needs it."""
    here = threading.get_ident()
    assert in_time(threading.get_ident) != here
    assert in_time(threading.get_ident) == here
    monkeypatch.setattr(lake.in_time._Answered, "at", time.monotonic() - 6)
    assert in_time(threading.get_ident) != here


def test_a_call_that_fails_leaves_the_next_one_watched() -> None:
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 / 0)
    assert in_time(threading.get_ident) != threading.get_ident()


def test_it_raises_what_the_call_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 / 0)


def test_a_call_that_takes_long_is_waited_for() -> None:
    assert in_time(lambda: threading.Event().wait(2.5)) is False


def test_a_panic_for_want_of_a_thread_is_said() -> None:
    class Panic(BaseException):
        """As pyo3's: no `Exception`."""

    def panic() -> None:
        raise Panic("OS can't spawn worker thread: Resource temporarily unavailable (os error 11)")

    with pytest.raises(OutOfThreads, match="ulimit"):
        in_time(panic)


def test_a_lake_that_cannot_be_opened_for_want_of_a_thread_is_not_called_damaged(
    builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.run(article("a"), sighting(article("a")))

    def refuse(call: object) -> None:
        raise OutOfThreads("none")

    monkeypatch.setattr("lake.tables.in_time", refuse)
    with pytest.raises(OutOfThreads):
        check(builder.lake)


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_wherever_threads_end_a_table_is_opened_or_refused(builder: LakeBuilder) -> None:
    """Without the bound half of these hang."""
    builder.run(article("a"), sighting(article("a")))
    told = [_open(builder.root, nth) for nth in (0, 1, 2, 5, 7)]
    assert told == ["opened", *["refused"] * 4]


def _open(root: Path, nth: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(root), str(nth)],
        env={**os.environ, "LD_PRELOAD": str(build())},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()
