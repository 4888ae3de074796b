"""What is wrong with a lake is seen, though its rows are read once for doctor and for the dump."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from chaos.damage import Damage, damaged, files_by_kind
from chaos.judge import Verdict, count_doubled, judge, read_dump
from tests.lake.builder import LakeBuilder, article, sighting


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A lake of two runs."""
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(article("a"), sighting(article("a")))
    builder.run(article("b"), sighting(article("b")))
    return builder.root


def test_a_lake_that_is_as_wanted_is_whole(root: Path) -> None:
    assert judge(root, read_dump(root)) == Verdict(0, 0, ())


def test_rows_are_missing_or_too_many(root: Path) -> None:
    wanted = read_dump(root)
    assert judge(root, [*wanted, "one more"]) == Verdict(1, 0, ())
    assert judge(root, wanted[1:]) == Verdict(0, 1, ())


def test_a_row_that_stands_twice_counts() -> None:
    rows = pa.table({"a": [1, 1, 2], "b": [["x"], ["x"], ["x"]]})
    assert count_doubled([rows, rows.slice(1)]) == 1


def test_rows_that_contradict_each_other_are_damage(tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(sighting(article("a")))
    [finding] = judge(builder.root, read_dump(builder.root)).damage
    assert finding.startswith("unknown_version: sightings")


def test_a_damaged_state_is_damage(root: Path) -> None:
    with damaged(root, Damage(files_by_kind(root)["keys"][0], "keys", 80, None)):
        assert judge(root, read_dump(root)).damage
