"""Work shared out between processes comes back in order, and none of it is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chaos.lanes import in_lanes


def test_results_come_in_order_from_several_processes(tmp_path: Path) -> None:
    results = in_lanes(lambda n: (n * n, os.getpid()), range(7), tmp_path, lanes=3)
    assert [square for square, _ in results] == [0, 1, 4, 9, 16, 25, 36]
    assert len({process for _, process in results} | {os.getpid()}) == 4


def test_a_lane_that_fails_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="lanes ended"):
        in_lanes(lambda n: 1 // n, [1, 0], tmp_path, lanes=2)
