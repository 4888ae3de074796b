"""Work shared out between as many forked processes as there are cores."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from chaos.child import fork

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_lanes(
    work: Callable[[Item], Result], items: Sequence[Item], folder: Path, lanes: int | None = None
) -> list[Result]:
    """The result of each item, in order; every lane takes each n-th one.

    Raises:
        RuntimeError: a lane died, or its work raised; what it said is on stderr.
    """
    count = max(1, min(lanes or os.cpu_count() or 1, len(items)))
    started = [_start(work, items[lane::count], folder / f"lane-{lane}") for lane in range(count)]
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in started]
    if any(ended):
        raise RuntimeError(f"lanes ended with {ended}")
    shares = [pickle.loads((folder / f"lane-{lane}").read_bytes()) for lane in range(count)]
    return [shares[number % count][number // count] for number in range(len(items))]


def _start(work: Callable[[Item], Result], share: Sequence[Item], out: Path) -> int:
    def do() -> None:
        out.write_bytes(pickle.dumps([work(item) for item in share]))

    return fork(do)
