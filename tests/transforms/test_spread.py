"""`transforms/spread.py`, `pipeline/chunks.py`: each delivery lies in a file of its own chunk."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.chunks import BYTES_AT_ONCE, batch_files, plan_chunks
from tests.lake.road import deliver
from transforms.spread import Chunk, outlet_bucket, spread
from transforms.stage import StagedFile, write_deliveries
from transforms.staged import blocks_in, sighted_of

FIRST = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
OUTLETS = [f"outlet{number}.example" for number in range(7)]


@pytest.fixture
def staged(tmp_path: Path) -> list[StagedFile]:
    """Three files, each with deliveries of nine days in disorder; the fifth day has most."""
    chance = random.Random(1)
    days = [chance.choice([*range(9), 4, 4, 4, 4]) for _ in range(150)]
    deliveries = [
        deliver(
            {
                "outlet": chance.choice(OUTLETS),
                "guid": str(number),
                "headline": f"The {number}th article",
                "published": (FIRST + dt.timedelta(days=day)).isoformat(),
            },
            "run",
        )
        for number, day in enumerate(days)
    ]
    return [write_deliveries(deliveries[n : n + 50], tmp_path / "staged") for n in (0, 50, 100)]


def read(paths: list[str]) -> list[dict[str, object]]:
    tables = [pq.read_table(path) for path in paths]
    return pa.concat_tables(tables).sort_by("guid").to_pylist()


def paths_of(staged: list[StagedFile]) -> list[str]:
    return [file.path for file in staged]


def spread_all(staged: list[StagedFile], chunks: list[Chunk], folder: Path) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for batch in batch_files(staged):
        for number, path in spread(batch, chunks, folder):
            found[number].append(path)
    return found


@pytest.mark.parametrize("size", [1, 10, 40, 1_000])
def test_every_delivery_lies_once_in_the_chunk_of_its_day_and_outlet(
    tmp_path: Path, staged: list[StagedFile], size: int
) -> None:
    chunks = list(plan_chunks(staged, size))
    before = read(paths_of(staged))
    found = spread_all(staged, chunks, tmp_path / "chunks")
    assert sorted(found) == list(range(len(chunks)))
    assert read([path for paths in found.values() for path in paths]) == before
    for number, paths in found.items():
        (first, last), (low, high) = chunks[number].days, chunks[number].buckets
        for row in read(paths):
            assert first <= row["date"].toordinal() <= last  # type: ignore[attr-defined]
            assert low <= outlet_bucket(str(row["outlet"])) <= high


def test_no_outlet_of_a_day_is_in_two_chunks(tmp_path: Path, staged: list[StagedFile]) -> None:
    chunks = list(plan_chunks(staged, 10))
    cut = [chunk for chunk in chunks if chunk.buckets != (0, 255)]
    assert len(cut) > 2
    seen: dict[tuple[object, object], int] = {}
    for number, paths in spread_all(staged, chunks, tmp_path / "chunks").items():
        for row in read(paths):
            assert seen.setdefault((row["date"], row["outlet"]), number) == number


def test_batches_are_as_large_as_memory_allows(tmp_path: Path) -> None:
    """By what rows take in memory: on the disk a body that repeats takes next to nothing."""
    body = "Sorry. " * 150_000
    again = [deliver({"headline": f"Page {n}", "body_text": body}, "run") for n in range(15)]
    staged = [write_deliveries(again, tmp_path) for _ in range(6)]
    assert sum(Path(file.path).stat().st_size for file in staged) < 1 << 20
    batches = list(batch_files(staged))
    assert [len(batch) for batch in batches] == [4, 2]
    held = [sum(pq.read_table(path).nbytes for path in batch) for batch in batches]
    assert held[0] <= BYTES_AT_ONCE < held[0] + held[1] / 2


def test_files_of_the_same_days_are_in_one_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [
        {"headline": "a", "published": f"2024-05-0{day}T12:00:00Z"} for day in (3, 1, 2, 1, 3, 2)
    ]
    staged = [write_deliveries([deliver(record, "run")], tmp_path) for record in records]
    monkeypatch.setattr("pipeline.chunks.BYTES_AT_ONCE", 2 * staged[0].bytes)
    days = {file.path: file.days[0][0] for file in staged}
    found = [[days[path] for path in batch] for batch in batch_files(staged)]
    assert all(len(batch) == 2 and len(set(batch)) == 1 for batch in found)
    assert found == sorted(found)


def test_what_is_spread_is_identified_as_what_was_staged(
    tmp_path: Path, staged: list[StagedFile]
) -> None:
    def sighted(paths: list[str]) -> list[tuple[object, ...]]:
        blocks = [block for path in paths for _, block in blocks_in(path)]
        found = [one for block in blocks for one in sighted_of(block)]
        return sorted((one.outlet, str(one.keys), one.day, one.content_hash) for one in found)

    before = sighted(paths_of(staged))
    found = spread_all(staged, list(plan_chunks(staged, 10)), tmp_path / "chunks")
    assert sighted([path for paths in found.values() for path in paths]) == before


def test_no_damage_is_spread(tmp_path: Path, staged: list[StagedFile]) -> None:
    path = Path(staged[0].path)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match="CRC checksum"):
        spread_all(staged, list(plan_chunks(staged, 10)), tmp_path / "chunks")
