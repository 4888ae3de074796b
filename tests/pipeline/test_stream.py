"""A stream from its start to its drained end, on an engine that does what the test says."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import structlog
from apache_beam.options.pipeline_options import GoogleCloudOptions
from apache_beam.runners.runner import PipelineRunner

import pipeline.stream
from lake.stream_state import is_current, write_progress
from lake.tables import Lake
from pipeline.engines import UnknownRunner
from pipeline.options import StreamOptions
from pipeline.stream import (
    Progress,
    StreamFailed,
    begin,
    begin_seconds,
    is_drained,
    run_stream,
)
from transforms.read.segment import Source

WINDOW = 0.01
SUBSCRIPTION = "projects/newsroom/subscriptions/wires"


class Job:
    """What an engine gives for a pipeline that was handed in; asked for its state, it works on."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.name = name
        self.looks = 0
        self.was_cancelled = False
        self._engine = engine

    @property
    def state(self) -> str:
        self.looks += 1
        return self._engine.work(self)

    def cancel(self) -> None:
        self.was_cancelled = True


class Engine(PipelineRunner):
    """Commits a window whenever it is looked at, `begins_after` seconds after it was handed in."""

    def __init__(self, lake: Path, *, begins_after: float = 0.0, drains: bool = True) -> None:
        super().__init__()
        self.jobs: list[Job] = []
        self.fails = False
        self._lake = Lake(lake)
        self._begins_after = begins_after
        self._handed_in = 0.0
        self._drains = drains

    def run_pipeline(self, pipeline: Any, options: Any) -> Job:
        self._handed_in = time.monotonic()
        self.jobs.append(Job(self, options.view_as(GoogleCloudOptions).job_name))
        return self.jobs[-1]

    def work(self, job: Job) -> str:
        if self.fails:
            return "FAILED"
        if time.monotonic() >= self._handed_in + self._begins_after:
            goes_on = is_current(self._lake, job.name.rpartition("-")[2])
            end = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=30)
            drained = self._drains and not goes_on
            told = {"window_end": end.isoformat(), "windows": job.looks, "drained": drained}
            write_progress(self._lake, told)
        return "RUNNING"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks follow each other soon."""
    monkeypatch.setattr(pipeline.stream, "_LOOK_SECONDS", 0.001)


Start = Callable[..., Engine]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """An engine in the place of whatever runner is asked for."""

    def make(**does: Any) -> Engine:
        engine = Engine(tmp_path / "lake", **does)
        monkeypatch.setattr(pipeline.stream, "make_runner", lambda *_, **__: engine)
        return engine

    return make


def options_of(folder: Path, **more: Any) -> StreamOptions:
    drops = (Source(str(folder / "inbox")),)
    given = {"lake": folder / "lake", "drops": drops, "window": WINDOW, "runner": "dataflow"}
    return StreamOptions(**{**given, **more})


class Watch:
    """Whoever watches: asks the stream to stop after so many windows."""

    def __init__(self, windows: int) -> None:
        self.stop = Event()
        self.seen: list[Progress] = []
        self._windows = windows

    def __call__(self, progress: Progress) -> None:
        self.seen.append(progress)
        if progress.told.get("windows", 0) >= self._windows:
            self.stop.set()


def test_asked_to_stop_it_drains_and_only_then_is_cancelled(tmp_path: Path, start: Start) -> None:
    """The sources end, the last window is committed, the job goes."""
    engine, watch = start(), Watch(3)
    assert run_stream(options_of(tmp_path), watch.stop, watch)
    (job,) = engine.jobs
    assert job.was_cancelled
    *before, last = [one.told["drained"] for one in watch.seen if one.told]
    assert (set(before), last) == ({False}, True)
    assert {one.state for one in watch.seen} == {"RUNNING"}
    lags = [one.lag for one in watch.seen if one.lag is not None]
    assert all(29 < lag < 60 for lag in lags)


def test_the_graph_of_a_template_is_handed_in_and_left(tmp_path: Path, start: Start) -> None:
    """Beam writes it and submits no job; Dataflow does, when the launcher is over."""
    engine = start()
    given = ("template_location=gs://newsroom/job_object",)
    assert not run_stream(options_of(tmp_path, runner_options=given), Event())
    (job,) = engine.jobs
    assert (job.looks, job.was_cancelled) == (0, False)
    assert is_current(Lake(tmp_path / "lake"), job.name.rpartition("-")[2])


def test_of_an_engine_that_does_not_begin_is_warned_until_it_does(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool of workers may be missing; it is left to begin however late it does."""
    monkeypatch.setattr(pipeline.stream, "_BEGIN_SECONDS", 0.1)
    engine, watch = start(begins_after=0.5), Watch(1)
    with structlog.testing.capture_logs() as logs:
        run_stream(options_of(tmp_path), watch.stop, watch)
    warned = [one for one in logs if one["log_level"] == "warning"]
    assert 2 <= len(warned) <= 4
    assert "no window yet" in warned[0]["event"]
    assert len(engine.jobs) == 1


def test_of_an_engine_that_has_begun_is_not_warned(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it runs."""
    monkeypatch.setattr(pipeline.stream, "_BEGIN_SECONDS", 0.2)
    start()
    stop, began = Event(), time.monotonic()

    def report(progress: Progress) -> None:
        if time.monotonic() - began > 0.7:
            stop.set()

    with structlog.testing.capture_logs() as logs:
        run_stream(options_of(tmp_path), stop, report)
    assert [one for one in logs if one["log_level"] == "warning"] == []


def test_messages_may_not_come_for_hours_and_that_is_no_reason_to_warn(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They give no signs: no window need ever be committed. Without one it is drained at once."""
    monkeypatch.setattr(pipeline.stream, "_BEGIN_SECONDS", 0.0)
    engine, stop = start(begins_after=99), Event()
    looks: list[Progress] = []

    def report(progress: Progress) -> None:
        looks.append(progress)
        if len(looks) == 50:
            stop.set()

    with structlog.testing.capture_logs() as logs:
        run_stream(options_of(tmp_path, drops=(), subscription=SUBSCRIPTION), stop, report)
    assert [one for one in logs if one["log_level"] == "warning"] == []
    assert engine.jobs[0].was_cancelled


@pytest.mark.parametrize("is_stopping", [False, True])
def test_an_engine_that_ends_it_is_an_error(
    tmp_path: Path, start: Start, is_stopping: bool
) -> None:
    """Whether it was asked to stop or not; the lake is as it was committed."""
    engine, watch = start(), Watch(2)

    def report(progress: Progress) -> None:
        watch(progress)
        engine.fails = watch.stop.is_set() or not is_stopping

    with pytest.raises(StreamFailed, match=r"ended the stream \(FAILED\)"):
        run_stream(options_of(tmp_path), watch.stop, report)
    assert watch.stop.is_set() is is_stopping


def test_one_that_does_not_drain_is_left_to_go_on(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To cancel it would lose what it holds."""
    monkeypatch.setattr(pipeline.stream, "DRAIN_SECONDS", 0.0)
    engine, watch = start(drains=False), Watch(1)
    with pytest.raises(StreamFailed, match="did not drain; it goes on"):
        run_stream(options_of(tmp_path), watch.stop, watch)
    assert not engine.jobs[0].was_cancelled


@pytest.mark.parametrize(
    ("given", "master", "name"),
    [
        ((), "localhost:8081", None),
        (("flink_master=flink:9", "job_name=wires-1"), "flink:9", "wires-1"),
    ],
)
def test_a_job_on_flink_is_cancelled_at_flink(
    tmp_path: Path,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[str, ...],
    master: str,
    name: str | None,
) -> None:
    """Under the name that it has there."""
    cancelled: list[tuple[str, str]] = []
    monkeypatch.setattr(pipeline.stream, "cancel_job", lambda *what: cancelled.append(what))
    engine, watch = start(), Watch(1)
    # The engine of the test tells its stream by the name of the job.
    if name is not None:
        monkeypatch.setattr(f"{__name__}.is_current", lambda *_: not watch.stop.is_set())
    options = options_of(tmp_path, runner="flink", runner_options=given)
    run_stream(options, watch.stop, watch)
    (job,) = engine.jobs
    assert cancelled == [(master, name or job.name)]
    assert job.name == (name or job.name)
    assert not job.was_cancelled


def test_what_drops_or_feeds_need_the_direct_runner_has_not(tmp_path: Path) -> None:
    """Nothing is made."""
    with pytest.raises(UnknownRunner, match="messages of Pub/Sub only") as raised:
        run_stream(options_of(tmp_path, runner="direct"), Event())
    assert raised.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_one_that_begins_ends_the_one_before(tmp_path: Path) -> None:
    """In the same lake, which is made with the first."""
    lake, first = begin(options_of(tmp_path))
    assert is_current(lake, first)
    _, second = begin(options_of(tmp_path))
    assert [is_current(lake, one) for one in (first, second)] == [False, True]


def test_with_signs_the_last_window_says_that_it_is_drained(tmp_path: Path) -> None:
    """However long ago a window was."""
    options = options_of(tmp_path, window=60.0)
    assert is_drained(Progress("RUNNING", 0.0, {"drained": True}), options)
    assert not is_drained(Progress("RUNNING", 900.0, {"drained": False}), options)
    assert not is_drained(Progress("RUNNING", None, {}), options)


def test_where_only_messages_come_two_windows_without_any_are_its_end(tmp_path: Path) -> None:
    options = options_of(tmp_path, drops=(), subscription=SUBSCRIPTION, window=60.0)
    assert is_drained(Progress("RUNNING", 121.0, {"drained": False}), options)
    assert not is_drained(Progress("RUNNING", 120.0, {"drained": False}), options)
    assert is_drained(Progress("RUNNING", None, {}), options)


def test_the_longer_a_window_the_longer_an_engine_may_take_to_begin(tmp_path: Path) -> None:
    """The first is committed one window, and its own start, after the job began."""
    begun = [begin_seconds(options_of(tmp_path, window=window)) for window in (10.0, 600.0)]
    assert begun[1] - begun[0] == 2 * 590.0
    assert begun[0] > 100
