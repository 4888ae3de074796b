"""Files of this machine, cut into segments that a bundle can hold.

A folder is walked in order of names without following links. A large JSONL file is cut at line
ends, so that it is read by several workers and never held whole; everything else is one segment.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator

import orjson

from transforms.read.segment import BYTES_PER_DELIVERY, Segment, Source

SEGMENT_BYTES = 2 << 20
MAX_LINE = 8 << 20


def list_local(pattern: str) -> Iterator[str]:
    """Every path of a file, folder or pattern, in order; one that matches nothing is itself one."""
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


def segments_of(path: str, source: Source) -> Iterator[Segment]:
    """The segments of one path; what cannot be read is one with a problem."""
    uri = printable(path)
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


def printable(path: str) -> str:
    """The path as given; bytes of the name that are no UTF-8 stand as `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
