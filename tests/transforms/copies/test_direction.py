"""Who is later, by credits, times and shape."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.copies.direction import Cited, Credit, Order, Times, find_credit, find_order

NOON = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
EXACT, VAGUE = Credit("selon l'AFP", True), Credit("selon Afepe", False)


def times(hour: float | None, *, zone: bool = True, changed: float | None = None) -> Times:
    moments = [None if h is None else NOON + dt.timedelta(hours=h) for h in (hour, changed)]
    return Times(moments[0], moments[1], zone)


BY_TIME = [
    ("an hour later", times(0), times(1), True, "time"),
    ("an hour earlier", times(1), times(0), False, "time"),
    ("at the same time", times(0), times(0), None, "times overlap"),
    ("after its publication, before its last change", times(0, changed=2), times(1), None, None),
    ("after its last change", times(0, changed=2), times(3), True, "time"),
    ("thirteen hours later, zone unknown", times(0), times(13, zone=False), None, "times overlap"),
    ("fifteen hours later, zone unknown", times(0), times(15, zone=False), True, "time"),
    ("both zones unknown, a day", times(0, zone=False), times(27, zone=False), None, None),
    ("both zones unknown, more", times(0, zone=False), times(29, zone=False), True, "time"),
    ("no time", times(0), times(None), None, "no time"),
]


@pytest.mark.parametrize(("case", "one", "other", "later", "why"), BY_TIME)
def test_by_time(case: str, one: Times, other: Times, later: bool | None, why: str | None) -> None:
    order = find_order(one, other, None, None)
    assert order.is_other_later is later, case
    assert order.direction == ("unknown" if later is None else "likely")
    assert why in (None, order.why)


def test_a_day_without_a_time_is_unsure_by_a_day() -> None:
    day = Times(dt.datetime(2024, 3, 5, tzinfo=dt.UTC), None, False)
    in_37_hours = Times(dt.datetime(2024, 3, 6, 13, tzinfo=dt.UTC), None, True)
    in_39_hours = Times(dt.datetime(2024, 3, 6, 15, tzinfo=dt.UTC), None, True)
    assert find_order(day, in_37_hours, None, None).is_other_later is None
    assert find_order(day, in_39_hours, None, None).is_other_later is True


def test_midnight_is_a_day_also_where_the_zone_is_known() -> None:
    """Many write a date so; 08:00 of that day may have been before."""
    midnight = Times(dt.datetime(2024, 3, 5, tzinfo=dt.UTC), None, True)
    assert find_order(midnight, times(-4), None, None).is_other_later is None
    assert find_order(midnight, times(13), None, None).is_other_later is True
    assert find_order(times(-13), midnight, None, None).is_other_later is True


def test_a_credit_asserts_where_times_do_not_contradict() -> None:
    assert find_order(times(0), times(0), None, EXACT) == Order(True, "asserted", "credit")
    assert find_order(times(0), times(0), EXACT, None) == Order(False, "asserted", "credit")
    assert find_order(times(0), times(1), None, EXACT) == Order(True, "asserted", "credit")
    assert find_order(times(1), times(0), None, EXACT) == Order(None, "unknown", "contradiction")


def test_a_vague_credit_and_a_mutual_one_assert_nothing() -> None:
    assert find_order(times(0), times(0), None, VAGUE).direction == "unknown"
    assert find_order(times(0), times(0), EXACT, EXACT).direction == "unknown"


def test_shape_tells_only_where_nothing_else_does() -> None:
    assert find_order(times(0), times(0), None, None, True) == Order(True, "likely", "shape")
    assert find_order(times(0), times(1), None, None, False) == Order(True, "likely", "time")
    assert find_order(times(0), times(0), EXACT, None, True) == Order(False, "asserted", "credit")
    contradicted = find_order(times(1), times(0), None, EXACT, True)
    assert contradicted == Order(None, "unknown", "contradiction")


def test_an_outlet_that_is_known_is_credited_by_its_own_id_only() -> None:
    cited = [Cited("interfax", "сообщает Интерфакс")]
    assert find_credit(cited, "interfax.ru", None) == Credit("сообщает Интерфакс", True)
    assert find_credit(cited, "interfax.com.ua", None) is None


def test_the_exact_name_counts_more_than_one_that_came_before() -> None:
    cited = [Cited("cormoran", "dit Cormoran"), Cited("agence-cormoran", "(Agence Cormoran)")]
    found = find_credit(cited, "agence-cormoran.example", None)
    assert found == Credit("(Agence Cormoran)", True)
