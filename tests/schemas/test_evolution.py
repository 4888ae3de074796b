"""Columns are only ever added: a lake of an older version opens, and the new column is null there.

The older lake is written with deltalake alone, from the present schema less some columns, as an
older wiretrace would have.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake

from lake.tables import Snapshot, create_lake, open_lake, snapshot
from schemas.article import ARTICLES
from schemas.catalog import BY_NAME
from schemas.control import CONTROLS, Control
from schemas.definition import Table, to_arrow
from schemas.run import RUNS, Run, TableVersion
from schemas.sighting import SIGHTINGS, Sighting
from tests.transforms.articles import article

NOON = dt.datetime(2023, 1, 1, 12, tzinfo=dt.UTC)
KILL = Control(
    uri="urn:kill", article_id="a" * 32, kind="kill", at=NOON, reason="wrong picture",
    source_uri="old.xml", run_id="r1", month="2023-01",
)  # fmt: skip
SEEN = Sighting(
    article_id="a" * 32, version_id="b" * 32, outlet="example.org", source_uri="old.xml",
    feed="https://example.org/feed", first_seen_at=NOON, last_seen_at=NOON, deliveries=3,
    claimed_published=NOON, run_id="r1", date=NOON.date(),
)  # fmt: skip
STORY = article(
    date=NOON.date(), language="en", headline="Ferry sails", first_seen=NOON, run_id="r1"
)
ADDED = {
    "articles": {"entry_uri", "entry_columns", "language_paragraphs"},
    "controls": {"at", "reason"},
    "sightings": {"feed", "claimed_published"},
}


def write_older_table(root: Path, table: Table, rows: list[object], without: set[str]) -> None:
    """A table as it was before the columns in `without` were added."""
    content = to_arrow(table, rows).drop_columns(sorted(without))
    write_deltalake(
        (root / table.name).as_uri(), content, partition_by=list(table.partition_by) or None
    )


@pytest.fixture
def older_lake(tmp_path: Path) -> Path:
    """A committed lake of three tables, each of which lacks two columns."""
    root = tmp_path / "lake"
    write_older_table(root, ARTICLES, [STORY], ADDED["articles"])
    write_older_table(root, CONTROLS, [KILL], ADDED["controls"])
    write_older_table(root, SIGHTINGS, [SEEN], ADDED["sightings"])
    versions = tuple(TableVersion(name, 0) for name in ADDED)
    run = Run(
        sequence=1, run_id="r1", command="run", seen=1, control=1, table_versions=versions,
        config_hash="", code_version="0.0.1", started=NOON, ended=NOON, status="complete",
    )  # fmt: skip
    write_older_table(root, RUNS, [run], set())
    return root


def test_an_older_lake_reads_before_it_is_extended(older_lake: Path) -> None:
    """A newer reader needs no writer first: the missing columns read as null."""
    row = snapshot(open_lake(older_lake)).read("controls").to_pylist()
    assert [(r["uri"], r["at"], r["reason"]) for r in row] == [("urn:kill", None, None)]


@pytest.mark.parametrize("name", ["articles", "controls", "sightings"])
def test_the_next_run_adds_the_columns(older_lake: Path, name: str) -> None:
    """After `create_lake` the Delta table has every column of the present definition."""
    create_lake(older_lake)
    fields = {f.name for f in DeltaTable((older_lake / name).as_uri()).schema().fields}
    assert fields == set(BY_NAME[name].schema.names)


@pytest.mark.parametrize(
    ("name", "row"),
    [("articles", STORY), ("controls", KILL), ("sightings", SEEN)],
    ids=["articles", "controls", "sightings"],
)
def test_old_rows_keep_their_values_and_gain_nulls(
    older_lake: Path, name: str, row: object
) -> None:
    """Nothing is lost, nothing is invented."""
    create_lake(older_lake)
    expected = to_arrow(BY_NAME[name], [row]).to_pylist()[0] | dict.fromkeys(ADDED[name])
    assert snapshot(open_lake(older_lake)).read(name).to_pylist() == [expected]


def test_tables_that_came_later_are_created_empty(older_lake: Path) -> None:
    """A table that the older version did not know exists afterwards, with no rows."""
    assert not (older_lake / "quotes").exists()
    create_lake(older_lake)
    assert snapshot(open_lake(older_lake)).read("quotes").num_rows == 0


def test_extending_twice_changes_nothing(older_lake: Path) -> None:
    """The second run finds nothing to add, and adds no Delta version."""
    create_lake(older_lake)
    before = DeltaTable((older_lake / "controls").as_uri()).version()
    create_lake(older_lake)
    assert DeltaTable((older_lake / "controls").as_uri()).version() == before


def test_old_and_new_files_read_together(older_lake: Path) -> None:
    """Rows that the newer version writes stand beside the older ones, with their new columns."""
    lake = create_lake(older_lake)
    libel = Control(
        uri="urn:2", article_id="c" * 32, kind="kill", reason="libel",
        source_uri="new.xml", run_id="r2", month="2023-02",
    )  # fmt: skip
    new = to_arrow(CONTROLS, [libel])
    write_deltalake(lake.delta("controls"), new, mode="append")
    pinned = Snapshot(lake, 2, {"controls": lake.delta("controls").version()})
    read = pinned.read("controls").sort_by("uri")
    assert read.select(["uri", "reason"]).to_pylist() == [
        {"uri": "urn:2", "reason": "libel"},
        {"uri": "urn:kill", "reason": None},
    ]
