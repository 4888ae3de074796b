"""Pub/Sub: what a message says of itself is believed only as far as it can be stored."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner

from schemas.ids import message_mark
from schemas.reject import Reject
from tests.transforms.read.pubsub_emulator import ABSENT, LAST, Emulator, find_program, started
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ItemReject
from transforms.read.containers import Container, read_batch
from transforms.read.pubsub import (
    BadSubscription,
    Message,
    PubSubMissing,
    ReadMessages,
    check_subscription,
    to_segment,
)
from transforms.read.segment import Segment, Source
from transforms.read.sources import list_segments

SUBSCRIPTION = "projects/newsroom/subscriptions/wires"
SEEN = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
RECORD = b'{"headline": "A bridge opens", "body_text": "It opened.", "guid": "g-1"}'
NITF = b"""<?xml version="1.0"?><nitf><body><body.head><hedline><hl1>A bridge opens</hl1></hedline>
</body.head><body.content><p>It opened on Monday.</p></body.content></body></nitf>"""


def segment(data: bytes = RECORD, message_id: str = "17", **attributes: str) -> Segment:
    return to_segment(Message(data, attributes, message_id), SUBSCRIPTION)


def read(one: Segment) -> tuple[list[Container], list[Reject]]:
    containers, rejects = read_batch((one,), SEEN, "run")
    return list(containers), rejects


def parse(one: Segment) -> list[Item | ItemReject]:
    (container,), rejects = read(one)
    assert rejects == []
    source = container.bytes
    return list(parse_document(source.data, source.context, source.format))


def test_a_record_without_attributes_is_an_item() -> None:
    """One JSONL record: it says all by itself."""
    (item,) = parse(segment())
    assert isinstance(item, Item)
    assert (item.source_format, item.headline, item.guid) == ("jsonl", "A bridge opens", "g-1")
    (container,), _ = read(segment())
    assert (container.uri, container.outlet) == (f"pubsub://{SUBSCRIPTION}/17", None)


def test_raw_bytes_are_what_their_attributes_say() -> None:
    """The outlet, the reader and the address are those of the attributes."""
    one = segment(NITF, outlet="Example.org", format="text", source_uri="sftp://h/7.xml")
    (container,), _ = read(one)
    assert (container.uri, container.outlet) == ("sftp://h/7.xml", "Example.org")
    (item,) = parse(one)
    assert isinstance(item, Item)
    assert item.source_format == "text"  # though its content is NITF
    (item,) = parse(segment(NITF))
    assert isinstance(item, Item)
    assert (item.source_format, item.headline) == ("nitf", "A bridge opens")


def test_an_empty_attribute_is_none_and_others_are_left_alone() -> None:
    """Relays fill in what they do not know, and Pub/Sub adds names of its own."""
    one = segment(outlet="", format="", source_uri="", googclient_traceparent="00-\x00-")
    assert one == segment()


@pytest.mark.parametrize(
    ("stated", "stored"),
    [
        ("https://user:secret@example.org/a?token=s3cr3t", "https://example.org/a?token=REDACTED"),
        ("HTTPS://example.org/a", "HTTPS://example.org/a"),
        ("https://example.org/#7", "https://example.org/%237"),
        ("https://example.org/a.zip!b", "https://example.org/a.zip%21b"),
        ("gs://wires/afp/1.xml", "pubsub:gs://wires/afp/1.xml"),
        ("file:///etc/passwd", "pubsub:file:///etc/passwd"),
        ("/etc/passwd", "pubsub:/etc/passwd"),
        ("/etc/*", "pubsub:/etc/*"),
        ("../../etc/passwd", "pubsub:../../etc/passwd"),
        (f"pubsub://{SUBSCRIPTION}/1", f"pubsub:pubsub://{SUBSCRIPTION}/1"),
    ],
)
def test_a_stated_address_has_no_secret_and_is_never_opened(stated: str, stored: str) -> None:
    """`replay` opens the address of a reject whose bytes were not kept: here it finds nothing."""
    one = segment(source_uri=stated)
    assert one.uri == stored
    found = [
        (again.problem, again.path if Path(again.path).exists() else "")
        for again in list_segments([Source(stored)])
    ]
    assert found == [("not_found", "")]


@pytest.mark.parametrize(
    "hostile",
    [
        {"outlet": "a\x00b"},
        {"outlet": "\u202egro.elpmaxe"},
        {"outlet": "///"},
        {"outlet": "o" * 256},  # cut, it would be another outlet
        {"source_uri": "https://example.org/\n2026 INFO all is well"},
        {"source_uri": "https://example.org/" + "a" * 5_000},
    ],
)
def test_an_attribute_that_cannot_be_stored_is_a_reject_with_the_bytes(
    hostile: dict[str, str],
) -> None:
    """Nothing is guessed in its place; the message can be replayed."""
    containers, (reject,) = read(segment(**hostile))
    assert containers == []
    assert (reject.stage, reject.reason, reject.raw) == ("read", "bad_attribute", RECORD)
    assert reject.source_uri == f"pubsub://{SUBSCRIPTION}/17"
    assert reject.message.isprintable()
    assert next(iter(hostile)) in reject.message
    assert reject.outlet is None


def test_an_address_in_the_reject_of_an_attribute_has_no_secret() -> None:
    """Messages are shown."""
    _, (reject,) = read(segment(source_uri="https://u:hunter2@example.org/\x00"))
    assert "hunter2" not in reject.message


def test_a_format_that_no_reader_has_is_a_reject() -> None:
    """As `--format` would be, but here it is one message that fails, not the command."""
    (reject,) = parse(segment(format="x\x00" * 400))
    assert isinstance(reject, ItemReject)
    assert reject.reason == "unknown_format"


def test_a_message_without_data_is_a_reject_of_the_parser() -> None:
    """Attributes alone are no article."""
    (reject,) = parse(segment(b""))
    assert isinstance(reject, ItemReject)
    assert reject.reason == "empty"


def test_a_mark_is_the_message_within_its_subscription() -> None:
    """Delivered again it is the same; another message, or another subscription's, is another."""
    one = segment()
    assert one.mark == message_mark(SUBSCRIPTION, "17")
    assert segment(b"redelivered", "17", outlet="other").mark == one.mark
    assert segment(message_id="18").mark != one.mark
    other = to_segment(Message(RECORD, {}, "17"), "projects/newsroom/subscriptions/other")
    assert other.mark != one.mark


def test_without_an_id_the_content_is_the_id() -> None:
    """Equal messages are one, others are not; the address is as stable as the mark."""
    one, again, other = (segment(data, "", outlet="o") for data in (b"a", b"a", b"b"))
    assert one == again
    assert len({one.mark, other.mark, segment(b"a", "", outlet="p").mark}) == 3
    assert len({one.uri, other.uri}) == 2


@pytest.mark.parametrize(
    "name",
    [
        "wires",
        "projects/newsroom/topics/wires",
        "projects/newsroom/subscriptions/",
        "projects/newsroom/subscriptions/wires\n",
        "projects/newsroom/subscriptions/a/b",
        "projects/newsroom/subscriptions/a!b#1",
    ],
)
def test_what_is_no_subscription_is_refused_with_its_form(name: str) -> None:
    """On construction: a job would fail an hour later, in another country."""
    with pytest.raises(BadSubscription, match="projects/PROJECT/subscriptions/NAME") as error:
        ReadMessages(name)
    assert error.value.exit_code == 2


def test_subscriptions_of_projects_with_a_domain_are_taken() -> None:
    """They have a colon."""
    name = "projects/example.org:newsroom/subscriptions/wires-1.a~b"
    assert check_subscription(name) == name


def test_without_googles_libraries_it_says_what_to_install(monkeypatch: Any) -> None:
    """The extra is optional."""
    monkeypatch.setitem(sys.modules, "google.cloud.pubsub", None)
    with pytest.raises(PubSubMissing, match=r"pip install 'wiretrace\[gcp\]'") as error:
        ReadMessages(SUBSCRIPTION)
    assert error.value.exit_code == 2


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    program = find_program()
    if program is None:
        pytest.skip(f"{ABSENT}: install Google's Cloud SDK with its Pub/Sub emulator, and Java")
    with started(program, tmp_path_factory.mktemp("emulator")) as running:
        yield running


def write_down(batch: tuple[Segment, ...], folder: str) -> None:
    """A file for each time that a segment was seen."""
    for one in batch:
        seen = {"uri": one.uri, "mark": one.mark, "data": (one.data or b"").decode()}
        part = Path(folder, f"{uuid.uuid4()}.part")
        part.write_text(json.dumps({**seen, "outlet": one.source.outlet}), "utf-8")
        part.rename(part.with_suffix(".json"))


def test_every_message_of_the_emulator_is_read_once(emulator: Emulator, tmp_path: Path) -> None:
    """Fifty messages, half of them published while the pipeline runs."""
    subscription = emulator.subscribe("once")
    bodies = [json.dumps({"headline": f"Headline {n}", "guid": str(n)}).encode() for n in range(50)]
    messages = [(body, {"outlet": f"o{n}.example"}) for n, body in enumerate(bodies)]
    ids = emulator.publish("once", messages[:25])
    options = PipelineOptions(flags=[], streaming=True)
    pipeline = beam.Pipeline(BundleBasedDirectRunner(), options=options)
    _ = pipeline | ReadMessages(subscription) | beam.Map(write_down, str(tmp_path))
    running = pipeline.run()
    try:
        wait_for(tmp_path, 25)
        ids += emulator.publish("once", messages[25:])
        wait_for(tmp_path, 50)
        time.sleep(2)  # whatever would come a second time
    finally:
        emulator.cancel(running, "once")
    found = [json.loads(file.read_text("utf-8")) for file in tmp_path.glob("*.json")]
    seen = [one for one in found if one["data"] != LAST.decode()]
    expected = [
        {
            "uri": f"pubsub://{subscription}/{message_id}",
            "mark": message_mark(subscription, message_id),
            "data": body.decode(),
            "outlet": attributes["outlet"],
        }
        for message_id, (body, attributes) in zip(ids, messages, strict=True)
    ]
    assert sorted(seen, key=lambda s: s["uri"]) == sorted(expected, key=lambda s: s["uri"])


def wait_for(folder: Path, files: int) -> None:
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.json"))) < files:
        assert time.monotonic() < deadline, f"{len(list(folder.iterdir()))} of {files} after 60 s"
        time.sleep(0.2)
