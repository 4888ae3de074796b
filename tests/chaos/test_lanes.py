"""Work shared out between processes comes back in order, and none of it is lost."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from chaos.lanes import in_lanes


def test_results_come_in_order_from_several_processes(tmp_path: Path) -> None:
    def work(number: int) -> tuple[int, int]:
        (tmp_path / f"{number}").touch()
        for other in range(3):
            wait_for(tmp_path / f"{other}")
        return number * number, os.getpid()

    results = in_lanes(work, range(7), tmp_path, lanes=3)
    assert [square for square, _ in results] == [0, 1, 4, 9, 16, 25, 36]
    assert len({process for _, process in results} | {os.getpid()}) == 4


def test_a_lane_that_fails_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="lanes ended"):
        in_lanes(lambda n: 1 // n, [1, 0], tmp_path, lanes=2)


def test_a_long_item_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    """While one lane waits for a word of the last item, the other takes all that lie between."""
    word = tmp_path / "word"

    def work(number: int) -> int:
        if number == 0:
            wait_for(word)
        if number == 6:
            word.touch()
        return os.getpid()

    first, *others = in_lanes(work, range(7), tmp_path, lanes=2)
    assert len(set(others)) == 1
    assert first not in others


def wait_for(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
