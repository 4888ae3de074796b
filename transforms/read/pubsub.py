"""Pub/Sub messages: one JSONL record each, or the raw bytes of a container.

The attributes `outlet`, `format` and `source_uri` say what `--outlet`, `--format` and a path would;
all others are left alone, since relays and Pub/Sub itself add theirs. Attributes are as hostile as
the bytes: with one that cannot be stored the message is a reject of stage `read`, bytes and all.
A `format` that no reader has is refused by the parser, like `--format` would be.
"""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import apache_beam as beam

from schemas.ids import message_mark
from transforms.outlets import MAX_OUTLET, clean_outlet
from transforms.read.segment import BYTES_PER_DELIVERY, Segment, Source
from transforms.urls import MAX_URL, redact_url

# https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names; projects may have a domain.
_SUBSCRIPTION = re.compile(
    r"projects/(?:[a-z0-9.-]{1,63}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"
    r"/subscriptions/[A-Za-z][\w.~+%-]{2,254}",
    re.ASCII,
)
# Nothing of ours opens these again; what else a message states, a replay must not open: it could
# be any file of this machine, or any object that its credentials reach.
_NEVER_OPENED = ("http://", "https://", "ftp://", "ftps://", "sftp://")


class BadSubscription(Exception):
    """Not the full name of a Pub/Sub subscription."""

    exit_code = 2


class PubSubMissing(Exception):
    """The client libraries of Google Cloud are not installed."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Pub/Sub delivers it; an empty `message_id` where the runner does not give it."""

    data: bytes
    attributes: Mapping[str, str]
    message_id: str


def check_subscription(name: str) -> str:
    """The full name of a subscription, unchanged.

    Raises:
        BadSubscription: it is no `projects/PROJECT/subscriptions/NAME`.
    """
    if not _SUBSCRIPTION.fullmatch(name):
        raise BadSubscription(
            f"{name!r} is no subscription; write projects/PROJECT/subscriptions/NAME"
        )
    return name


def to_segment(message: Message, subscription: str) -> Segment:
    """What is read of one message; with a `problem` where its attributes cannot be used.

    `uri` is the stated `source_uri` without secrets, else `pubsub://SUBSCRIPTION/ID`. What is no
    web or FTP address has `pubsub:` before it, so that a replay never opens it. `mark` stands for
    the message's id within its subscription: whoever keeps it takes each message in once.
    """
    message_id = message.message_id or _content_id(message)
    segment = Segment(
        uri=f"pubsub://{subscription}/{message_id}",
        source=Source(subscription),
        deliveries=max(1, len(message.data) // BYTES_PER_DELIVERY),
        data=message.data,
        mark=message_mark(subscription, message_id),
    )
    outlet = message.attributes.get("outlet") or None
    stated = message.attributes.get("source_uri") or None
    for name, value, is_good in (
        ("outlet", outlet, _is_outlet),
        ("source_uri", stated, _is_address),
    ):
        if value is not None and not is_good(value):
            return _refuse(segment, name, value)
    source = replace(segment.source, outlet=outlet, format=message.attributes.get("format") or None)
    return replace(segment, uri=_to_uri(stated) if stated else segment.uri, source=source)


def _content_id(message: Message) -> str:
    # Dataflow once left ids out (BEAM-7819). Two equal messages are one then, which loses nothing.
    digest = hashlib.sha256(message.data)
    for name, value in sorted(message.attributes.items()):
        digest.update(f"\n{name}={value}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _is_outlet(name: str) -> bool:
    return len(name) <= MAX_OUTLET and name.isprintable() and bool(clean_outlet(name))


def _is_address(uri: str) -> bool:
    return uri.isprintable() and len(uri) <= MAX_URL


def _to_uri(stated: str) -> str:
    # `#` and `!` would read as the number of a record and a member of an archive.
    uri = redact_url(stated).replace("#", "%23").replace("!", "%21")
    return uri if uri.lower().startswith(_NEVER_OPENED) else f"pubsub:{uri}"


def _refuse(segment: Segment, name: str, value: str) -> Segment:
    return replace(
        segment,
        problem="bad_attribute",
        message=f"{segment.uri}: its attribute {name} is {redact_url(value)[:100]!r}, which cannot "
        "be stored. To mend: publish it again with a printable, shorter one.",
    )


@dataclass
class ReadMessages(beam.PTransform):
    """Messages of a subscription, each as a batch of one `Segment` for `ReadContainers`.

    Pub/Sub delivers a message at least once: whoever commits what became of it keeps its `mark`.
    The plain DirectRunner acknowledges a message before it is committed; Dataflow does so when its
    first stage has stored it for good.

    Attributes:
        subscription: `projects/PROJECT/subscriptions/NAME`.

    Raises:
        BadSubscription: on construction.
        PubSubMissing: on construction.
    """

    subscription: str

    def __post_init__(self) -> None:
        super().__init__()
        check_subscription(self.subscription)
        try:
            importlib.import_module("google.cloud.pubsub")
        except ImportError:
            raise PubSubMissing(
                f"reading {self.subscription} needs Google's client libraries; "
                "install them: pip install 'wiretrace[gcp]'"
            ) from None

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        """Read, and say what each message is."""
        from apache_beam.io import ReadFromPubSub

        return (
            begin
            | "Pull" >> ReadFromPubSub(subscription=self.subscription, with_attributes=True)
            | "ToSegment" >> beam.Map(_to_batch, self.subscription)
        )


def _to_batch(message: beam.io.PubsubMessage, subscription: str) -> tuple[Segment, ...]:
    plain = Message(message.data or b"", message.attributes or {}, message.message_id or "")
    return (to_segment(plain, subscription),)
