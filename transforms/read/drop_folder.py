"""Drop folders that are watched: which files are complete, and which of those are not taken in yet.

Nothing is moved or deleted: what was taken is remembered by a mark in the key state, over path,
size and times, so a file that is replaced, appended to or given other rights is taken again. A
folder of a million files is walked in batches, and only what one round takes is held.
"""

from __future__ import annotations

import datetime as dt
import glob
import heapq
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from schemas.ids import drop_mark
from transforms.read.local_files import printable, segments_of
from transforms.read.segment import Segment, Source

# Unchanged for so long, a file is complete.
SETTLE_SECONDS = 5.0
# Of one round: it is over in minutes, whatever lies in the folder.
FILES_PER_ROUND = 2_000
BYTES_PER_ROUND = 256 << 20
# What writers call a file until it is complete, and what editors leave.
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", "~")
_BATCH = 10_000


@dataclass(frozen=True, slots=True, order=True)
class DroppedFile:
    """A file to take in; sorts by `changed` (nanoseconds), so that the oldest comes first."""

    changed: int
    path: str
    size: int
    mark: str
    source: Source = field(compare=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one round takes, and how many complete files it leaves to the next."""

    files: tuple[DroppedFile, ...] = ()
    left: int = 0


def scan_drops(
    sources: Iterable[Source], now: dt.datetime, taken: Callable[[Sequence[str]], set[str]]
) -> Scan:
    """The oldest complete files that are not taken; `taken` gives those of some marks that are.

    A file is complete when nothing of it has changed for `SETTLE_SECONDS`. By the time of change,
    which no writer can set; one far in the future is another machine's clock, and is believed to be
    past. What cannot be looked at is "a file" too, once a day: reading it says why.
    """
    found: list[DroppedFile] = []
    waiting = 0
    for source in sources:
        candidates = (_look(path, source, now) for path in _paths(source.pattern))
        complete = (file for file in candidates if file is not None)
        while batch := list(islice(complete, _BATCH)):
            known = taken([file.mark for file in batch])
            new = [file for file in batch if file.mark not in known]
            waiting += len(new)
            found = heapq.nsmallest(FILES_PER_ROUND, [*found, *new])
    # A path that is reached by two sources is read once, as the first.
    unique = list({file.path: file for file in reversed(found)}.values())[::-1]
    waiting -= len(found) - len(unique)
    files = _fit(unique)
    return Scan(files, waiting - len(files))


def list_dropped(files: Iterable[DroppedFile]) -> Iterator[Segment]:
    """Their segments; what became of a file since it was looked at is found when it is read."""
    for file in files:
        yield from segments_of(file.path, file.source)


def _fit(files: Sequence[DroppedFile]) -> tuple[DroppedFile, ...]:
    """As many as one round takes by their bytes, one at least."""
    size = 0
    for number, file in enumerate(files):
        size += file.size
        if number and size > BYTES_PER_ROUND:
            return tuple(files[:number])
    return tuple(files)


def _paths(pattern: str) -> Iterator[str]:
    if os.path.lexists(pattern) or not glob.has_magic(pattern):
        roots: Iterable[str] = (pattern,)
    else:
        roots = glob.iglob(pattern, recursive=True)
    folders = []
    for root in roots:
        if os.path.isdir(root) and (root == pattern or not os.path.islink(root)):
            folders.append(root)
        else:
            yield root
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name.endswith(_UNFINISHED):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        yield entry.path
        except OSError:
            yield folder


def _look(path: str, source: Source, now: dt.datetime) -> DroppedFile | None:
    """None while it is being written."""
    shown = printable(path)
    try:
        stat = os.stat(path, follow_symlinks=path == source.pattern)
    except OSError:
        return DroppedFile(0, path, 0, drop_mark(shown, f"absent {now:%Y-%m-%d}"), source)
    if abs(now.timestamp() - stat.st_ctime) < SETTLE_SECONDS:
        return None
    signature = f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"
    return DroppedFile(stat.st_mtime_ns, path, stat.st_size, drop_mark(shown, signature), source)
