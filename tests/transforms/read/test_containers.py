"""Reading: good files land, everything else is a reject that a person understands."""

from __future__ import annotations

import datetime as dt
import os
import socket
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.reject import Reject
from transforms.read.containers import MAX_CONTAINER, ReadContainers, Unreadable, read_segment
from transforms.read.local_files import SEGMENT_BYTES
from transforms.read.segment import Segment, Source
from transforms.read.sources import batch_segments, chunk_batches, list_segments

SEEN = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)


def segments(pattern: Path | str) -> list[Segment]:
    return list(list_segments([Source(str(pattern))]))


def reason(segment: Segment) -> str | None:
    try:
        read_segment(segment)
    except Unreadable as problem:
        return problem.reason
    return None


def test_good_files_land_beside_bad_ones(tmp_path: Path) -> None:
    """One batch with good and bad: containers on one output, rejects on the other."""
    (tmp_path / "good.txt").write_bytes(b"words")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "broken").symlink_to("nowhere")
    batch = tuple(segments(tmp_path))

    def containers(found: list[Any]) -> None:
        assert [(c.bytes.data, Path(c.uri).name) for t in found for c in t] == [
            (b"words", "good.txt")
        ]

    with TestPipeline(runner=FnApiRunner()) as pipeline:
        read = pipeline | beam.Create([batch]) | ReadContainers(SEEN, "run")
        assert_that(read.main, containers, label="containers")
        told = read.rejects | beam.Map(lambda r: (Path(r.source_uri).name, r.stage, r.reason))
        expected = [(name, "read", "not_regular") for name in ("pipe", "link", "broken")]
        assert_that(told, equal_to(expected), label="rejects")
        whole = read.rejects | "Whole" >> beam.Map(lambda r: (isinstance(r, Reject), r.month))
        assert_that(whole, equal_to([(True, "2024-03")] * 3), label="whole")


def test_fifo_that_takes_a_files_place_does_not_block(tmp_path: Path) -> None:
    """Listed as a file, replaced by a FIFO before it is opened."""
    path = tmp_path / "file"
    path.write_bytes(b"x")
    (segment,) = segments(path)
    path.unlink()
    os.mkfifo(path)
    assert reason(segment) == "not_regular"


def test_socket_is_no_file(tmp_path: Path) -> None:
    """A socket in a drop folder is named, not opened."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert [s.problem for s in segments(tmp_path)] == ["not_regular"]


@pytest.mark.parametrize("pattern", ["missing.xml", "*.nothing"])
def test_what_is_not_there_is_named(pattern: str, tmp_path: Path) -> None:
    """A path that does not exist and a glob without match are rejects, not silence."""
    assert [s.problem for s in segments(tmp_path / pattern)] == ["not_found"]


def test_too_large_keeps_its_first_bytes(tmp_path: Path) -> None:
    """A container above the limit is read no further, and its head is kept."""
    path = tmp_path / "huge.bin"
    with open(path, "wb") as file:
        file.write(b"head")
        file.truncate(MAX_CONTAINER + 1)
    (segment,) = segments(path)
    with pytest.raises(Unreadable) as problem:
        read_segment(segment)
    assert problem.value.reason == "too_large"
    assert (problem.value.head or b"")[:4] == b"head"


def test_walk_is_sorted_and_follows_no_links(tmp_path: Path) -> None:
    """Stable order; a link to a folder is a reject and not a way out of the drop folder."""
    for name in ("b/2.txt", "a/1.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "out").symlink_to("/etc")
    found = [(Path(s.uri).name, s.problem) for s in segments(tmp_path)]
    assert found == [("1.txt", None), ("2.txt", None), ("c.txt", None), ("out", "not_regular")]


def test_name_that_is_no_utf8_is_read_and_printable(tmp_path: Path) -> None:
    """Names are bytes; what is stored of them is text."""
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
    Path(os.fsdecode(path)).write_bytes(b"ok")
    (segment,) = segments(tmp_path)
    assert segment.uri.endswith("caf\\xe9\n.txt")
    assert read_segment(segment) == b"ok"


@pytest.fixture
def large(tmp_path: Path) -> tuple[Path, list[bytes]]:
    lines = [b'{"headline": "%d", "pad": "%s"}' % (i, b"x" * 5_000) for i in range(1_500)]
    lines[3] = b""
    path = tmp_path / "large.jsonl"
    path.write_bytes(b"\n".join(lines))
    return path, lines


def test_large_jsonl_is_cut_at_line_ends(large: tuple[Path, list[bytes]]) -> None:
    """The stretches join to the file, number its records, and count as one container."""
    path, lines = large
    found = segments(path)
    assert len(found) > 2
    assert b"".join(map(read_segment, found)) == path.read_bytes()
    assert all(len(read_segment(s)) <= SEGMENT_BYTES + 6_000 for s in found)
    records = [s.deliveries for s in found]
    assert sum(records) == len(lines) - 1
    assert [s.first_record for s in found] == [1 + sum(records[:i]) for i in range(len(found))]
    assert [s.counts for s in found] == [True] + [False] * (len(found) - 1)


def test_batches_and_chunks_keep_every_segment_in_order(tmp_path: Path) -> None:
    """Batches are bounded; chunks hold about as many deliveries as asked."""
    listed = [Segment(str(i), Source("x"), deliveries=i % 7 + 1) for i in range(500)]
    batches = list(batch_segments(listed))
    assert [s for batch in batches for s in batch] == listed
    assert max(map(len, batches)) <= 64
    chunks = list(chunk_batches(batches, 200))
    assert [batch for chunk in chunks for batch in chunk] == batches
    assert len(chunks) > 3
