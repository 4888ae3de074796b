"""Calls of delta-rs that would wait for ever where no thread can be started.

A limit of threads or of address space (`ulimit -u`, `-v`, the pids of a container) refuses them.
The tokio in deltalake 1.6.6 (1.53) then leaves a task in a queue that nobody serves, and
`DeltaTable(…)` never returns (tokio-rs/tokio#8406, mended upstream by #8408). Threads that have
worked stay for ten seconds: what is asked of delta-rs meanwhile needs no new ones, and goes
unwatched.
"""

from __future__ import annotations

import _thread
import math
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

# A call that takes longer than the first may hang: then it is tried whether a thread starts at all.
# A disk that needs the second for one log is taken for one that does not answer.
_SECONDS, _AT_MOST = 2.0, 90.0
# To watch a call costs .3 ms, a quarter of it: not within so many seconds of another.
_WARM = 5.0
_PANIC = "OS can't spawn worker thread"
# What to say to whom the system refuses a thread.
ADVICE = (
    "are processes or memory limited (`ulimit -u`, `ulimit -v`, the container)? Raise the limit"
)


class _Answered:
    at = -math.inf


class OutOfThreads(Exception):
    """The system starts no more threads; what was asked for was not done."""

    exit_code = 75


def in_time(call: Callable[[], T]) -> T:
    """What the call gives or raises.

    Raises:
        OutOfThreads: no thread can be started, or it does not come back.
    """
    is_warm = time.monotonic() - _Answered.at < _WARM
    value = call() if is_warm else _watch(call)
    _Answered.at = time.monotonic()
    return value


def _watch(call: Callable[[], T]) -> T:
    answer = _begin(call)
    try:
        try:
            value, error = answer.get(timeout=_SECONDS)
        except Empty:
            _begin(lambda: None).get(timeout=_SECONDS)
            value, error = answer.get(timeout=_AT_MOST - 2 * _SECONDS)
    except Empty as late:
        raise OutOfThreads(f"delta-rs does not answer; {ADVICE}") from late
    if error is None:
        return value  # type: ignore[return-value]
    if _PANIC in str(error):
        raise OutOfThreads(f"delta-rs could start no thread; {ADVICE}") from error
    raise error


def _begin(call: Callable[[], T]) -> SimpleQueue[tuple[T | None, BaseException | None]]:
    answer: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def work() -> None:
        try:
            answer.put((call(), None))
        except BaseException as error:  # a panic of Rust is no Exception
            answer.put((None, error))

    try:
        # `Thread.start` waits, without a bound, for a thread that may have no memory to begin.
        _thread.start_new_thread(work, ())
    except RuntimeError as error:
        raise OutOfThreads(f"Python could start no thread; {ADVICE}") from error
    return answer
