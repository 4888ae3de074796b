"""The sources of a stream: drop folders, feeds, messages.

The first two are woken at intervals and remember, in Beam's state, what they have sent on that the
lake does not hold yet. An engine that goes back to a checkpoint takes state and arrivals back
together, so nothing is left out; what it sends twice, the commit knows by its mark. A new stream
begins without state: then the lake is all there is to know.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.coders import FastPrimitivesCoder
from apache_beam.transforms.periodicsequence import PeriodicImpulse, RebaseMode
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.transforms.window import TimestampedValue

from lake.commit import newest_sequence
from lake.newest_keys import newest_keys
from lake.present import root_of
from lake.stream_state import is_current
from lake.tables import Lake, look_again
from pipeline.polling import PollRound
from schemas.ids import hash_id
from tracing.feeds import known_health
from transforms.arrival import Arrival, Cut, Heard, pack
from transforms.feeds.feed_list import Feed, Polling
from transforms.feeds.health import FeedHealth
from transforms.read.drop_folder import DroppedFile, list_dropped, scan_drops
from transforms.read.pubsub import ReadMessages
from transforms.read.segment import Segment, Source
from transforms.read.sources import in_batches

SIGNS = "signs"
DROPS, FEEDS, MESSAGES = "drops", "feeds", "messages"
# Files on their way to the lake; more are left where they are until these have landed.
MAX_WAITING = 10_000
# An impulse that comes later than so many intervals is one of many that do: the last one looks.
_STALE = 3
_POLL_SECONDS = 30.0
_SEGMENT = attrgetter("segment")


def arrivals_of(file: DroppedFile, at: dt.datetime) -> Iterator[Arrival]:
    """A dropped file under its mark, or its stretches under marks of their own."""
    segments = list(list_dropped([file]))
    if len(segments) == 1:
        yield Arrival(file.mark, segments[0], at)
        return
    cut = Cut(file.mark, len(segments))
    for mark, segment in zip(cut.marks(), segments, strict=True):
        yield Arrival(mark, segment, at, cut)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when to look: the lake that knows what was taken, every so many seconds.

    `stream` is the id under which the lake lets it go on (`lake.stream_state`).
    """

    lake: str
    stream: str
    every: float


class _Looker(beam.DoFn):
    """Impulses, under one key, to what is found by looking around, with a sign of life for each.

    `waiting` is what was sent on and is not in the lake yet.
    """

    WAITING = ReadModifyWriteStateSpec("waiting", FastPrimitivesCoder())

    def __init__(self, name: str, place: Place) -> None:
        self.name = name
        self.place = place

    def process(
        self, element: tuple[str, float], waiting: Any = beam.DoFn.StateParam(WAITING)
    ) -> Iterator[Any]:
        """Look, unless the stream is over; `element` is a key and when the impulse was due."""
        lake = Lake(root_of(self.place.lake))
        is_over = not is_current(lake, self.place.stream)
        yield beam.pvalue.TaggedOutput(SIGNS, pack([Heard(self.name, is_over)]))
        is_stale = time.time() - element[1] > _STALE * self.place.every
        if not is_over and not is_stale:
            yield from self.look(lake, waiting)

    def look(self, lake: Lake, waiting: Any) -> Iterator[Any]:
        """Batches of `Arrival`, and packed values for the window's commit as `SIGNS`."""
        raise NotImplementedError


class LookIntoDrops(_Looker):
    """`waiting` are marks of files."""

    def __init__(self, place: Place, sources: tuple[Source, ...]) -> None:
        super().__init__(DROPS, place)
        self.sources = sources

    def look(self, lake: Lake, waiting: Any) -> Iterator[Any]:
        """Files that are complete and not taken."""
        keys = newest_keys(lake)
        marks = set(waiting.read() or ())
        marks -= keys.holds(sorted(marks))
        if len(marks) < MAX_WAITING:
            now = dt.datetime.now(dt.UTC)
            scan = scan_drops(
                self.sources, now, lambda some: keys.holds(some) | marks.intersection(some)
            )
            at = now.replace(microsecond=0)
            found = (one for file in scan.files for one in arrivals_of(file, at))
            yield from in_batches(found, _SEGMENT)
            marks |= {file.mark for file in scan.files}
        waiting.write(tuple(sorted(marks)))


class AskFeeds(_Looker):
    """`waiting` is the health of feeds."""

    def __init__(self, place: Place, feeds: tuple[Feed, ...], polling: Polling) -> None:
        super().__init__(FEEDS, place)
        self.feeds = feeds
        self.polling = polling

    def setup(self) -> None:
        """Remember when hosts were asked (`transforms.fetch.politeness`)."""
        self.sent: dict[str, float] = {}

    def look(self, lake: Lake, waiting: Any) -> Iterator[Any]:
        """What feeds answer that are due."""
        look_again(lake.root)
        known = known_health(lake, newest_sequence(lake))
        asked = still_ahead(known, waiting.read() or {})
        until = time.monotonic() + _POLL_SECONDS
        now = dt.datetime.now(dt.UTC)
        with tempfile.TemporaryDirectory() as folder:
            polled = PollRound(
                self.feeds,
                self.polling,
                {**known, **asked},
                Path(folder),
                now.date(),
                only_due=True,
                may_ask=lambda: time.monotonic() < until,
                sent=self.sent,
            )
            segments = [_with_bytes(segment) for segment in polled.fetch()]
        found = polled.polled()
        if found.health:
            yield from in_batches(_polled_arrivals(segments, now), _SEGMENT)
            yield beam.pvalue.TaggedOutput(SIGNS, pack([found]))
        ahead = {**asked, **found.health}
        waiting.write({url: one.to_json() for url, one in ahead.items()})


def still_ahead(
    known: Mapping[str, FeedHealth], waiting: Mapping[str, Mapping[str, Any]]
) -> dict[str, FeedHealth]:
    """What was asked of feeds later than the lake knows."""
    ahead = {}
    for url, value in waiting.items():
        health = FeedHealth.from_json(url, value)
        last = known[url].last_attempt if url in known else None
        if health.last_attempt and (last is None or health.last_attempt > last):
            ahead[url] = health
    return ahead


def _polled_arrivals(segments: Sequence[Segment], now: dt.datetime) -> Iterator[Arrival]:
    for segment in segments:
        mark = hash_id("poll", segment.uri, now.isoformat())
        yield Arrival(mark, segment, now.replace(microsecond=0))


def _with_bytes(segment: Segment) -> Segment:
    """An answer travels; a file of this worker would not be found by another."""
    if segment.problem:
        return segment
    return replace(segment, data=Path(segment.path).read_bytes(), path="")


class _Woken(beam.PTransform):
    """Impulses without end through a DoFn with state, on one worker.

    Gives a tuple with `main` (batches of `Arrival`) and `signs` (packed `Heard` and `Polled`).
    """

    def __init__(self, looker: _Looker) -> None:
        super().__init__()
        self._looker = looker

    def expand(self, begin: beam.pvalue.PBegin) -> Any:
        """Wake it at its intervals."""
        return (
            begin
            | "Impulse"
            >> PeriodicImpulse(
                fire_interval=self._looker.place.every, rebase=RebaseMode.REBASE_START
            )
            | "OneKey" >> beam.Map(lambda at: ("", float(at))).with_output_types(tuple[str, float])
            | "Look" >> beam.ParDo(self._looker).with_outputs(SIGNS, main="main")
        )


def watch_drops(place: Place, sources: tuple[Source, ...]) -> beam.PTransform:
    """Drop folders (`transforms.read.drop_folder`)."""
    return _Woken(LookIntoDrops(place, sources))


def poll_feeds(place: Place, feeds: tuple[Feed, ...], polling: Polling) -> beam.PTransform:
    """Feeds, those asked that are due (`pipeline.polling`).

    Other pages of a paged feed are not followed, nor pages of entries fetched: a bounded run does.
    """
    return _Woken(AskFeeds(place, feeds, polling))


class _Message(beam.DoFn):
    def process(self, batch: tuple[Segment, ...]) -> Iterator[Any]:
        now = dt.datetime.now(dt.UTC)
        arrivals = tuple(
            Arrival(segment.mark or "", segment, now.replace(microsecond=0)) for segment in batch
        )
        # By its arrival here, not by when it was published: so nothing of it is late.
        yield TimestampedValue(arrivals, now.timestamp())


class _Messages(beam.PTransform):
    def __init__(self, subscription: str) -> None:
        super().__init__()
        self._subscription = subscription

    def expand(self, begin: beam.pvalue.PBegin) -> Any:
        messages = begin | "Read" >> ReadMessages(self._subscription)
        return {"main": messages | "Arrive" >> beam.ParDo(_Message())}


def read_messages(subscription: str) -> beam.PTransform:
    """Messages of a Pub/Sub subscription (`transforms.read.pubsub`); they give no signs.

    Nothing here can keep the engine from taking more messages while it is asked to stop: Dataflow
    drains a job itself, the DirectRunner is for tests.
    """
    return _Messages(subscription)
