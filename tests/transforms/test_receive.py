"""Arrivals that are read, parsed and normalized together, and kept apart."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.arrival import Arrival, Received
from transforms.parse.child import ParserChild
from transforms.read.segment import Segment, Source
from transforms.receive import receive

EARLY = dt.datetime(2024, 5, 1, 8, tzinfo=dt.UTC)
LATE = dt.datetime(2024, 6, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def child() -> Iterator[ParserChild]:
    with ParserChild() as started:
        yield started


def line(number: int, **more: object) -> str:
    said = {"guid": f"g{number}", "outlet": "herald.example", "headline": f"Ferry {number} sails"}
    return json.dumps({**said, **more}) + "\n"


def arrival(mark: str, *lines: str, at: dt.datetime = EARLY, **more: bool) -> Arrival:
    """Bytes that travel with what says where they came from."""
    data = "".join(lines).encode()
    return Arrival(mark, Segment(f"{mark}.jsonl", Source("inbox"), data=data, **more), at)


def headlines(one: Received) -> list[str | None]:
    return [delivery.article.headline for delivery in one.deliveries]


def reasons(one: Received) -> list[tuple[str, str, str]]:
    return [(reject.stage, reject.reason, reject.source_uri) for reject in one.rejects]


def test_what_came_of_each_arrival_stays_with_it(child: ParserChild, tmp_path: Path) -> None:
    """One message to the child for all, in which one is unreadable, one broken, one silent."""
    gone = Segment("gone.jsonl", Source("inbox"), str(tmp_path / "gone.jsonl"))
    arrivals = (
        arrival("two", line(1), line(2)),
        Arrival("gone", gone, EARLY),
        arrival("broken", line(3), '{"headline": "cut\n', line(4)),
        arrival("silent", line(5, headline="\x07")),
        arrival("one", line(6)),
    )
    found = list(receive(arrivals, child))
    assert [one.mark for one in found] == ["two", "gone", "broken", "silent", "one"]
    assert [headlines(one) for one in found] == [
        ["Ferry 1 sails", "Ferry 2 sails"],
        [],
        ["Ferry 3 sails", "Ferry 4 sails"],
        [],
        ["Ferry 6 sails"],
    ]
    assert [reasons(one) for one in found] == [
        [],
        [("read", "not_found", "gone.jsonl")],
        [("parse", "malformed", "broken.jsonl#2")],
        [("normalize", "empty", "silent.jsonl#1")],
        [],
    ]
    assert [one.containers for one in found] == [1, 1, 1, 1, 1]


def test_a_stretch_that_is_not_the_first_counts_no_container(child: ParserChild) -> None:
    """Its items do."""
    (found,) = receive((arrival("rest", line(1), counts=False),), child)
    assert (found.containers, headlines(found)) == (0, ["Ferry 1 sails"])


def test_each_is_seen_when_it_arrived(child: ParserChild) -> None:
    """And belongs to no run as yet: which one commits it, nobody knows."""
    arrivals = (arrival("a", line(1), "{\n", at=EARLY), arrival("b", line(2), "{\n", at=LATE))
    found = list(receive(arrivals, child))
    assert [one.deliveries[0].article.first_seen for one in found] == [EARLY, LATE]
    assert [one.rejects[0].seen_at for one in found] == [EARLY, LATE]
    assert {row.run_id for one in found for row in one.rejects} == {""}
    assert {row.article.run_id for one in found for row in one.deliveries} == {""}
