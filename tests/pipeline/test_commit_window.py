"""The commit of a window: what is in it, what of it is new, and what is said of it."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import structlog

from lake.commit import newest_sequence
from lake.keys import MARK, KeyState, pack_keys, write_state
from lake.newest_keys import newest_keys
from lake.stream_state import begin_stream, read_progress, write_progress
from lake.tables import Lake, create_lake, snapshot
from pipeline.commit_window import (
    TELL_SECONDS,
    Window,
    WindowOptions,
    commit_window,
    is_telling_due,
    marks_of_whole,
    open_window,
    stage,
    without_repeated,
)
from pipeline.options import RunContext
from pipeline.polling import Polled
from schemas.ids import drop_mark
from tests.transforms.articles import article
from tracing.feeds import known_health
from transforms.arrival import Arrival, Cut, Heard, Received, pack
from transforms.feeds.health import FeedHealth
from transforms.feeds.interval import Bounds
from transforms.parse.child import ParserChild
from transforms.read.segment import Segment, Source
from transforms.receive import receive
from transforms.stage import read_block
from transforms.tagged import TaggedArticle

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
URL = "https://harbour-post.example/rss"


@pytest.fixture(scope="module")
def child() -> Iterator[ParserChild]:
    with ParserChild() as started:
        yield started


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """A lake in which a stream has begun; a commit configures the log of its process."""
    made = create_lake(tmp_path / "lake")
    begin_stream(made)
    yield made
    structlog.reset_defaults()


def received(child: ParserChild, name: str, *numbers: int, broken: bool = False) -> Received:
    """A file of articles, and of a record that is none."""
    records = [
        {
            "guid": f"g{number}", "outlet": "herald.example", "headline": f"Ferry {number} sails",
            "body_text": f"Ferry {number} left on time.", "published": "2026-05-31T10:00:00Z",
        }
        for number in numbers
    ]  # fmt: skip
    lines = [json.dumps(record) for record in records] + ["{"] * broken
    data = "".join(line + "\n" for line in lines).encode()
    segment = Segment(f"{name}.jsonl", Source("inbox"), data=data)
    (found,) = receive((Arrival(drop_mark(name, ""), segment, NOON),), child)
    return found


def unreadable(child: ParserChild, name: str) -> Received:
    """A file that was gone when its turn came: a reject."""
    segment = Segment(f"{name}.jsonl", Source("inbox"), problem="not_found")
    (found,) = receive((Arrival(drop_mark(name, ""), segment, NOON),), child)
    return found


def polled(minutes: int) -> Polled:
    """A poll that had nothing to read."""
    last = NOON + dt.timedelta(minutes=minutes)
    health = FeedHealth(url=URL, last_attempt=last, etag=f'"{minutes}"')
    return Polled({URL: health}, (), 1, NOON.date(), Bounds())


def arrived(mark: str) -> Received:
    return Received(mark, 1, (), ())


def test_a_window_is_the_same_in_whatever_order_it_is_gathered() -> None:
    """An engine promises none; bundles hold what they hold."""
    values: list[Any] = [
        arrived("b"), arrived("a"), arrived("c"), TaggedArticle(article("x")),
        polled(2), polled(1), Heard("drops", stopped=False),
    ]  # fmt: skip
    for order in itertools.permutations(range(6)):
        packed = [pack([values[n]]) for n in order] + [pack(values[6:]), pack([])]
        window = open_window(NOON, packed)
        assert [one.mark for one in window.received] == ["a", "b", "c"]
        assert window.tagged == [values[3]]
        assert (window.heard, window.polled) == ([values[6]], [values[5], values[4]])
        assert window.end == NOON


def test_what_does_not_belong_into_a_window_is_a_fault() -> None:
    """Nothing is dropped in silence."""
    with pytest.raises(TypeError, match="a window holds no Arrival"):
        open_window(NOON, [pack([Arrival("m", Segment("u", Source("x")), NOON)])])


@pytest.mark.parametrize(
    ("heard", "sources", "is_last"),
    [
        ([("drops", True), ("feeds", True)], {"drops", "feeds"}, True),
        ([("drops", True), ("drops", True), ("feeds", True)], {"drops", "feeds"}, True),
        ([("drops", True)], {"drops", "feeds"}, False),
        # The one that went on in this window may have found something yet.
        ([("drops", True), ("feeds", False), ("feeds", True)], {"drops", "feeds"}, False),
        ([("drops", False)], {"drops"}, False),
        ([], {"drops"}, False),
        # Messages give no signs: how long nothing came decides (`pipeline.stream.is_drained`).
        ([], set(), False),
    ],
)
def test_the_last_window_is_one_before_which_every_source_had_ended(
    heard: list[tuple[str, bool]], sources: set[str], is_last: bool
) -> None:
    window = Window(NOON, heard=[Heard(*one) for one in heard])
    assert window.is_last(frozenset(sources)) is is_last


def test_stories_are_told_at_first_then_now_and_then_and_at_the_end() -> None:
    told = {"told_at": NOON.isoformat()}
    soon, due = (NOON + dt.timedelta(seconds=TELL_SECONDS + off) for off in (-1, 0))
    assert is_telling_due({}, is_last=False, now=NOON)
    assert is_telling_due({"told_at": None}, is_last=False, now=NOON)
    assert not is_telling_due(told, is_last=False, now=soon)
    assert is_telling_due(told, is_last=False, now=due)
    assert is_telling_due(told, is_last=True, now=soon)


def test_a_telling_that_takes_long_has_a_fifth_of_the_time() -> None:
    told = {"told_at": NOON.isoformat(), "telling_seconds": 1_000.0}
    assert not is_telling_due(told, is_last=False, now=NOON + dt.timedelta(seconds=3_999))
    assert is_telling_due(told, is_last=False, now=NOON + dt.timedelta(seconds=4_000))


def test_what_came_twice_or_is_in_the_lake_is_left_out(lake: Lake) -> None:
    marks = {name: drop_mark(name, "") for name in "abc"}
    known = KeyState(write_state(lake, [pack_keys([(marks["b"], MARK)])], []))
    given = [arrived(marks[name]) for name in "abaccb"]
    assert [one.mark for one in without_repeated(given, known)] == [marks["a"], marks["c"]]


def test_a_cut_file_is_taken_when_its_last_stretch_is(lake: Lake) -> None:
    """Whichever is the last, and in however many windows they come."""
    cut, other = Cut(drop_mark("large", ""), 3), Cut(drop_mark("larger", ""), 2)
    stretches = [Received(mark, 0, (), (), cut) for mark in cut.marks()]
    nothing = KeyState(write_state(lake, [], []))
    assert marks_of_whole([*stretches, arrived("a")], nothing) == [cut.mark]
    for last in itertools.permutations(range(3), 1):
        before = [(one.mark, MARK) for n, one in enumerate(stretches) if n not in last]
        known = KeyState(write_state(lake, [pack_keys(before)], []))
        half = Received(other.marks()[0], 0, (), (), other)
        assert marks_of_whole([stretches[n] for n in last] + [half], known) == [cut.mark]
        assert marks_of_whole([half], known) == []
    assert marks_of_whole(stretches[:2], nothing) == []


def test_a_stretch_that_was_lost_is_taken_in_when_the_file_comes_again(
    child: ParserChild, lake: Lake
) -> None:
    """The first was committed, then the engine lost its state: the lake does not hold the file."""
    write_progress(lake, {"told_at": dt.datetime.now(dt.UTC).isoformat()})
    cut = Cut(drop_mark("large", ""), 2)
    first, second = (
        replace(unreadable(child, name), mark=mark, cut=cut)
        for name, mark in zip("ab", cut.marks(), strict=True)
    )
    options = options_of(lake, "drops")
    assert commit_window(options, Window(NOON, [first])) is not None
    assert newest_keys(lake).holds([cut.mark]) == set()
    row = commit_window(options, Window(NOON, [first, second]))
    assert row is not None
    assert row.seen == 1
    assert newest_keys(lake).holds([cut.mark]) == {cut.mark}


def test_what_is_staged_belongs_to_the_run(child: ParserChild, lake: Lake) -> None:
    """Deliveries and rejects of all arrivals, with their marks, counted by source and reason."""
    window = [
        received(child, "a", 1, 2, broken=True),
        replace(received(child, "b", 3), containers=0),
    ]
    run = RunContext(lake, 7, "run-7", NOON, True, window_end=NOON)
    taken = stage(window, run)
    (file,) = taken.deliveries
    rows = pq.read_table(file.path, columns=["headline", "run_id"]).to_pylist()
    assert sorted(row["headline"] for row in rows) == [f"Ferry {n} sails" for n in (1, 2, 3)]
    assert {row["run_id"] for row in rows} == {"run-7"}
    (reject,) = [row for staged in taken.rejects for row in read_block(staged).to_pylist()]
    assert (reject["source_uri"], reject["run_id"]) == ("a.jsonl#3", "run-7")
    assert taken.rejected == {("a.jsonl", "rejected", "parse:malformed"): 1}
    assert (taken.seen, taken.containers) == (4, 1)
    assert taken.marks == [drop_mark("a", ""), drop_mark("b", "")]
    assert {Path(file.path).parent, Path(taken.rejects[0].path).parent} == {
        Path(run.staging("deliveries")),
        Path(run.staging("rejects")),
    }


def options_of(lake: Lake, *sources: str) -> WindowOptions:
    return WindowOptions(lake.root, "fast", frozenset(sources))


def left_in_staging(lake: Lake) -> list[Path]:
    return [path for path in lake.staging("x").parent.glob("*") if path.is_dir()]


def test_a_window_is_committed_once(child: ParserChild, lake: Lake) -> None:
    """What an engine sends again is no run, and is counted; stories wait until they are due.

    The window has no article: tests/e2e/test_stream.py is for those.
    """
    now = dt.datetime.now(dt.UTC)
    write_progress(lake, {"told_at": now.isoformat()})
    options = options_of(lake, "drops")
    window = Window(NOON, [unreadable(child, name) for name in "ab"])
    row = commit_window(options, window)
    assert row is not None
    assert (row.seen, row.rejected, row.containers, row.window_end) == (2, 2, 2, NOON)
    assert (row.command, row.stories_told) == ("stream", False)
    assert snapshot(lake).read("rejects", ["run_id"])["run_id"].to_pylist() == [row.run_id] * 2
    assert read_progress(lake) == {
        "window_end": NOON.isoformat(), "committed_at": read_progress(lake)["committed_at"],
        "windows": 1, "repeated_arrivals": 0, "sequence": row.sequence,
        "told_at": now.isoformat(), "telling_seconds": 0.0, "untold": True, "drained": False,
    }  # fmt: skip
    again = Window(NOON - dt.timedelta(minutes=1), window.received, heard=[Heard("drops", False)])
    assert commit_window(options, again) is None
    assert newest_sequence(lake) == row.sequence
    told = read_progress(lake)
    assert (told["windows"], told["repeated_arrivals"], told["untold"]) == (2, 2, True)
    assert (told["window_end"], told["sequence"]) == (NOON.isoformat(), row.sequence)
    assert left_in_staging(lake) == []


def test_an_arrival_that_holds_nothing_is_a_run(lake: Lake) -> None:
    """Or nobody would know that it was taken in."""
    write_progress(lake, {"told_at": dt.datetime.now(dt.UTC).isoformat()})
    window = Window(NOON, [arrived(drop_mark("empty", ""))])
    row = commit_window(options_of(lake, "drops"), window)
    assert row is not None
    assert (row.seen, row.containers) == (0, 1)
    assert commit_window(options_of(lake, "drops"), window) is None


def test_polls_alone_are_remembered_without_a_run(lake: Lake) -> None:
    """Of two, what the later one says; and the next window goes on from there."""
    window = open_window(NOON, [pack([polled(2)]), pack([polled(1)])])
    assert commit_window(options_of(lake, "feeds"), window) is None
    assert newest_sequence(lake) == 0
    health = known_health(lake, newest_sequence(lake))
    assert (health[URL].etag, health[URL].last_attempt) == ('"2"', NOON + dt.timedelta(minutes=2))
    assert snapshot(lake).read("runs").num_rows == 0
    assert left_in_staging(lake) == []


def test_a_window_of_nothing_takes_no_turn(lake: Lake) -> None:
    """And is the last where its source has ended."""
    before = sorted(lake.root.rglob("*"))
    window = Window(NOON, heard=[Heard("drops", stopped=True)])
    assert commit_window(options_of(lake, "drops"), window) is None
    assert sorted(lake.root.rglob("*")) == before
    assert read_progress(lake)["drained"]


def test_what_somebody_else_has_told_is_not_tried_with_every_window(lake: Lake) -> None:
    """A run by hand tells what a stream has left for later."""
    write_progress(lake, {"told_at": NOON.isoformat(), "untold": True})
    assert commit_window(options_of(lake, "drops"), Window(NOON)) is None
    told = read_progress(lake)
    assert not told["untold"]
    assert told["told_at"] > NOON.isoformat()
