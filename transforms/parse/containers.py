"""`ParseContainers`: containers through the bounded child, to items with their provenance.

What a reader cannot make sense of becomes a reject of stage `parse`, with the bytes of the record,
or of the container (in an archive, of its member) where the format knows no records.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam

from schemas.reject import Reject
from transforms.full_text import Entry
from transforms.parse.child import ParserChild, SourceBytes
from transforms.parse.item import Item, ItemReject, address
from transforms.read.containers import REJECTS, Container
from transforms.reject import build_reject


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """An item, its address, its original bytes and what the user said of it.

    `source` is `source_uri` without the record's number; `entry` is what a page was fetched for.
    """

    item: Item
    source: str
    source_uri: str
    raw: bytes
    outlet: str | None
    feed: str | None
    entry: Entry | None = None


def to_parsed(
    container: Container, results: list[Item | ItemReject], seen_at: dt.datetime, run_id: str
) -> Iterator[ParsedItem | Reject]:
    """The child's results for one container with their bytes and addresses."""
    wanted = _of_member(results, container.only_member)
    for result in _wanted(wanted, container.only_record):
        source = address(container.uri, result.member, None)
        source_uri = address(container.uri, result.member, result.record)
        raw = find_raw(container.bytes, result)
        if isinstance(result, Item):
            feed = container.uri if container.is_feed else None
            yield ParsedItem(
                result, source, source_uri, raw or b"", container.outlet, feed, container.entry
            )
        else:
            yield build_reject(
                stage="parse",
                reason=result.reason,
                message=f"{source_uri}: {result.message}",
                source_uri=source_uri,
                raw=raw,
                seen_at=seen_at,
                run_id=run_id,
                outlet=container.outlet,
            )


def find_raw(container: SourceBytes, result: Item | ItemReject) -> bytes | None:
    """The original bytes of a result; None for a member of an archive that was never unpacked."""
    is_container = result.member == container.context.member
    data = container.data if is_container and result.raw is None else result.raw
    if data is None or result.raw_span is None:
        return data
    return data[slice(*result.raw_span)]


def _of_member(results: list[Item | ItemReject], member: str | None) -> list[Item | ItemReject]:
    """All, or what a replay wants to know of one member of an archive that it read again."""
    if member is None:
        return results
    found = [result for result in results if result.member == member]
    gone = ItemReject(reason="not_found", message="the archive has it no more", member=member)
    return found or [gone]


def _wanted(results: list[Item | ItemReject], record: int | None) -> list[Item | ItemReject]:
    """All, or the record that a replay brings: by its number in a whole container, or alone."""
    if record is None:
        return results
    if len(results) == 1:
        return [replace(results[0], record=record)]
    return [result for result in results if result.record == record]


# The items of a NewsML message follow each other, each with the bytes of the whole message.
@functools.lru_cache(maxsize=1)
def raw_sha256(raw: bytes) -> str:
    """SHA-256 of a delivery's original bytes, hex."""
    return hashlib.sha256(raw).hexdigest()


# Children of this process that wait for the next chunk: a new one takes .4 s of CPU to import.
_idle: list[ParserChild] = []


def close_idle() -> None:
    """End the children that wait for another chunk."""
    while _idle:
        _idle.pop().close()


class _ParseBatch(beam.DoFn):
    def __init__(self, seen_at: dt.datetime, run_id: str) -> None:
        self.seen_at = seen_at
        self.run_id = run_id
        self.child: ParserChild | None = None

    def setup(self) -> None:
        try:
            self.child = _idle.pop()
        except IndexError:
            self.child = ParserChild()

    def teardown(self) -> None:
        if self.child is not None:
            _idle.append(self.child)
            self.child = None

    def process(self, containers: tuple[Container, ...]) -> Iterator[Any]:
        child = self.child or ParserChild()
        parsed = child.parse([container.bytes for container in containers])
        for container, results in zip(containers, parsed, strict=True):
            for result in to_parsed(container, results, self.seen_at, self.run_id):
                if isinstance(result, ParsedItem):
                    yield result
                else:
                    yield beam.pvalue.TaggedOutput(REJECTS, result)


@dataclass
class ParseContainers(beam.PTransform):
    """Batches of containers to items.

    Gives a tuple with `main` (`ParsedItem`) and `rejects` (`schemas.reject.Reject`).

    Attributes:
        seen_at: when the run began, UTC.
        run_id: the run.
    """

    seen_at: dt.datetime
    run_id: str

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, containers: beam.PCollection) -> Any:
        """Parse each batch in the bounded child."""
        return containers | "ParseBatch" >> beam.ParDo(
            _ParseBatch(self.seen_at, self.run_id)
        ).with_outputs(REJECTS, main="main")
