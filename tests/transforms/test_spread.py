"""`transforms/spread.py`, `pipeline/chunks.py`: each delivery lies in a file of its own chunk."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.chunks import batch_files, plan_chunks
from tests.lake.road import deliver
from transforms.spread import Chunk, spread
from transforms.stage import StagedFile, write_deliveries
from transforms.staged import blocks_in, outlet_bucket, sighted_of

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


def read(files: list[StagedFile]) -> list[dict[str, object]]:
    tables = [pq.read_table(file.path) for file in files]
    return pa.concat_tables(tables).sort_by("guid").to_pylist()


def spread_all(
    staged: list[StagedFile], chunks: list[Chunk], folder: Path
) -> dict[int, list[StagedFile]]:
    found: dict[int, list[StagedFile]] = defaultdict(list)
    for batch in batch_files(staged):
        for number, file in spread(batch, chunks, folder):
            found[number].append(file)
    return found


@pytest.mark.parametrize("size", [1, 10, 40, 1_000])
def test_every_delivery_lies_once_in_the_chunk_of_its_day_and_outlet(
    tmp_path: Path, staged: list[StagedFile], size: int
) -> None:
    chunks = list(plan_chunks(staged, size))
    before = read(staged)
    found = spread_all(staged, chunks, tmp_path / "chunks")
    assert sorted(found) == list(range(len(chunks)))
    assert read([file for files in found.values() for file in files]) == before
    for number, files in found.items():
        (first, last), (low, high) = chunks[number].days, chunks[number].buckets
        for row in read(files):
            assert first <= row["date"].toordinal() <= last  # type: ignore[attr-defined]
            assert low <= outlet_bucket(str(row["outlet"])) <= high
        counted = dict(day for file in files for day in file.days)
        assert sum(counted.values()) == len(read(files))


def test_no_outlet_of_a_day_is_in_two_chunks(tmp_path: Path, staged: list[StagedFile]) -> None:
    chunks = list(plan_chunks(staged, 10))
    cut = [chunk for chunk in chunks if chunk.buckets != (0, 255)]
    assert len(cut) > 2
    seen: dict[tuple[object, object], int] = {}
    for number, files in spread_all(staged, chunks, tmp_path / "chunks").items():
        for row in read(files):
            assert seen.setdefault((row["date"], row["outlet"]), number) == number


def test_batches_are_as_large_as_memory_allows(
    staged: list[StagedFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = sorted(file.path for file in staged)
    assert list(batch_files(staged)) == [tuple(paths)]
    monkeypatch.setattr("pipeline.chunks.BYTES_AT_ONCE", 1)
    assert list(batch_files(staged)) == [(path,) for path in paths]


def test_what_is_spread_is_identified_as_what_was_staged(
    tmp_path: Path, staged: list[StagedFile]
) -> None:
    def sighted(files: list[StagedFile]) -> list[tuple[object, ...]]:
        blocks = [block for file in files for _, block in blocks_in(file.path)]
        found = [one for block in blocks for one in sighted_of(block)]
        return sorted((one.outlet, str(one.keys), one.day, one.content_hash) for one in found)

    before = sighted(staged)
    found = spread_all(staged, list(plan_chunks(staged, 10)), tmp_path / "chunks")
    assert sighted([file for files in found.values() for file in files]) == before


def test_no_damage_is_spread(tmp_path: Path, staged: list[StagedFile]) -> None:
    path = Path(staged[0].path)
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(OSError, match="CRC checksum"):
        spread_all(staged, list(plan_chunks(staged, 10)), tmp_path / "chunks")
