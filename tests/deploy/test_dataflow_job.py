"""Our streaming pipeline is a job that Dataflow takes, as far as it can be told, as is its shape.

What the service itself checks when a job is submitted is not here.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import StrUtf8Coder
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.trigger import AccumulationMode, AfterWatermark
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.transforms.window import FixedWindows

from pipeline.graph import stream
from pipeline.options import StreamOptions
from pipeline.stream import make_sources
from tests.deploy.dataflow_job import IMAGE, MAX_JOB_BYTES, PUBSUB_READ, DataflowJob, dry_run
from transforms.feeds.feed_list import Feed
from transforms.read.pubsub import ReadMessages
from transforms.read.segment import Segment, Source

SUBSCRIPTION = "projects/newsroom/subscriptions/wires"


class FirstOfEach(beam.DoFn):
    """What comes first for a key, until a day has passed."""

    SEEN = ReadModifyWriteStateSpec("seen", StrUtf8Coder())
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, str],
        now: Any = beam.DoFn.TimestampParam,
        seen: Any = beam.DoFn.StateParam(SEEN),
        forget: Any = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[tuple[str, str]]:
        if not seen.read():
            seen.write(element[1])
            forget.set(now + 86_400)
            yield element

    @on_timer(FORGET)
    def expire(self, seen: Any = beam.DoFn.StateParam(SEEN)) -> None:
        seen.clear()


def by_uri(batch: tuple[Segment, ...]) -> tuple[str, str]:
    return batch[0].uri, batch[0].mark or ""


def build(pipeline: beam.Pipeline) -> None:
    (
        pipeline
        | "Messages" >> ReadMessages(SUBSCRIPTION)
        | "ByUri" >> beam.Map(by_uri).with_output_types(tuple[str, str])
        | "FirstOfEach" >> beam.ParDo(FirstOfEach()).with_output_types(tuple[str, str])
        | "Windows"
        >> beam.WindowInto(
            FixedWindows(60),
            trigger=AfterWatermark(),
            accumulation_mode=AccumulationMode.DISCARDING,
            allowed_lateness=0,
        )
        | "OfAWindow" >> beam.GroupByKey()
    )


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects fails; credentials cannot be had from where Google's libraries look."""

    def refuse(*_: object) -> None:
        raise AssertionError("a dry run connects to nothing")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.mark.usefixtures("no_network")
def test_a_stream_of_messages_is_a_dataflow_job() -> None:
    """The service's own source, our state and timer, one group, all in our container."""
    job = dry_run(build)
    assert job.description["type"] == "JOB_TYPE_STREAMING"
    assert job.urns[PUBSUB_READ] == 1
    assert job.urns[common_urns.primitives.GROUP_BY_KEY.urn] == 1
    (stateful,) = [pardo for pardo in job.pardos() if pardo.state_specs]
    assert [*stateful.state_specs] == ["seen"]
    assert [*stateful.timer_family_specs] == ["ts-forget"]
    assert job.images == {IMAGE}
    (pool,) = job.description["environment"]["workerPools"]
    assert [image["containerImage"] for image in pool["sdkHarnessContainerImages"]] == [IMAGE]
    assert job.pickled_keys() == []
    assert job.pipeline.ByteSize() < MAX_JOB_BYTES


@pytest.mark.usefixtures("no_network")
def test_options_reach_the_job() -> None:
    """The machine and the most workers are those that were asked for."""
    job = dry_run(build, machine_type="n2-standard-4", max_num_workers=7)
    (pool,) = job.description["environment"]["workerPools"]
    assert pool["machineType"] == "n2-standard-4"
    assert pool["autoscalingSettings"]["maxNumWorkers"] == 7


@pytest.mark.usefixtures("no_network")
def test_keys_without_a_type_are_found() -> None:
    """Beam does not see the types of what a stateful DoFn gives: the check for that can fail."""

    def careless(pipeline: beam.Pipeline) -> None:
        (
            pipeline
            | ReadMessages(SUBSCRIPTION)
            | beam.Map(lambda batch: (batch[0].source, "")).with_output_types(tuple[Any, str])
            | "Stateful" >> beam.ParDo(FirstOfEach())
            | beam.WindowInto(FixedWindows(60))
            | "Careless" >> beam.GroupByKey()
        )

    assert sorted(dry_run(careless).pickled_keys()) == ["Careless", "Stateful"]


@pytest.mark.usefixtures("no_network")
def test_what_dataflow_cannot_group_is_refused() -> None:
    """A stream is grouped by window: without one there is no end to wait for."""

    def endless(pipeline: beam.Pipeline) -> None:
        _ = pipeline | ReadMessages(SUBSCRIPTION) | beam.Map(by_uri) | beam.GroupByKey()

    with pytest.raises(ValueError, match="GroupByKey"):
        dry_run(endless)


def our_job(lake: Path, **sources: Any) -> DataflowJob:
    """What `wiretrace stream` would submit."""
    options = StreamOptions(lake=lake, runner="DataflowRunner", **sources)
    return dry_run(lambda pipeline: stream(pipeline, make_sources(options, "id"), options))


def steps(job: DataflowJob) -> set[str]:
    """The steps that have a name of ours."""
    return {of_ours(t.unique_name) for t in job.pipeline.components.transforms.values()}


def of_ours(name: str) -> str:
    """The part of a step's name that we gave."""
    return "/".join(name.split("/")[:2])


def states(job: DataflowJob) -> dict[str, tuple[list[str], list[str]]]:
    """States and timers of every step of ours that has any, by its name."""
    found = {}
    for transform in job.pipeline.components.transforms.values():
        if transform.spec.urn != common_urns.primitives.PAR_DO.urn:
            continue
        payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
        if payload.state_specs or payload.timer_family_specs:
            found[of_ours(transform.unique_name)] = (
                [*payload.state_specs],
                [*payload.timer_family_specs],
            )
    return found


def inputs_of(job: DataflowJob, name: str) -> set[str]:
    """Which steps of ours a step reads."""
    leaves = [t for t in job.pipeline.components.transforms.values() if not t.subtransforms]
    makers = {made: of_ours(t.unique_name) for t in leaves for made in t.outputs.values()}
    (step,) = [t for t in leaves if t.unique_name == name]
    return {makers[read] for read in step.inputs.values()}


RECOGNIZED = (["waiting"], ["ts-forget"])


@pytest.mark.usefixtures("no_network")
def test_our_stream_of_messages_is_a_dataflow_job(tmp_path: Path) -> None:
    """The service reads; keys are hashed alike on every worker; nothing is made on the disk."""
    job = our_job(tmp_path / "lake", subscription=SUBSCRIPTION)
    assert job.description["type"] == "JOB_TYPE_STREAMING"
    assert job.urns[PUBSUB_READ] == 1
    assert steps(job) >= {
        "messages/Read", "messages/Arrive", "Spread", "Receive/ReceiveBatch",
        "Recognize/RecognizeText", "Tag/Facts", "Commit/Gather", "Commit/CommitWindow",
    }  # fmt: skip
    assert states(job) == {"Recognize/RecognizeText": RECOGNIZED}
    assert job.pickled_keys() == []
    assert job.images == {IMAGE}
    assert job.pipeline.ByteSize() < MAX_JOB_BYTES
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_network")
def test_our_stream_of_feeds_and_drops_is_a_dataflow_job(tmp_path: Path) -> None:
    """Each source looks around by a state of its own, and its signs are a part of the window."""
    job = our_job(
        tmp_path / "lake",
        drops=(Source(str(tmp_path / "inbox")),),
        feeds=(Feed(url="https://harbour-post.example/rss"),),
    )
    assert job.description["type"] == "JOB_TYPE_STREAMING"
    assert job.urns[PUBSUB_READ] == 0
    assert steps(job) >= {"drops/Look", "feeds/Look", "Receive/ReceiveBatch", "Commit/Gather"}
    assert states(job) == {
        "drops/Look": (["waiting"], []),
        "feeds/Look": (["waiting"], []),
        "Recognize/RecognizeText": RECOGNIZED,
    }
    assert job.pickled_keys() == []
    assert inputs_of(job, "Window") == {
        "Receive/ReceiveBatch",
        "PackTags",
        "drops/Look",
        "feeds/Look",
    }
