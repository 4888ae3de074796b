"""The axis of a story's picture: order and scale are kept, what is cut short says so."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracing.page.told_story import hour
from tracing.page.time_axis import TimeAxis


def test_times_are_to_scale_between_the_ends() -> None:
    axis = TimeAxis([hour(0), hour(1), hour(4)], 100, 500)
    assert [axis.place(hour(h)) for h in (0, 1, 4)] == [100, 200, 500]
    assert axis.cuts == []


def test_what_lies_outside_is_drawn_at_the_nearer_end_and_is_not_covered() -> None:
    axis = TimeAxis([hour(0), hour(2)], 0, 10)
    assert (axis.place(hour(-5)), axis.place(hour(9))) == (0, 10)
    assert [axis.covers(hour(h)) for h in (-0.1, 0, 2, 2.1)] == [False, True, True, False]


def test_one_time_stands_in_the_middle_with_its_label() -> None:
    axis = TimeAxis([hour(0)], 0, 100)
    assert axis.place(hour(0)) == 50
    [tick] = axis.ticks
    assert (tick.x, tick.label, tick.date) == (50, "10:20", "12 Mar 2024")


def test_no_time_has_no_axis() -> None:
    with pytest.raises(ValueError, match="at least one"):
        TimeAxis([], 0, 1)


def test_a_long_silence_is_cut_short_and_says_how_long_it_was() -> None:
    """Four articles within three hours and one two days later: the day before keeps its scale."""
    axis = TimeAxis([hour(0), hour(1), hour(2), hour(3), hour(51)], 0, 100)
    [cut] = axis.cuts
    assert cut.label == "2 d"
    assert cut.width < 20
    first, second, third = (axis.place(hour(h)) for h in (0, 1, 2))
    assert third - second == pytest.approx(second - first)
    assert cut.x == pytest.approx(axis.place(hour(3)))
    assert axis.place(hour(51)) == pytest.approx(100)


def test_labels_are_whole_hours_and_tell_a_new_day() -> None:
    axis = TimeAxis([hour(0), hour(20)], 0, 900)
    assert [(tick.label, tick.date) for tick in axis.ticks] == [
        ("10:20", "12 Mar 2024"), ("12:00", None), ("14:00", None), ("16:00", None),
        ("18:00", None), ("20:00", None), ("22:00", None), ("00:00", "13 Mar 2024"),
        ("02:00", None), ("04:00", None), ("06:00", None),
    ]  # fmt: skip


minutes = st.lists(st.integers(0, 600_000), min_size=1, max_size=40)


@given(minutes)
def test_order_is_kept_and_labels_never_collide(offsets: list[int]) -> None:
    times = [hour(0) + dt.timedelta(minutes=minute) for minute in offsets]
    axis = TimeAxis(times, 284, 1032)
    places = [axis.place(time) for time in sorted(times)]
    assert places == sorted(places)
    assert all(284 <= place <= 1032.0001 for place in places)
    ticks = [tick.x for tick in axis.ticks]
    assert all(after - before >= 60 for before, after in pairwise(ticks))
    assert 1 <= len(ticks) <= 14
