"""What a stream and those who watch over it tell each other through the lake."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.stream_state import begin_stream, end_streams, is_current, read_progress, write_progress
from lake.tables import Lake
from tests.lake.machines import Machines


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_one_stream_at_a_time(lake: Lake) -> None:
    """The second begins, the first ends; when all are asked to end, none goes on."""
    first = begin_stream(lake)
    assert is_current(lake, first)
    second = begin_stream(lake)
    assert [is_current(lake, one) for one in (first, second)] == [False, True]
    end_streams(lake)
    assert [is_current(lake, one) for one in (first, second)] == [False, False]


def test_progress_is_that_of_the_stream_that_began_last(lake: Lake) -> None:
    """An end that an earlier one has reached is not its own."""
    begin_stream(lake)
    write_progress(lake, {"windows": 3, "drained": True})
    assert read_progress(lake) == {"windows": 3, "drained": True}
    end_streams(lake)
    assert read_progress(lake) == {"windows": 3, "drained": True}
    begin_stream(lake)
    assert read_progress(lake) == {}


@pytest.mark.parametrize("damage", [b"", b'{"stream": "', b"[]", b"\xff", None])
def test_a_damaged_file_ends_a_stream_rather_than_go_on_unasked(
    lake: Lake, damage: bytes | None
) -> None:
    """Or a file that is gone: nothing is known, and the next stream begins as ever."""
    stream = begin_stream(lake)
    write_progress(lake, {"windows": 3})
    folder = lake.state / "stream"
    assert sorted(path.name for path in folder.iterdir()) == ["current.json", "progress.json"]
    for path in folder.iterdir():
        path.unlink() if damage is None else path.write_bytes(damage)
    assert not is_current(lake, stream)
    assert read_progress(lake) == {}
    assert is_current(lake, begin_stream(lake))


def test_machines_that_share_a_store_tell_each_other(machines: Machines) -> None:
    """At once, without a look at the rest of the lake; the mirror keeps nothing of it."""
    one, two = Lake(machines.new("one")), Lake(machines.new("two"))
    assert read_progress(two) == {}
    stream = begin_stream(one)
    assert is_current(two, stream)
    write_progress(two, {"windows": 1})
    assert read_progress(one) == {"windows": 1}
    end_streams(two)
    assert not is_current(one, stream)
    assert not list(one.root.rglob("*.json"))
