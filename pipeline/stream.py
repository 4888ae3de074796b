"""`wiretrace stream`: the unbounded pipeline from its start to its drained end.

The engine runs it; this side hands it in, says how far it is, and when it is asked to stop has the
sources end and waits until every window is committed before the job is cancelled.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any

import apache_beam as beam
import grpc  # type: ignore[import-untyped]
import structlog

from lake.begin import begin_run
from lake.present import named, shown
from lake.stream_state import begin_stream, end_streams, read_progress
from lake.tables import Lake, refuse_foreign
from pipeline.engines import (
    UnknownRunner,
    find_runner,
    make_options,
    make_runner,
    read_given,
)
from pipeline.flink_job import MASTER, cancel_job
from pipeline.graph import stream
from pipeline.options import STREAM, StreamOptions
from pipeline.stream_sources import (
    DROPS,
    FEEDS,
    MESSAGES,
    Place,
    poll_feeds,
    read_messages,
    watch_drops,
)

# From the request to the commit of the last window, beside the length of two of them.
DRAIN_SECONDS = 600.0
_LOOK_SECONDS = 1.0
# A busy machine took 75 s to the first window; an engine without workers takes for ever.
_BEGIN_SECONDS = 90.0
_log = structlog.get_logger("wiretrace")


class StreamFailed(Exception):
    """The engine gave the pipeline up; the lake is as of the last window that was committed."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stream is; `lag` is how long ago its last window ended, in seconds."""

    state: str
    lag: float | None
    told: Mapping[str, Any]


def make_sources(options: StreamOptions, name: str) -> dict[str, beam.PTransform]:
    """The sources of the stream of that id, by the names that their steps have."""
    place = Place(named(options.lake), name, options.every)
    sources: dict[str, beam.PTransform] = {}
    if options.drops:
        sources[DROPS] = watch_drops(place, options.drops)
    if options.feeds:
        sources[FEEDS] = poll_feeds(place, options.feeds, options.polling)
    if options.subscription:
        sources[MESSAGES] = read_messages(options.subscription)
    return sources


def run_stream(
    options: StreamOptions, stop: Event, report: Callable[[Progress], None] = lambda progress: None
) -> bool:
    """Hand the pipeline in and stay with it until `stop` is set and everything is committed.

    False where there was nothing to stay with: of a template only the graph is made here, and
    Dataflow begins the job once this process is over.

    Raises:
        LakeBusy, LakeNotFound, LakeDamaged: see `lake`.
        UnknownRunner: see `pipeline.engines`; nothing was made.
        StreamFailed: the engine ended it, or it could not be drained.
    """
    if find_runner(options.runner) == "DirectRunner" and (options.drops or options.feeds):
        raise UnknownRunner(
            "--runner=DirectRunner streams messages of Pub/Sub only; for drops and feeds on this "
            "machine use `wiretrace watch`, or start a cluster: make flink-up"
        )
    make_runner(options.runner, options.runner_options, streaming=True)  # refuses, before a lake is
    lake, name = begin(options)
    result = _hand_in(options, lake, name)
    if "template_location" in read_given(options.runner_options):
        return False
    patience = time.monotonic() + begin_seconds(options)
    while not stop.wait(_LOOK_SECONDS):
        progress = _look(result, lake, report)
        if _gives_signs(options) and not progress.told and time.monotonic() > patience:
            _log.warning(
                "no window yet: see the log of the engine, and whether its workers answer",
                waited=round(begin_seconds(options)),
            )
            patience = time.monotonic() + begin_seconds(options)
    end_streams(lake)
    _log.info("stream asked to stop")
    until = time.monotonic() + DRAIN_SECONDS + 2 * options.window
    while not is_drained(_look(result, lake, report), options):
        if time.monotonic() > until:
            raise StreamFailed(
                "the stream was asked to stop and did not drain; it goes on. "
                "What is committed is safe; see the log of the engine for what holds it up"
            )
        time.sleep(_LOOK_SECONDS)
    _end(options, result, name)
    _log.info("stream drained")
    return True


def is_drained(progress: Progress, options: StreamOptions) -> bool:
    """Has the last window been committed? Where only messages come, after two without any."""
    if _gives_signs(options):
        return bool(progress.told.get("drained"))
    return progress.lag is None or progress.lag > 2 * options.window


def begin_seconds(options: StreamOptions) -> float:
    """After so long without a window, something is likely to be wrong with the engine."""
    return _BEGIN_SECONDS + 2 * options.window


def begin(options: StreamOptions) -> tuple[Lake, str]:
    """The lake, made where there is none, and the id of the stream that begins in it.

    One stream at a time: the sources of the one before, should it still run, end.
    """
    root = options.lake
    refuse_foreign(root)
    with begin_run(root, STREAM, wait_seconds=0.0):
        pass  # that it is there, and whole, is all
    lake = Lake(root.absolute())
    return lake, begin_stream(lake)


def _gives_signs(options: StreamOptions) -> bool:
    return bool(options.drops or options.feeds)


def _hand_in(options: StreamOptions, lake: Lake, name: str) -> Any:
    asked = (f"job_name={_job(name)}", *options.runner_options)
    pipeline = beam.Pipeline(
        runner=make_runner(options.runner, options.runner_options, streaming=True),
        options=make_options(options.workers, options.runner, asked, streaming=True),
    )
    stream(pipeline, make_sources(options, name), options)
    result = pipeline.run()
    _log.info("stream handed in", lake=shown(lake.root), runner=options.runner)
    return result


def _job(name: str) -> str:
    return f"wiretrace-stream-{name}"


def _end(options: StreamOptions, result: Any, name: str) -> None:
    if find_runner(options.runner) == "FlinkRunner":
        given = read_given(options.runner_options)
        cancel_job(given.get("flink_master", MASTER), given.get("job_name", _job(name)))
    else:
        result.cancel()


def _look(result: Any, lake: Lake, report: Callable[[Progress], None]) -> Progress:
    told = read_progress(lake)
    end = told.get("window_end")
    ago = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(end) if end else None
    try:
        state = result.state
    except grpc.RpcError as error:
        raise StreamFailed(
            f"the job server does not answer ({error.code()}); the stream may go on "
            "without it. Start it again: what the lake has is not taken twice"
        ) from None
    progress = Progress(state, ago.total_seconds() if ago else None, told)
    report(progress)
    if progress.state in ("FAILED", "CANCELLED", "DONE"):
        raise StreamFailed(
            f"the engine ended the stream ({progress.state}); its log says why. "
            "Start it again: what the lake has is not taken twice"
        )
    return progress
