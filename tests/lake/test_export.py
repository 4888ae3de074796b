"""An export is plain folders with exactly the pinned rows, whole or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow.dataset as ds
import pytest

from lake.compact import compact
from lake.export import NotEmpty, export_parquet
from lake.tables import LakeDamaged
from schemas.catalog import TABLES
from schemas.control import Control
from schemas.quote import Quote
from tests.lake.builder import LakeBuilder, article, at, id_of, link, place, sighting


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
    assert [(table.table, table.rows) for table in done.tables] == [("articles", 1)]
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
    done = export_parquet(builder.snapshot, tmp_path / "out", until=last)
    assert {table.table: table.rows for table in done.tables}["controls"] == rows


@pytest.fixture
def with_embargo(two_days: LakeBuilder) -> LakeBuilder:
    """Beside the others of its day and month an article until day 9, and one until day 3."""
    rows = []
    for name, until in (("secret", 9), ("over", 3)):
        one = article(name, published=at(1), language="fr", embargoed=at(until))
        kill = Control(
            uri=name, article_id=one.article_id, kind="correction", reason=f"Of {name}",
            source_uri="c", run_id="", month="2024-05",
        )  # fmt: skip
        quote = Quote(
            article_id=one.article_id, version_id=one.version_id, field="body_text", start=0,
            end=4, text="Body", quote_key="a" * 32, date=one.date,
        )  # fmt: skip
        ends = {"to_article_id": one.article_id, "to_version_id": one.version_id}
        ours = {"from_article_id": id_of("kept"), "from_version_id": id_of("kept 1")}
        linked = [link("a", "b", **ours, **ends)]
        if name == "secret":
            ends = {"from_article_id": one.article_id, "from_version_id": one.version_id}
            linked.append(link("a", "b", **ends))
        rows += [one, sighting(one), place(one, "Paris"), kill, quote, *linked]
    two_days.run(*rows, control=2)
    compact(two_days.root)
    return two_days


def files_of(folder: Path) -> dict[str, bytes]:
    found = folder.rglob("*.parquet")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def rows_of(folder: Path) -> list[dict[str, Any]]:
    if not files_of(folder):
        return []
    rows: list[dict[str, Any]] = ds.dataset(folder, partitioning="hive").to_table().to_pylist()
    return rows


def test_what_is_under_embargo_is_left_out_with_all_that_is_known_of_it(
    with_embargo: LakeBuilder, tmp_path: Path
) -> None:
    """No row of any table has its id; the rows beside it stay, and so do untouched files."""
    whole, part = tmp_path / "whole", tmp_path / "part"
    export_parquet(with_embargo.snapshot, whole)
    done = export_parquet(with_embargo.snapshot, part, embargo_at=at(5))
    assert done.left_out == 1
    counted = {table.table: table.rows for table in done.tables}
    for table in TABLES:
        before, after = (rows_of(folder / table.name) for folder in (whole, part))
        kept = [
            row
            for row in before
            if id_of("secret") not in (row.get(f"{end}article_id") for end in ("", "from_", "to_"))
        ]
        assert sorted(map(str, after)) == sorted(map(str, kept)), table.name
        assert counted[table.name] == len(after), table.name
    assert files_of(whole / "runs") == files_of(part / "runs")
    untouched = files_of(whole).items() & files_of(part).items()
    assert any("date=2024-05-02" in name for name, _ in untouched)


@pytest.mark.parametrize(("day", "left_out"), [(2, 2), (5, 1), (9, 0)])
def test_an_embargo_ends_at_its_time(
    with_embargo: LakeBuilder, tmp_path: Path, day: int, left_out: int
) -> None:
    """At that moment the article is in the export, and every file is a plain copy again."""
    export_parquet(with_embargo.snapshot, tmp_path / "whole")
    done = export_parquet(with_embargo.snapshot, tmp_path / "out", embargo_at=at(day))
    assert done.left_out == left_out
    same = files_of(tmp_path / "whole") == files_of(tmp_path / "out")
    assert same is (left_out == 0)


def test_a_file_of_nothing_else_is_not_written(builder: LakeBuilder, tmp_path: Path) -> None:
    """A day that is all under embargo has no file, and damage is found in what is left out too."""
    builder.run(article("secret", embargoed=at(9)))
    done = export_parquet(builder.snapshot, tmp_path / "out", embargo_at=at(5))
    assert {table.table: table.files for table in done.tables}["articles"] == 0
    assert not files_of(tmp_path / "out" / "articles")
    path = Path(builder.snapshot.paths("articles")[0])
    path.write_bytes(path.read_bytes() + b"?")
    with pytest.raises(LakeDamaged, match=path.name):
        export_parquet(builder.snapshot, tmp_path / "other", embargo_at=at(5))


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
