"""Work shared out between as many forked processes as there are cores."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from chaos.child import fork

Item = TypeVar("Item")
Result = TypeVar("Result")

_NUMBER = 4  # bytes of an item's number in the queue


def in_lanes(
    work: Callable[[Item], Result], items: Sequence[Item], folder: Path, lanes: int | None = None
) -> list[Result]:
    """The result of each item, in order; a lane that is free takes the next one.

    Raises:
        RuntimeError: a lane died, or its work raised; what it said is on stderr.
    """
    count = max(1, min(lanes or os.cpu_count() or 1, len(items)))
    files = [folder / f"lane-{lane}" for lane in range(count)]
    with tempfile.TemporaryFile(dir=folder) as queue:
        queue.write(b"".join(number.to_bytes(_NUMBER, "big") for number in range(len(items))))
        queue.flush()
        queue.seek(0)
        started = [_start(work, items, queue.fileno(), file) for file in files]
        ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in started]
    if any(ended):
        raise RuntimeError(f"lanes ended with {ended}")
    results: dict[int, Result] = {}
    for file in files:
        results |= pickle.loads(file.read_bytes())
    return [results[number] for number in range(len(items))]


def _start(work: Callable[[Item], Result], items: Sequence[Item], queue: int, out: Path) -> int:
    """The process id of a lane; where lanes are in the queue is shared, as forks share it."""

    def do() -> None:
        taken = iter(lambda: os.read(queue, _NUMBER), b"")
        numbers = (int.from_bytes(number, "big") for number in taken)
        out.write_bytes(pickle.dumps({number: work(items[number]) for number in numbers}))

    return fork(do)
