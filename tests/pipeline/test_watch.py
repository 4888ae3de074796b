"""Rounds of a watch: what is due is asked, what is complete is taken, no commit for nothing."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

import pipeline.watch
import transforms.read.drop_folder as drop_folder
from lake.commit import newest_sequence
from lake.feeds import read_health
from lake.lease import acquire
from lake.store import StoreUnavailable
from lake.tables import LakeDamaged, open_lake, snapshot
from pipeline.batch import run_batch
from pipeline.options import RunOptions
from pipeline.watch import Round, WatchOptions, run_round, watch
from tests.lake.machines import Machines
from tests.lake.memory_store import Around
from tests.pipeline.newsroom import Newsroom, conditional, rss
from tests.transforms.fetch.fault_server import Asked, whole
from transforms.feeds.feed_list import BadFeedList, Feed, Polling
from transforms.read.segment import Source

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
TEXT = "The bridge opened on Monday after two years of work, its builders say.\n"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are complete when they lie there; the scanner's own tests are about time."""
    monkeypatch.setattr(drop_folder, "SETTLE_SECONDS", 0.0)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def options_of(newsroom: Newsroom, *drops: Path, every: float = 0.0) -> WatchOptions:
    return WatchOptions(
        run=RunOptions(lake=newsroom.lake, sources=()),
        drops=tuple(Source(str(drop)) for drop in drops),
        feeds=lambda: ((), newsroom.polling),
        every=every,
    )


def go(newsroom: Newsroom, *paths: str, drops: Sequence[Path] = ()) -> Round:
    """One round over these feeds and folders."""
    feeds = [Feed(url=newsroom.server.url(path)) for path in paths]
    return run_round(options_of(newsroom, *drops), feeds, newsroom.polling, 1, Event())


def watch_rounds(
    newsroom: Newsroom, options: WatchOptions, rounds: int, stop: Event | None = None
) -> list[Round]:
    """Rounds until there were so many."""
    stop, seen = stop or Event(), []

    def report(done: Round) -> None:
        seen.append(done)
        if len(seen) == rounds:
            stop.set()

    watch(options, stop, report)
    return seen


def test_only_what_is_due_is_asked(newsroom: Newsroom) -> None:
    newsroom.server.pages["/a"] = whole(rss(0, 1))
    newsroom.server.pages["/b"] = whole(rss(2, 3))
    first = go(newsroom, "/a")
    assert (first.due, first.result and first.result.ledger.outcomes["new"]) == (1, 2)
    second = go(newsroom, "/a", "/b")
    assert (second.due, second.result and second.result.ledger.outcomes["new"]) == (1, 2)
    assert newsroom.server.played == {"/a": 1, "/b": 1}
    assert newsroom.health("/a").next_due > second.began


def test_a_round_without_anything_to_do_writes_nothing(newsroom: Newsroom) -> None:
    """No lease, no file: it may come round every minute for months."""
    newsroom.server.pages["/a"] = whole(rss(0))
    go(newsroom, "/a")
    before = {path: path.stat().st_mtime_ns for path in newsroom.lake.rglob("*")}
    assert go(newsroom, "/a").result is None
    assert {path: path.stat().st_mtime_ns for path in newsroom.lake.rglob("*")} == before


def test_an_answer_without_news_is_remembered_without_a_commit(newsroom: Newsroom) -> None:
    """A 304: no run, no file in any table, but the feed is due later and its failures are over."""
    newsroom.server.pages["/a"] = conditional(rss(0), '"v1"')
    go(newsroom, "/a")
    lake = open_lake(newsroom.lake)
    sequence, before = newest_sequence(lake), newsroom.health("/a")
    make_due(newsroom)
    done = go(newsroom, "/a")
    assert done.result is not None
    assert not done.result.committed
    assert newsroom.asked("/a")[1].headers["if-none-match"] == '"v1"'
    assert newest_sequence(lake) == sequence
    after = newsroom.health("/a")
    assert (after.last_success or NEVER) > (before.last_success or NEVER)
    assert after.etag == '"v1"'
    newsroom.server.pages["/a"] = conditional(rss(0, 1), '"v2"')
    make_due(newsroom)
    assert outcome(go(newsroom, "/a"), "new") == 1, "memory without a commit is not ahead of items"


def test_an_idle_memory_does_not_outlive_a_lake_that_was_rolled_back(newsroom: Newsroom) -> None:
    """It requires the run that it was about."""
    newsroom.server.pages["/a"] = conditional(rss(0), '"v1"')
    go(newsroom, "/a")
    make_due(newsroom)
    go(newsroom, "/a")
    assert read_health(open_lake(newsroom.lake), 0) == {}


def test_dropped_files_are_taken_once_also_after_a_restart(newsroom: Newsroom, inbox: Path) -> None:
    (inbox / "a.txt").write_text("The bridge is open\n\n" + TEXT)
    (inbox / "bad.bin").write_bytes(bytes(range(256)) * 40)
    first = go(newsroom, drops=[inbox])
    assert (outcome(first, "new"), outcome(first, "rejected")) == (1, 1)
    assert go(newsroom, drops=[inbox]).result is None
    (inbox / "a.txt").write_text("The bridge is shut\n\n" + TEXT)
    assert outcome(go(newsroom, drops=[inbox]), "seen") == 1
    assert go(newsroom, drops=[inbox]).result is None


def kill_round(newsroom: Newsroom, inbox: Path, call: str) -> None:
    """A round that takes a file in, and is killed at a call."""
    (inbox / "a.txt").write_text("The bridge is open\n\n" + TEXT)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(call, die)
        with pytest.raises(KeyboardInterrupt):
            go(newsroom, drops=[inbox])


def test_marks_of_a_round_that_died_do_not_count(newsroom: Newsroom, inbox: Path) -> None:
    """It dies after the state is written and before the plan is: the file is taken again."""
    kill_round(newsroom, inbox, "pipeline.conclude.commit")
    assert outcome(go(newsroom, drops=[inbox]), "new") == 1


def test_a_round_that_was_killed_as_it_committed_is_finished_by_an_idle_one(
    newsroom: Newsroom, inbox: Path
) -> None:
    """Its marks count, so that nothing is left to do but what its plan says."""
    kill_round(newsroom, inbox, "lake.commit.commit_runs")
    lake = open_lake(newsroom.lake)
    assert snapshot(lake).read("articles").num_rows == 0
    with acquire(newsroom.lake):
        assert go(newsroom, drops=[inbox]).result is None, "as if it were committing still"
    assert go(newsroom, drops=[inbox]).is_unfinished
    assert snapshot(lake).read("articles").num_rows == 1
    assert not go(newsroom, drops=[inbox]).is_unfinished


def test_a_full_folder_is_emptied_round_by_round_without_waiting(
    newsroom: Newsroom, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_folder, "FILES_PER_ROUND", 2)
    for number in range(5):
        (inbox / f"{number}.txt").write_text(f"Bridge {number} is open\n\n{TEXT}")
    began = time.monotonic()
    rounds = watch_rounds(newsroom, options_of(newsroom, inbox, every=300), 3)
    assert [outcome(one, "new") for one in rounds] == [2, 2, 1]
    assert [one.has_more for one in rounds] == [True, True, False]
    assert time.monotonic() - began < 100


def test_when_it_is_asked_to_stop_the_round_is_finished(newsroom: Newsroom) -> None:
    """What was asked lands; who still waited for a turn stays due, without a failure."""
    stop = Event()
    newsroom.polling = Polling(delay=0, parallel=1, allow_hosts=("127.0.0.1",))

    async def slow(writer: object, asked: Asked) -> None:
        stop.set()
        await whole(rss(0))(writer, asked)  # type: ignore[arg-type]

    for path in ("/a", "/b", "/c"):
        newsroom.server.pages[path] = slow
    feeds = [Feed(url=newsroom.server.url(path)) for path in ("/a", "/b", "/c")]
    options = WatchOptions(
        run=RunOptions(lake=newsroom.lake, sources=()),
        drops=(),
        feeds=lambda: (feeds, newsroom.polling),
        every=300,
    )
    seen: list[Round] = []
    watch(options, stop, seen.append)
    (only,) = seen
    assert outcome(only, "new") == 1
    assert only.result is not None
    assert only.result.postponed == 2
    assert sum(newsroom.server.played.values()) == 1
    assert [bool(one.last_attempt) for one in only.health.values()] == [True, False, False]
    assert not any(one.failures for one in only.health.values())


def test_one_host_that_hangs_does_not_hold_up_the_others_items(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the time for polling nothing more is begun: the round ends, the rest is asked next."""
    monkeypatch.setattr(pipeline.watch, "POLL_SECONDS", 0.5)
    newsroom.polling = Polling(delay=1.0, parallel=1, allow_hosts=("127.0.0.1",))
    paths = [f"/{number}" for number in range(5)]
    for number, path in enumerate(paths):
        newsroom.server.pages[path] = whole(rss(number))
    first = go(newsroom, *paths)
    assert first.result is not None
    assert (outcome(first, "new"), first.result.postponed, first.has_more) == (1, 4, True)
    asked = [str(path) for path in newsroom.server.played]
    go(newsroom, *paths)
    assert len(newsroom.server.played) == 2
    assert newsroom.server.played[asked[0]] == 1, "whoever waited longest comes first"


def test_a_busy_lake_is_tried_again(newsroom: Newsroom, inbox: Path) -> None:
    (inbox / "a.txt").write_text("The bridge is open\n\n" + TEXT)
    run_batch(RunOptions(lake=newsroom.lake, sources=()))
    stop, seen = Event(), []
    other = acquire(newsroom.lake)
    other.__enter__()

    def report(done: Round) -> None:
        seen.append(done)
        if done.problem:
            other.__exit__(None, None, None)
        else:
            stop.set()

    watch(options_of(newsroom, inbox), stop, report)
    first, second = seen
    assert "is being written by" in (first.problem or "")
    assert outcome(second, "new") == 1


def test_a_damaged_lake_ends_the_watch(newsroom: Newsroom, inbox: Path) -> None:
    """It will not mend itself; the operator's exit code is 6."""
    (inbox / "a.txt").write_text("The bridge is open\n\n" + TEXT)
    go(newsroom, drops=[inbox])
    for log in (newsroom.lake / "runs" / "_delta_log").glob("*.json"):
        log.write_text("{")
    with pytest.raises(LakeDamaged):
        watch(options_of(newsroom, inbox), Event(), lambda done: None)


def test_the_list_is_read_anew_and_the_last_good_one_holds(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    """A slip of the pen in feeds.toml does not stop the polling."""
    newsroom.server.pages["/a"] = whole(rss(0))
    newsroom.server.pages["/b"] = whole(rss(1))
    first, second = (Feed(url=newsroom.server.url(path)) for path in ("/a", "/b"))
    lists = iter([[first], None, [first, second]])

    def read() -> tuple[Sequence[Feed], Polling]:
        feeds = next(lists)
        if feeds is None:
            raise BadFeedList("feeds.toml: line 3")
        return feeds, newsroom.polling

    options = WatchOptions(
        run=RunOptions(lake=newsroom.lake, sources=()), drops=(), feeds=read, every=0
    )
    rounds = watch_rounds(newsroom, options, 3)
    assert [len(one.health) for one in rounds] == [1, 1, 2]
    assert [outcome(one, "new") for one in rounds] == [1, 0, 1]


def test_a_list_that_is_bad_from_the_start_is_an_error(newsroom: Newsroom) -> None:
    def read() -> tuple[Sequence[Feed], Polling]:
        raise BadFeedList("feeds.toml: line 3")

    options = WatchOptions(
        run=RunOptions(lake=newsroom.lake, sources=()), drops=(), feeds=read, every=0
    )
    with pytest.raises(BadFeedList):
        watch(options, Event(), lambda done: None)


def test_two_rounds_are_so_far_apart(newsroom: Newsroom) -> None:
    began = time.monotonic()
    watch_rounds(newsroom, options_of(newsroom, every=0.4), 3)
    assert time.monotonic() - began >= 0.8


def outcome(done: Round, name: str) -> int:
    """Items of that outcome; 0 where the round had nothing to do."""
    if done.result is None:
        return 0
    ledger = done.result.ledger
    return ledger.seen if name == "seen" else ledger.outcomes[name]


def make_due(newsroom: Newsroom) -> None:
    """Every feed's time has come: its memory says that it was an hour ago."""
    for file in (open_lake(newsroom.lake).state / "feeds").glob("*.json"):
        text, past = file.read_text(), dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
        for health in read_health(open_lake(newsroom.lake), 10**9).values():
            text = text.replace(str(health["next_due"]), past.isoformat())
        file.write_text(text)
        os.utime(file)


def test_a_store_that_is_away_for_a_while(
    newsroom: Newsroom, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watch over a lake in an object store goes on: rounds, and the list of feeds, may fail."""
    machines = Machines(tmp_path / "machines", monkeypatch)
    lake = machines.new("one")
    (inbox / "a.txt").write_text(TEXT)
    away: list[int] = []
    seen: list[Round] = []
    stop = Event()

    def refuse(kind: str, name: str) -> None:
        raise StoreUnavailable("away")

    def feeds() -> tuple[Sequence[Feed], Polling]:
        if away:
            raise StoreUnavailable("away")
        return (), newsroom.polling

    def report(done: Round) -> None:
        seen.append(done)
        if len(seen) == 1:
            away.append(1)
            machines.between = Around(machines.store, refuse)
        elif len(seen) == 2:
            away.clear()
            machines.between = machines.store
            (inbox / "b.txt").write_text(TEXT.replace("bridge", "tunnel"))
        else:
            stop.set()

    run = RunOptions(lake=lake, sources=())
    watch(WatchOptions(run=run, drops=(Source(str(inbox)),), feeds=feeds, every=0.0), stop, report)
    assert [done.problem for done in seen] == [None, "away", None]
    assert snapshot(open_lake(lake)).read("articles").num_rows == 2
