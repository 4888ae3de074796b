"""Replay: the rejects of the lake go through the pipeline again, from their original bytes.

A reject is open until a replay has taken it up; one that fails again is a new row of that replay,
and so open for the next. Rejects without bytes (a file that could not be opened, a member of an
archive that could not be unpacked) are read again from where they lay; an address that could not be
fetched is left to its next poll, which is due when its host allows, and so is the page of an entry;
what a tombstone keeps out stays out.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from lake.hashes import hash_file
from lake.tables import Snapshot
from transforms.parse import feed, html_page, jsonl, plaintext
from transforms.parse.gunzip import is_gzip
from transforms.parse.item import ItemReject
from transforms.parse.sniff import HEAD_BYTES, choose_reader
from transforms.read.containers import MAX_CONTAINER
from transforms.read.segment import Segment, Source
from transforms.read.sources import list_segments
from transforms.reject import source_of
from transforms.write import RejectKey

COMMAND = "replay"
_IDENTITY = ["reason", "source_uri", "raw_sha256", "run_id"]


def open_rejects(pinned: Snapshot) -> Iterator[dict[str, Any]]:
    """The rejects that no replay has taken up yet, one per address and bytes, in order."""
    seen = set()
    for row in _open_rows(pinned, [*_IDENTITY, "raw", "raw_uri", "outlet"]):
        key = (row["source_uri"], row["raw_sha256"])
        if row["reason"] != "forgotten" and key not in seen:
            seen.add(key)
            yield row


def standing_rejects(pinned: Snapshot) -> frozenset[RejectKey]:
    """What has its row already and waits for a replay; met again, it is counted, not written.

    A feed with one bad entry, polled for a month, has one row to look at and not ten thousand.
    """
    rows = _open_rows(pinned, _IDENTITY)
    return frozenset((row["source_uri"], row["reason"], row["raw_sha256"]) for row in rows)


def _open_rows(pinned: Snapshot, columns: list[str]) -> Iterator[dict[str, Any]]:
    runs = pinned.read("runs", ["run_id", "sequence", "command"]).to_pylist()
    sequences = {run["run_id"]: run["sequence"] for run in runs}
    last_replay = max((run["sequence"] for run in runs if run["command"] == COMMAND), default=0)
    for row in pinned.read("rejects", columns).sort_by("source_uri").to_pylist():
        if sequences.get(row["run_id"], 0) >= last_replay:
            yield row


def replay_segments(rejects: Iterator[dict[str, Any]]) -> Iterator[Segment]:
    """What to read for each reject: the bytes that were kept, or the source once more."""
    for reject in rejects:
        container, member = split_member(source_of(reject["source_uri"]))
        source = Source(container, reject["outlet"], None)
        if reject["raw"] is not None and reject["raw_uri"] is None:
            if not _is_page_of_entry(container, reject["raw"]):
                yield _kept(reject, source, member, reject["raw"])
        elif container.startswith(("http://", "https://")):
            continue
        elif member is not None:
            yield from _read_member(reject, source, member)
        else:
            yield from _read_again(reject, source)


def _is_page_of_entry(container: str, raw: bytes) -> bool:
    """A page that was fetched for an entry is nothing without it, and is asked for again with it.

    In a feed's own place a page is refused before its bytes are kept (`no_feed`).
    """
    reader = choose_reader(raw[:HEAD_BYTES], container)
    is_page = not isinstance(reader, ItemReject) and reader.FORMAT == html_page.FORMAT
    return is_page and container.startswith(("http://", "https://"))


def split_member(source: str) -> tuple[str, str | None]:
    """Container and member of an address; a file whose own name holds `!` is told by being there.

    Where neither lies there any more, the first `!` ends the container.
    """
    parts = source.split("!")
    splits = [("!".join(parts[:n]), "!".join(parts[n:])) for n in range(1, len(parts))]
    if not splits or os.path.lexists(source):
        return source, None
    return next((split for split in splits if os.path.isfile(split[0])), splits[0])


def _kept(reject: Mapping[str, Any], source: Source, member: str | None, raw: bytes) -> Segment:
    record = _record_of(reject["source_uri"])
    if record is not None:
        source = dataclasses.replace(source, format=find_record_format(raw))
    return Segment(source.pattern, source, data=raw, member=member, only_record=record)


def _read_member(reject: Mapping[str, Any], source: Source, member: str) -> Iterator[Segment]:
    """The archive as it lies there now, of which only this member is wanted.

    Its members are never unpacked here, so nothing says whether it is still the same.
    """
    record = _record_of(reject["source_uri"])
    for segment in list_segments([source]):
        yield dataclasses.replace(segment, only_member=member, only_record=record)


def find_record_format(raw: bytes) -> str | None:
    """The format to read the bytes of a rejected record as; None if they say it themselves.

    They may be the record's own, of a feed or of JSON lines, or its whole container's (an array, a
    feed, anything packed). No record is plain text: what looks like it is a line that is no JSON.
    """
    reader = choose_reader(raw[:HEAD_BYTES], "record")
    if is_gzip(raw) or not (isinstance(reader, ItemReject) or reader.FORMAT == plaintext.FORMAT):
        return None
    return feed.FORMAT if raw.lstrip().startswith(b"<") else jsonl.FORMAT


def _read_again(reject: Mapping[str, Any], source: Source) -> Iterator[Segment]:
    """The container as it lies there now; a changed one only if no bytes were kept at all."""
    record, sha256 = _record_of(reject["source_uri"]), reject["raw_sha256"]
    for segment in list_segments([source]):
        if sha256 is None or _sha256(segment) == sha256:
            yield dataclasses.replace(segment, only_record=record)
        elif record is not None and (line := _find_line(segment, sha256)) is not None:
            yield _kept(reject, source, None, line)
        else:
            yield dataclasses.replace(segment, problem="not_found")


def _sha256(segment: Segment) -> str | None:
    try:
        return hash_file(segment.path)
    except OSError:
        return None


def _find_line(segment: Segment, sha256: str) -> bytes | None:
    """The record of a JSONL file that has this hash, wherever it stands by now."""
    try:
        with open(segment.path, "rb") as file:
            lines = (line.strip() for line in iter(lambda: file.readline(MAX_CONTAINER), b""))
            return next((li for li in lines if hashlib.sha256(li).hexdigest() == sha256), None)
    except OSError:
        return None


def _record_of(source_uri: str) -> int | None:
    base = source_of(source_uri)
    return int(source_uri[len(base) + 1 :]) if base != source_uri else None
