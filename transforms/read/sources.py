"""Which containers a run reads, cut into segments that a bundle can hold.

A folder is walked in order of names without following links. A large JSONL file is cut at line
ends, so that it is read by several workers and never held whole; everything else is one segment.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from transforms.urls import redact_url

SEGMENT_BYTES = 2 << 20
BATCH_BYTES = 1 << 20
BATCH_CONTAINERS = 64
# Only to plan chunks: deliveries of a container that is not JSONL are estimated by its size.
BYTES_PER_DELIVERY = 3_000
MAX_LINE = 8 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """What the user named: a path, folder, glob or Beam file-system URI, and what they said of it.

    `outlet` and `format` are `--outlet` and `--format`; `is_feed` for `--feed`.
    """

    pattern: str
    outlet: str | None = None
    format: str | None = None
    is_feed: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A container, or a stretch of lines of it: `length` bytes from `offset`, None for all.

    `uri` can be shown: printable, without secrets. `path` is what the operating system opens, or
    Beam's file systems where it holds `://`.
    `problem` is a reason of `schemas.reject.REASONS` that was found while listing. `counts` says
    whether this segment counts as a container (the first of each does). A replay brings the bytes
    themselves, in `data`, those of `member` where it was in an archive, and may want `only_record`
    of them, or `only_member` of an archive that it reads again. What was fetched lies at `path`,
    with the `charset` that HTTP declared; if it could not be, `message` says what happened.
    """

    uri: str
    source: Source
    path: str = ""
    offset: int = 0
    length: int | None = None
    first_record: int = 1
    deliveries: int = 1
    problem: str | None = None
    counts: bool = True
    data: bytes | None = None
    member: str | None = None
    only_record: int | None = None
    only_member: str | None = None
    charset: str | None = None
    message: str | None = None


def list_segments(sources: Iterable[Source]) -> Iterator[Segment]:
    """All segments of all sources, in a stable order."""
    for source in sources:
        if "://" in source.pattern:
            yield from _list_remote(source)
        else:
            for path in _list_local(source.pattern):
                yield from _segments_of(path, source)


def batch_segments(segments: Iterable[Segment]) -> Iterator[tuple[Segment, ...]]:
    """Small containers travel in batches: one message to the parsing child, not sixty."""
    batch: list[Segment] = []
    size = 0
    for segment in segments:
        weight = segment.length or segment.deliveries * BYTES_PER_DELIVERY
        if batch and (size + weight > BATCH_BYTES or len(batch) >= BATCH_CONTAINERS):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(segment)
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


def _list_local(pattern: str) -> Iterator[str]:
    if os.path.lexists(pattern):
        if os.path.isdir(pattern):
            yield from _walk(pattern)
        else:
            yield pattern
        return
    matches = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []
    if not matches:
        yield pattern
    for match in matches:
        yield from _walk(match) if os.path.isdir(match) else [match]


def _walk(folder: str) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        else:
            yield entry.path


def _segments_of(path: str, source: Source) -> Iterator[Segment]:
    uri = _printable(path)
    problem = _find_problem(path, named=path == source.pattern)
    if problem:
        yield Segment(uri, source, path, problem=problem)
        return
    size = os.stat(path).st_size
    if size > SEGMENT_BYTES and source.format in (None, "auto", "jsonl") and _is_jsonl(path):
        yield from _cut_lines(path, uri, source)
    else:
        yield Segment(uri, source, path, deliveries=max(1, size // BYTES_PER_DELIVERY))


def _find_problem(path: str, *, named: bool) -> str | None:
    """A path that the user named may be a link; one that lies in a folder may not (threats.md)."""
    try:
        mode = os.stat(path).st_mode if named else os.lstat(path).st_mode
    except FileNotFoundError:
        return "not_found" if not os.path.islink(path) else "not_regular"
    except PermissionError:
        return "permission_denied"
    except (OSError, ValueError):
        return "io_error"
    if stat.S_ISDIR(mode):
        return "permission_denied"  # an unreadable folder: readable ones were walked
    return None if stat.S_ISREG(mode) else "not_regular"


def _is_jsonl(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            line = file.readline(MAX_LINE)
    except OSError:
        return False
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _cut_lines(path: str, uri: str, source: Source) -> Iterator[Segment]:
    offset, record = 0, 1
    with open(path, "rb") as file:
        while data := file.read(SEGMENT_BYTES):
            data += file.readline()
            records = sum(1 for line in data.split(b"\n") if line.strip())
            yield Segment(
                uri, source, path, offset, len(data), record, max(1, records), counts=offset == 0
            )
            offset, record = offset + len(data), record + records


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


def _printable(path: str) -> str:
    """The path as given; bytes of the name that are no UTF-8 stand as `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
