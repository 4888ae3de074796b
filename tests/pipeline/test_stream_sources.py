"""What a stream's sources send on, and what they remember; time and state are the tests'."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

import pipeline.stream_sources
from lake.keys import MARK, KeyState, pack_keys, write_state
from lake.stream_state import begin_stream, end_streams
from lake.tables import Lake, create_lake
from pipeline.polling import Polled
from pipeline.stream_sources import (
    SIGNS,
    AskFeeds,
    LookIntoDrops,
    Place,
    arrivals_of,
    still_ahead,
)
from schemas.ids import drop_mark
from tests.pipeline.newsroom import POLLING, conditional, rss
from tests.transforms.fetch.fault_server import FaultServer, whole
from transforms.arrival import Arrival, Cut, Heard, unpack
from transforms.feeds.feed_list import Feed
from transforms.feeds.health import FeedHealth
from transforms.read import local_files
from transforms.read.drop_folder import DroppedFile
from transforms.read.segment import Segment, Source
from transforms.read.sources import in_batches

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
EVERY = 5.0


class State:
    """Beam's state of one value."""

    def __init__(self) -> None:
        self.value: Any = None

    def read(self) -> Any:
        return self.value

    def write(self, value: Any) -> None:
        # As an engine keeps it: nothing that is written is changed later.
        self.value = json.loads(json.dumps(value, default=str))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A lake in which a stream has begun."""
    lake = create_lake(tmp_path / "lake")
    return Place(str(lake.root), begin_stream(lake), EVERY)


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A drop folder whose files are complete at once."""
    monkeypatch.setattr("transforms.read.drop_folder.SETTLE_SECONDS", 0.0)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


SEGMENT = attrgetter("segment")


def look(looker: Any, state: State, late: float = 0.0) -> tuple[list[Arrival], list[Any]]:
    """The arrivals and the signs of one look, for an impulse that comes so late."""
    arrivals: list[Arrival] = []
    signs: list[Any] = []
    for found in looker.process(("", time.time() - late), state):
        if isinstance(found, beam.pvalue.TaggedOutput):
            assert found.tag == SIGNS
            signs += unpack(found.value)
        else:
            arrivals += found
    return arrivals, signs


def lake_holds(monkeypatch: pytest.MonkeyPatch, place: Place, marks: Iterable[str]) -> None:
    """From here on, these were committed."""
    state = write_state(Lake(Path(place.lake)), [pack_keys((mark, MARK) for mark in marks)], [])
    monkeypatch.setattr(pipeline.stream_sources, "newest_keys", lambda lake: KeyState(state))


def names(arrivals: list[Arrival]) -> list[str]:
    return [Path(arrival.segment.path).name for arrival in arrivals]


def dropped(path: Path) -> DroppedFile:
    return DroppedFile(0, str(path), path.stat().st_size, drop_mark(str(path), "x"), Source("x"))


def test_a_large_file_comes_in_stretches_of_distinct_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None has the file's, which would say that it was taken while some are on their way."""
    monkeypatch.setattr(local_files, "SEGMENT_BYTES", 100)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"headline": f"Ferry {n} sails"}) + "\n" for n in range(20)))
    file = dropped(path)
    arrivals = list(arrivals_of(file, NOON))
    assert len(arrivals) > 3
    assert len({file.mark, *(one.mark for one in arrivals)}) == len(arrivals) + 1
    assert {one.cut for one in arrivals} == {Cut(file.mark, len(arrivals))}
    assert {one.at for one in arrivals} == {NOON}
    assert sum(one.segment.deliveries for one in arrivals) == 20
    assert [one.segment.counts for one in arrivals] == [True] + [False] * (len(arrivals) - 1)
    again = [one.mark for one in arrivals_of(file, NOON + dt.timedelta(hours=1))]
    assert again == [one.mark for one in arrivals]
    other = list(arrivals_of(replace(file, mark="other"), NOON))
    assert {one.mark for one in other}.isdisjoint(again)


def test_a_file_that_is_gone_meanwhile_is_one_arrival(tmp_path: Path) -> None:
    """It will be a reject that says so."""
    path = tmp_path / "a.txt"
    path.write_text("words")
    file = dropped(path)
    path.unlink()
    (found,) = arrivals_of(file, NOON)
    assert (found.mark, found.segment.problem, found.cut) == (file.mark, "not_found", None)


def arrival(number: int, size: int | None = None, deliveries: int = 1) -> Arrival:
    return Arrival(
        f"m{number}", Segment("u", Source("x"), length=size, deliveries=deliveries), NOON
    )


def test_small_ones_travel_together_and_large_ones_alone() -> None:
    """Nothing is lost, nothing changes its place."""
    mega = 1 << 20
    sizes = [10, 20, mega, 5, mega - 5, 1, 2 * mega, 7]
    arrivals = [arrival(number, size) for number, size in enumerate(sizes)]
    batches = list(in_batches(iter(arrivals), SEGMENT))
    assert [[one.segment.length for one in batch] for batch in batches] == [
        [10, 20], [mega], [5, mega - 5], [1], [2 * mega], [7],
    ]  # fmt: skip
    assert [one for batch in batches for one in batch] == arrivals


def test_a_batch_has_so_many_at_most() -> None:
    """And is weighed by its deliveries where its length is not known."""
    batches = list(in_batches((arrival(number) for number in range(130)), SEGMENT))
    assert [len(batch) for batch in batches] == [64, 64, 2]
    heavy = list(in_batches((arrival(number, deliveries=200) for number in range(3)), SEGMENT))
    assert [len(batch) for batch in heavy] == [1, 1, 1]
    assert list(in_batches(iter(()), SEGMENT)) == []


def test_a_file_is_sent_once_while_it_waits(place: Place, inbox: Path) -> None:
    looker, state = LookIntoDrops(place, (Source(str(inbox)),)), State()
    (inbox / "a.txt").write_text("words")
    arrivals, signs = look(looker, state)
    assert names(arrivals) == ["a.txt"]
    assert signs == [Heard("drops", stopped=False)]
    (inbox / "b.txt").write_text("other words")
    assert names(look(looker, state)[0]) == ["b.txt"]
    assert names(look(looker, state)[0]) == []


def test_what_the_lake_holds_is_remembered_no_more(
    place: Place, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor sent again, also by a stream that begins without any state."""
    looker, state = LookIntoDrops(place, (Source(str(inbox)),)), State()
    (inbox / "a.txt").write_text("words")
    (inbox / "b.txt").write_text("other words")
    sent = {Path(one.segment.path).name: one.mark for one in look(looker, state)[0]}
    assert sorted(state.value) == sorted(sent.values())
    lake_holds(monkeypatch, place, [sent["a.txt"]])
    assert look(looker, state)[0] == []
    assert state.value == [sent["b.txt"]]
    assert names(look(looker, State())[0]) == ["b.txt"]


def test_with_much_on_its_way_files_are_left_where_they_are(
    place: Place, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until some have landed."""
    monkeypatch.setattr(pipeline.stream_sources, "MAX_WAITING", 1)
    looker, state = LookIntoDrops(place, (Source(str(inbox)),)), State()
    (inbox / "a.txt").write_text("words")
    ((first,), _) = look(looker, state)
    (inbox / "b.txt").write_text("other words")
    assert look(looker, state)[0] == []
    assert state.value == [first.mark]
    lake_holds(monkeypatch, place, [first.mark])
    assert names(look(looker, state)[0]) == ["b.txt"]


@pytest.mark.parametrize("late", [4 * EVERY, 0.0])
def test_of_a_stale_impulse_or_a_stream_that_is_over_only_the_sign_is_left(
    place: Place, inbox: Path, late: float
) -> None:
    """After a pause hundreds of impulses come at once: the newest looks."""
    (inbox / "a.txt").write_text("words")
    is_over = not late
    if is_over:
        end_streams(Lake(Path(place.lake)))
    state = State()
    looker = LookIntoDrops(place, (Source(str(inbox)),))
    assert look(looker, state, late) == ([], [Heard("drops", stopped=is_over)])
    assert state.value is None
    if late:
        assert names(look(looker, state, 2 * EVERY)[0]) == ["a.txt"]


def test_the_sources_of_an_earlier_stream_end_when_another_begins(
    place: Place, inbox: Path
) -> None:
    begin_stream(Lake(Path(place.lake)))
    looker = LookIntoDrops(place, (Source(str(inbox)),))
    assert look(looker, State()) == ([], [Heard("drops", stopped=True)])


def asker(place: Place, server: FaultServer, *paths: str) -> AskFeeds:
    feeds = tuple(Feed(url=server.url(path)) for path in paths)
    looker = AskFeeds(place, feeds, POLLING)
    looker.setup()
    return looker


def test_feeds_that_are_due_are_asked_and_their_answers_travel(
    place: Place, server: FaultServer
) -> None:
    """The bytes with them, since the file of one worker is not found by another."""
    server.pages["/a"] = whole(rss(0, 1))
    looker, state = asker(place, server, "/a", "/500"), State()
    arrivals, (heard, polled) = look(looker, state)
    assert heard == Heard("feeds", stopped=False)
    good, bad = sorted(arrivals, key=lambda one: one.segment.problem or "")
    assert (good.segment.data, good.segment.path) == (rss(0, 1), "")
    assert (bad.segment.problem, bad.segment.data) == ("http_status", None)
    assert good.mark != bad.mark
    assert isinstance(polled, Polled)
    assert set(polled.health) == {server.url("/a"), server.url("/500")}
    assert [each.feed.url for each in polled.answered] == [server.url("/a")]


def test_a_feed_that_waits_for_its_commit_is_not_asked_again(
    place: Place, server: FaultServer
) -> None:
    """It is not due, as the state remembers; without a state it would be asked at every look."""
    server.pages["/a"] = whole(rss(0))
    looker, state = asker(place, server, "/a"), State()
    look(looker, state)
    assert [*state.value] == [server.url("/a")]
    assert look(looker, state) == ([], [Heard("feeds", stopped=False)])
    assert server.played["/a"] == 1
    assert [*state.value] == [server.url("/a")]
    look(looker, State())
    assert server.played["/a"] == 2


def test_validators_of_what_is_on_its_way_are_used(place: Place, server: FaultServer) -> None:
    """The next answer is a 304: nothing arrives, and the commit counts it."""
    server.pages["/a"] = conditional(rss(0), '"v1"')
    looker, state = asker(place, server, "/a"), State()
    look(looker, state)
    state.value[server.url("/a")]["next_due"] = "2020-01-01T00:00:00+00:00"
    arrivals, (_, polled) = look(looker, state)
    assert server.asked[-1].headers["if-none-match"] == '"v1"'
    assert (arrivals, polled.unchanged, polled.answered) == ([], 1, ())


def test_what_the_lake_knows_of_a_feed_leaves_the_state(
    place: Place, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/a"] = whole(rss(0))
    looker, state = asker(place, server, "/a"), State()
    _, (_, polled) = look(looker, state)
    monkeypatch.setattr(pipeline.stream_sources, "known_health", lambda *_: dict(polled.health))
    assert look(looker, state)[0] == []
    assert state.value == {}
    assert server.played["/a"] == 1


@pytest.mark.parametrize("late", [4 * EVERY, 0.0])
def test_no_feed_is_asked_for_a_stale_impulse_or_when_it_is_over(
    place: Place, server: FaultServer, late: float
) -> None:
    is_over = not late
    if is_over:
        end_streams(Lake(Path(place.lake)))
    looker = asker(place, server, "/a")
    assert look(looker, State(), late) == ([], [Heard("feeds", stopped=is_over)])
    assert server.connections == 0


def asked(url: str, minutes: float | None) -> FeedHealth:
    last = NOON + dt.timedelta(minutes=minutes) if minutes is not None else None
    return FeedHealth(url=url, last_attempt=last)


def test_what_was_asked_later_than_the_lake_knows_is_ahead() -> None:
    """Of a feed that the lake has never heard of as well; one never asked tells nothing."""
    known = {url: asked(url, 10) for url in ("later", "same", "earlier")}
    known["first"] = asked("first", None)
    minutes = {"later": 11, "same": 10, "earlier": 9, "new": 1, "never": None, "first": 1}
    waiting = {url: asked(url, when).to_json() for url, when in minutes.items()}
    found = still_ahead(known, waiting)
    assert found == {url: asked(url, minutes[url]) for url in ("later", "new", "first")}
