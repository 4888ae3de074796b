"""The canonical dump says what a lake holds, not how or when it came there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lake.compact import compact
from lake.dump import dump_connected, dump_lines
from lake.views import connect_rows
from schemas.article_alias import ArticleAlias
from schemas.catalog import TABLES
from tests.lake.builder import LakeBuilder, article, at, id_of, place, sighting


def dump(builder: LakeBuilder) -> list[str]:
    return list(dump_lines(builder.snapshot))


def section(builder: LakeBuilder, table: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in dump(builder)]
    return [row for row in rows if row.pop("table") == table]


def test_runs_and_files_do_not_show(tmp_path: Path) -> None:
    """One run, or three in another order and then compacted: the same dump."""
    first, second = article("a", published=at(1)), article("b", published=at(2))
    rows = [first, second, sighting(first), sighting(second), place(first, "Paris")]
    one, three = LakeBuilder(tmp_path / "one"), LakeBuilder(tmp_path / "three")
    one.run(*rows)
    for row in (rows[:2][::-1], rows[3:], [rows[2]]):
        three.run(*row)
    compact(three.root)
    assert dump(one) == dump(three)
    assert len(dump(one)) == 5


def test_rows_in_memory_have_the_dump_of_the_files(builder: LakeBuilder) -> None:
    """As `make chaos` asks: every table and view over rows that are read once."""
    old, new = article("a", published=at(1)), article("b", published=at(2))
    builder.run(old, new, sighting(old), sighting(new), place(old, "Paris"))
    pinned = builder.snapshot
    rows = {table.name: pinned.read(table.name) for table in TABLES}
    with connect_rows(rows) as connection:
        assert list(dump_connected(connection)) == dump(builder)


def test_arrival_does_not_show(tmp_path: Path) -> None:
    """First sight, run and the delivery that happened to be the first leave no trace."""
    one, other = LakeBuilder(tmp_path / "one"), LakeBuilder(tmp_path / "other")
    one.run(article("a", published=None))
    other.run(
        article("a", published=None, first_seen=at(9), date=at(9).date(), raw_sha256="0" * 64,
                source_uri="elsewhere#7")
    )  # fmt: skip
    assert dump(one) == dump(other)


def test_a_text_shows(tmp_path: Path) -> None:
    """Two lakes that differ in one word have different dumps."""
    one, other = LakeBuilder(tmp_path / "one"), LakeBuilder(tmp_path / "other")
    one.run(article("a", ednote="first"))
    other.run(article("a", ednote="second"))
    assert dump(one) != dump(other)


def test_sightings_are_a_set(builder: LakeBuilder) -> None:
    """The same version in the same source twice is one line."""
    version = article("a")
    builder.run(version, sighting(version), sighting(version, "other.xml"))
    builder.run(sighting(version, deliveries=4))
    assert [row["source_uri"] for row in section(builder, "sightings")] == ["feed.xml", "other.xml"]


def test_only_current_articles_but_all_mentions(builder: LakeBuilder) -> None:
    """The current version of an article; mentions of every version, under the resolved id."""
    old, new = article("a", published=at(1)), article("b", published=at(2))
    joined = ArticleAlias(
        article_id=new.article_id, alias_of=old.article_id, reason="url", run_id="", month="2024-05"
    )
    builder.run(old, new, place(old, "Paris"), place(new, "Paris"), joined)
    assert [(r["headline"], r["article_id"]) for r in section(builder, "articles")] == [
        ("Headline of b 1", id_of("a"))
    ]
    assert {row["article_id"] for row in section(builder, "entities")} == {id_of("a")}
    assert len(section(builder, "entities")) == 2


def test_a_stated_date_shows_and_a_sighted_one_does_not(builder: LakeBuilder) -> None:
    """`date` is dumped only where it comes from `published`."""
    builder.run(article("a", published=at(3)), article("b", published=None))
    assert {row["headline"]: row["date"] for row in section(builder, "articles")} == {
        "Headline of a 1": "2024-05-03",
        "Headline of b 1": None,
    }
