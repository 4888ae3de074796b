"""Which days are told once more, because the articles of a stream's windows came untold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from lake.compact import compact
from lake.forget import Selection, forget
from pipeline.story_tasks import untold_places
from tests.lake.builder import LakeBuilder, article, at, id_of

TOLD: Mapping[str, bool | None] = {"stories_told": True}
UNTOLD: Mapping[str, bool | None] = {"stories_told": False}
OLDER: Mapping[str, bool | None] = {"stories_told": None}


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    """An empty lake to fill."""
    return LakeBuilder(tmp_path / "lake")


def may(*days: int) -> set[tuple[str, dt.date]]:
    return {("en", dt.date(2024, 5, day)) for day in days}


def write(builder: LakeBuilder, name: str, day: int, told: Mapping[str, bool | None]) -> None:
    builder.run(article(name, published=at(day)), **told)


def test_days_since_the_last_run_that_told(builder: LakeBuilder) -> None:
    """Those of runs before it are told, also where a run did not say so as yet."""
    write(builder, "a", 1, OLDER)
    assert untold_places(builder.snapshot) == set()
    write(builder, "b", 2, UNTOLD)
    assert untold_places(builder.snapshot) == may(2)
    write(builder, "c", 3, TOLD)
    assert untold_places(builder.snapshot) == set()
    write(builder, "d", 4, UNTOLD)
    write(builder, "e", 5, UNTOLD)
    assert untold_places(builder.snapshot) == may(4, 5)


def test_a_lake_that_was_never_told(builder: LakeBuilder) -> None:
    write(builder, "a", 1, UNTOLD)
    assert untold_places(builder.snapshot) == may(1)


def test_a_compaction_tells_nothing_and_brings_nothing(builder: LakeBuilder) -> None:
    """A stream merges its small files itself, between two windows."""
    for name in "ab":
        write(builder, name, 1, TOLD)
    for name in "cd":
        write(builder, name, 2, UNTOLD)
    assert compact(builder.root).partitions == 3  # two days, and the runs
    assert untold_places(builder.snapshot) == may(2)
    write(builder, "e", 3, UNTOLD)
    assert untold_places(builder.snapshot) == may(2, 3)
    write(builder, "f", 4, TOLD)
    assert untold_places(builder.snapshot) == set()


def test_a_day_that_is_forgotten_is_not_told(builder: LakeBuilder) -> None:
    """There is no file of it any more."""
    write(builder, "a", 1, TOLD)
    write(builder, "b", 2, UNTOLD)
    forget(builder.root, Selection(article_ids=(id_of("b"),)))
    assert builder.rows("articles")[0]["date"] == dt.date(2024, 5, 1)
    assert untold_places(builder.snapshot) == set()
