"""Which containers a run reads: all segments of its sources, in batches and chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from transforms.read.local_files import list_local, segments_of
from transforms.read.segment import BYTES_PER_DELIVERY, Segment, Source
from transforms.urls import redact_url

T = TypeVar("T")
BATCH_BYTES = 1 << 20
BATCH_CONTAINERS = 64


def list_segments(sources: Iterable[Source]) -> Iterator[Segment]:
    """All segments of all sources, in a stable order."""
    for source in sources:
        if "://" in source.pattern:
            yield from _list_remote(source)
        else:
            for path in list_local(source.pattern):
                yield from segments_of(path, source)


def batch_segments(segments: Iterable[Segment]) -> Iterator[tuple[Segment, ...]]:
    """Segments in batches; see `in_batches`."""
    return in_batches(segments, lambda segment: segment)


def in_batches(items: Iterable[T], segment_of: Callable[[T], Segment]) -> Iterator[tuple[T, ...]]:
    """Small containers travel in batches: one message to the parsing child, not sixty."""
    batch: list[T] = []
    size = 0
    for item in items:
        segment = segment_of(item)
        weight = segment.length or segment.deliveries * BYTES_PER_DELIVERY
        if batch and (size + weight > BATCH_BYTES or len(batch) >= BATCH_CONTAINERS):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(item)
        size += weight
    if batch:
        yield tuple(batch)


def chunk_batches(
    batches: Iterable[tuple[Segment, ...]], deliveries: int
) -> Iterator[list[tuple[Segment, ...]]]:
    """Chunks of about `deliveries` items, each of which is one pipeline."""
    chunk: list[tuple[Segment, ...]] = []
    size = 0
    for batch in batches:
        chunk.append(batch)
        size += sum(segment.deliveries for segment in batch)
        if size >= deliveries:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _list_remote(source: Source) -> Iterator[Segment]:
    from apache_beam.io.filesystem import BeamIOError
    from apache_beam.io.filesystems import FileSystems

    pattern = source.pattern.rstrip("/") + "/**" if source.pattern.endswith("/") else source.pattern
    try:
        (match,) = FileSystems.match([pattern])
    except (BeamIOError, ValueError):
        yield Segment(redact_url(source.pattern), source, problem="not_found")
        return
    if not match.metadata_list:
        yield Segment(redact_url(source.pattern), source, problem="not_found")
    for found in sorted(match.metadata_list, key=lambda metadata: metadata.path):
        deliveries = max(1, found.size_in_bytes // BYTES_PER_DELIVERY)
        yield Segment(redact_url(found.path), source, found.path, deliveries=deliveries)
