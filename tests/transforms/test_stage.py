"""`transforms/stage.py`: finished rows wait in blocks, and come back whole or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from schemas.catalog import BY_NAME
from schemas.definition import to_arrow
from tests.transforms.articles import article
from transforms.stage import StagedRows, read_block, write_blocks


def stage(folder: Path) -> list[StagedRows]:
    days = [dt.date(2024, 3, day) for day in (1, 2, 1)]
    rows = [article(name, date=day) for name, day in zip("abc", days, strict=True)]
    return write_blocks("articles", to_arrow(BY_NAME["articles"], rows), folder)


def test_each_partition_is_a_block_of_its_own(tmp_path: Path) -> None:
    first, second = stage(tmp_path)
    assert dict(first.partition)["date"] == "2024-03-01"
    assert read_block(first)["article_id"].to_pylist() == ["a", "c"]
    assert read_block(second)["article_id"].to_pylist() == ["b"]
    assert read_block(second).schema.equals(BY_NAME["articles"].schema)


@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_no_damage_is_read(tmp_path: Path, place: float) -> None:
    first, second = stage(tmp_path)
    path = Path(second.path)
    data = bytearray(path.read_bytes())
    data[second.offset + int(place * (second.size - 1))] ^= 1
    path.write_bytes(data)
    read_block(first)
    with pytest.raises(OSError, match="has changed since it was staged"):
        read_block(second)
