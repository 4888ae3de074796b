"""The bytes of a container, without ever hanging on a FIFO or filling the memory.

`ReadContainers` takes batches of segments and gives batches of `SourceBytes` for the parsing child;
what cannot be read is a reject of stage `read`.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.reject import REASONS, Reject
from transforms.full_text import Entry
from transforms.parse.child import SourceBytes
from transforms.parse.item import ParseContext
from transforms.read.segment import Segment
from transforms.reject import build_reject

MAX_CONTAINER = 64 << 20
REJECTS = "rejects"
_ADVICE = {
    "not_found": "check the path, or whether the glob matches anything",
    "permission_denied": "give the user that runs wiretrace leave to read it",
    "not_regular": "drop the file itself; links, FIFOs, sockets and devices are not opened",
    "io_error": "check the disk and the name",
    "too_large": f"more than {MAX_CONTAINER >> 20} MiB; split it, or write it as JSONL",
    "changed_while_reading": "write elsewhere and rename into the drop folder when complete",
}


class Unreadable(Exception):
    """A container that cannot be read; `reason` is a key of `schemas.reject.REASONS`."""

    def __init__(self, reason: str, head: bytes | None = None) -> None:
        super().__init__(reason, head)
        self.reason = reason
        self.head = head


@dataclass(frozen=True, slots=True)
class Container:
    """A container's bytes, or a stretch of them, with what the user said of its source.

    A replay wants `only_member` or `only_record` of it, what was rejected; its neighbours landed
    long ago. A page is wanted for the `entry` of a feed.
    """

    bytes: SourceBytes
    outlet: str | None
    is_feed: bool
    only_record: int | None = None
    only_member: str | None = None
    entry: Entry | None = None

    @property
    def uri(self) -> str:
        """The container's address."""
        return self.bytes.context.source_uri


def read_segment(segment: Segment) -> bytes:
    """The bytes of a segment.

    Raises:
        Unreadable: with the reason, and the first bytes where there were any.
    """
    if segment.problem:
        raise Unreadable(segment.problem, segment.data)
    if segment.data is not None:
        return segment.data
    try:
        return _read_remote(segment.path) if "://" in segment.path else _read_local(segment)
    except FileNotFoundError:
        raise Unreadable("not_found") from None
    except PermissionError:
        raise Unreadable("permission_denied") from None
    except OSError:
        raise Unreadable("io_error") from None


def _read_local(segment: Segment) -> bytes:
    # O_NONBLOCK: a FIFO that took the file's place after listing must not block the open.
    handle = os.open(segment.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise Unreadable("not_regular")
        file.seek(segment.offset)
        wanted = before.st_size if segment.length is None else segment.length
        data = file.read(min(wanted, MAX_CONTAINER) + 1 if segment.length is None else wanted)
        if len(data) > MAX_CONTAINER:
            raise Unreadable("too_large", data)
        after = os.fstat(handle)
        if len(data) != wanted or after.st_mtime_ns != before.st_mtime_ns:
            raise Unreadable("changed_while_reading", data)
    return data


def _read_remote(path: str) -> bytes:
    from apache_beam.io.filesystem import BeamIOError, CompressionTypes
    from apache_beam.io.filesystems import FileSystems

    try:
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            data: bytes = file.read(MAX_CONTAINER + 1)
    except BeamIOError:
        raise Unreadable("io_error") from None
    if len(data) > MAX_CONTAINER:
        raise Unreadable("too_large", data)
    return data


def read_batch(
    batch: tuple[Segment, ...], seen_at: dt.datetime, run_id: str
) -> tuple[tuple[Container, ...], list[Reject]]:
    """Read every segment of a batch: containers, and rejects for the others."""
    containers, rejects = [], []
    for segment in batch:
        try:
            containers.append(_container(segment, read_segment(segment)))
        except Unreadable as problem:
            rejects.append(
                build_reject(
                    stage="read",
                    reason=problem.reason,
                    message=segment.message
                    or f"{segment.uri}: {REASONS[problem.reason]} "
                    f"To mend: {_ADVICE[problem.reason]}.",
                    source_uri=segment.uri,
                    raw=problem.head,
                    seen_at=seen_at,
                    run_id=run_id,
                    outlet=segment.source.outlet,
                )
            )
    return tuple(containers), rejects


def _container(segment: Segment, data: bytes) -> Container:
    context = ParseContext(
        source_uri=segment.uri,
        first_record=segment.first_record,
        charset=segment.charset,
        member=segment.member,
        url=segment.url,
    )
    forced = segment.source.format
    source_bytes = SourceBytes(data, context, None if forced in (None, "auto") else forced)
    return Container(
        source_bytes,
        segment.source.outlet,
        segment.source.is_feed,
        segment.only_record,
        segment.only_member,
        segment.entry,
    )


class _ReadBatch(beam.DoFn):
    def __init__(self, seen_at: dt.datetime, run_id: str) -> None:
        self.seen_at = seen_at
        self.run_id = run_id

    def process(self, batch: tuple[Segment, ...]) -> Iterator[Any]:
        containers, rejects = read_batch(batch, self.seen_at, self.run_id)
        if containers:
            yield containers
        for reject in rejects:
            yield beam.pvalue.TaggedOutput(REJECTS, reject)


@dataclass
class ReadContainers(beam.PTransform):
    """Batches of segments to batches of containers.

    Gives a tuple with `main` (tuples of `Container`) and `rejects` (`schemas.reject.Reject`).

    Attributes:
        seen_at: when the run began, UTC.
        run_id: the run.
    """

    seen_at: dt.datetime
    run_id: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, batches: beam.PCollection) -> Any:
        """Read each batch."""
        return batches | "ReadBatch" >> beam.ParDo(
            _ReadBatch(self.seen_at, self.run_id)
        ).with_outputs(REJECTS, main="main")
