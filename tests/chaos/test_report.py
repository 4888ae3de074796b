"""The figures fail when a fault did not fire, and when a row is lost or stands twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chaos.judge import compare
from chaos.report import Outcome, format_tallies, tally

GOOD = Outcome("run", "changes 1 kill", "mkdir kill _state", -9)


def test_lines_that_are_missing_and_lines_too_many() -> None:
    assert compare(["a", "b", "b", "c"], ["a", "b", "d"]) == (1, 2)


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, fired=None),
        replace(GOOD, wrong=("half of it",)),
        replace(GOOD, lost=1),
        replace(GOOD, doubled=1),
    ],
)
def test_one_bad_outcome_spoils_its_part(bad: Outcome) -> None:
    assert (GOOD.holds, bad.holds) == (True, False)
    [good, spoilt] = tally([GOOD, replace(bad, part="other"), replace(GOOD, part="other")])
    assert (good.holds, spoilt.holds) == (True, False)


def test_the_last_line_counts_all() -> None:
    told = format_tallies(tally([GOOD, replace(GOOD, part="compact", fired=None, lost=2)]))
    assert told.splitlines()[-1].split() == ["all", "2", "1", "2", "2", "0"]
