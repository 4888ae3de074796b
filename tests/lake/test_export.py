"""An export is plain folders with exactly the pinned rows, whole or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pytest

from lake.compact import compact
from lake.export import NotEmpty, export_parquet
from lake.tables import LakeDamaged
from schemas.catalog import TABLES
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of, sighting


@pytest.fixture
def two_days(builder: LakeBuilder) -> LakeBuilder:
    """Articles of two days and languages in three runs, one of them compacted away."""
    for name, day, language in (("a", 1, "fr"), ("b", 1, "fr"), ("c", 2, "ru")):
        version = article(name, published=at(day), language=language)
        builder.run(version, sighting(version))
    compact(builder.root)
    return builder


def expected(builder: LakeBuilder) -> list[tuple[Any, ...]]:
    return sorted(
        (row["version_id"], row["headline"], row["language"], row["date"])
        for row in builder.rows("articles")
    )


def read_duckdb(glob: str) -> list[tuple[Any, ...]]:
    sql = f"SELECT version_id, headline, language, date FROM read_parquet('{glob}') ORDER BY ALL"
    return duckdb.sql(sql).fetchall()


def read_polars(glob: str) -> list[tuple[Any, ...]]:
    frame = polars.read_parquet(glob, hive_partitioning=True)
    return sorted(frame.select("version_id", "headline", "language", "date").rows())


def read_pandas(glob: str) -> list[tuple[Any, ...]]:
    frame = pandas.read_parquet(glob.split("/**")[0])
    columns = [frame[name].astype(str) for name in ("version_id", "headline", "language", "date")]
    rows = zip(*columns, strict=True)
    return sorted((*row[:3], dt.date.fromisoformat(row[3])) for row in rows)


@pytest.mark.parametrize("read", [read_duckdb, read_polars, read_pandas])
def test_globs_read_the_pinned_rows(two_days: LakeBuilder, tmp_path: Path, read: Any) -> None:
    """Readers that know no Delta see each row once, with its partition columns."""
    export_parquet(two_days.snapshot, tmp_path / "out")
    rows = read(str(tmp_path / "out/articles/**/*.parquet"))
    assert rows == expected(two_days)
    assert len(rows) == 3


def test_a_half_committed_run_is_left_out(two_days: LakeBuilder, tmp_path: Path) -> None:
    """What a killed run has committed to one table already is not exported."""
    from lake.commit import commit_table, install

    before = expected(two_days)
    plan = two_days.plan(99, article("z"))
    install(two_days.lake, plan)
    commit_table(two_days.lake, plan, "articles")
    export_parquet(two_days.snapshot, tmp_path / "out")
    assert read_duckdb(str(tmp_path / "out/articles/**/*.parquet")) == before


def test_tables_and_days_can_be_chosen(two_days: LakeBuilder, tmp_path: Path) -> None:
    """Both ends are inclusive; only the tables that are named."""
    day = dt.date(2024, 5, 2)
    done = export_parquet(
        two_days.snapshot, tmp_path / "out", tables=["articles"], since=day, until=day
    )
    assert [(table.table, table.rows) for table in done] == [("articles", 1)]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["articles"]


@pytest.mark.parametrize(("until", "rows"), [("2024-04-30", 0), ("2024-05-01", 1), (None, 1)])
def test_months_are_chosen_whole(
    builder: LakeBuilder, tmp_path: Path, until: str | None, rows: int
) -> None:
    """A month that the time asked for touches comes whole."""
    kill = Control(
        uri="a", article_id=id_of("a"), kind="kill", source_uri="c", run_id="", month="2024-05"
    )
    builder.run(kill, control=1)
    last = dt.date.fromisoformat(until) if until else None
    done = {t.table: t for t in export_parquet(builder.snapshot, tmp_path / "out", until=last)}
    assert done["controls"].rows == rows


def test_every_table_has_its_folder(builder: LakeBuilder, tmp_path: Path) -> None:
    """Empty tables too, so that a script finds what it expects."""
    builder.run()
    export_parquet(builder.snapshot, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {table.name for table in TABLES}


def test_an_existing_folder_is_not_overwritten(two_days: LakeBuilder, tmp_path: Path) -> None:
    """Whatever stands there stays; an empty folder is taken."""
    (tmp_path / "out").mkdir()
    export_parquet(two_days.snapshot, tmp_path / "out")
    with pytest.raises(NotEmpty):
        export_parquet(two_days.snapshot, tmp_path / "out", tables=["runs"])
    assert (tmp_path / "out" / "articles").is_dir()


def test_damage_leaves_nothing_behind(two_days: LakeBuilder, tmp_path: Path) -> None:
    """No folder, whole or half, when a file is not what its name promises."""
    path = Path(two_days.snapshot.paths("articles")[-1])
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(LakeDamaged, match=path.name):
        export_parquet(two_days.snapshot, tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir()] == ["lake"]
