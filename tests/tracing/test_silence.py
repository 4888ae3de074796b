"""When an outlet is silent by its own rhythm."""

from __future__ import annotations

import datetime as dt

import pytest

from tracing.silence import Rhythm, find_rhythm

FIRST = dt.date(2024, 5, 1)


def rhythm(counts: str) -> Rhythm:
    """Of a letter a day, from the first of May on: `.` is a day without an article."""
    days = [FIRST + dt.timedelta(number) for number in range(len(counts))]
    return find_rhythm(days, [0 if letter == "." else 1 for letter in counts])


@pytest.mark.parametrize(
    ("counts", "usual", "state"),
    [
        ("xxxxxxxx", 1, "usual"),
        ("xxxxxxx", None, "not known"),
        ("", None, "not known"),
        ("....", None, "not known"),
        # Two whole days, and the one that is not over.
        ("xxxxxxxx..", 1, "usual"),
        ("xxxxxxxx...", 1, "silent"),
        # One pause in ten is an exception, not the rhythm.
        ("xxxxxx...xxxxxx", 1, "usual"),
        # Who rests on weekends is not silent on one, nor on a bridged one.
        ("xxxxx..xxxxx..xxxxx..xxxxx", 3, "usual"),
        ("xxxxx..xxxxx..xxxxx......", 3, "usual"),
        ("xxxxx..xxxxx..xxxxx.......", 3, "silent"),
    ],
)
def test_the_usual_pause_and_the_state(counts: str, usual: int | None, state: str) -> None:
    found = rhythm(counts)
    assert (found.usual_pause, found.state) == (usual, state)


def test_silences_are_told_with_their_days() -> None:
    """Of the second nothing but the last day, which is not over, is left out."""
    found = rhythm("xxxxxx...xxxxxx....")
    assert [(one.first.day, one.last.day, one.days, one.is_now) for one in found.silences] == [
        (7, 9, 3, False), (16, 18, 3, True),
    ]  # fmt: skip


def test_a_day_that_nobody_looked_at_is_no_pause() -> None:
    days = [FIRST + dt.timedelta(number) for number in (0, 1, 2, 3, 9, 10, 11, 12)]
    assert find_rhythm(days, [1] * 8) == Rhythm(1, "usual", ())
