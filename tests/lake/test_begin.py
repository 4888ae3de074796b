"""How a writer begins: its number is above all that the lake has, and what it leaves is litter."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.begin import begin_run
from tests.lake.builder import LakeBuilder, article


def test_numbers_go_on_from_the_lake_where_those_of_the_lease_are_lost(
    builder: LakeBuilder,
) -> None:
    for name in ("one", "two"):
        builder.run(article(name))
    newest = builder.snapshot.sequence
    (builder.root / "_state" / "lease.json").unlink()
    with begin_run(builder.root, "run", wait_seconds=0.0) as begun:
        assert begun.sequence == newest + 1
        assert begun.pinned.sequence == newest


def test_a_lake_is_made_where_there_is_none(tmp_path: Path) -> None:
    with begin_run(tmp_path / "lake", "run", wait_seconds=0.0) as begun:
        assert (begun.sequence, begun.pinned.sequence, begun.rolled_forward) == (1, 0, ())


def test_what_was_staged_goes_with_a_run_that_fails(builder: LakeBuilder) -> None:
    staged: list[Path] = []

    def fail() -> None:
        with begin_run(builder.root, "run", wait_seconds=0.0) as begun:
            staged.append(begun.staging)
            begun.staging.mkdir(parents=True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not staged[0].exists()
