"""One definition gives the typed row, the Arrow schema and the documentation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

import pyarrow as pa
import pytest

from schemas.catalog import BY_NAME, TABLES
from schemas.definition import TIMESTAMP, Column, Table, to_arrow


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of a ferry."""

    port: str
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ferry:
    """One crossing of one ferry."""

    name: A[str, Column("Her name.", "painted on the bow")]
    left: A[dt.datetime | None, Column("When she left.", "log book")] = None
    stops: A[tuple[Stop, ...], Column("Where she called.", "log book")] = ()
    day: A[dt.date, Column("Day of the crossing.", "log book")]


FERRIES = Table(name="ferries", row=Ferry, version=3, partition_by=("day",), sort_by=("name",))
MAY_DAY = dt.date(2024, 5, 1)


def test_types_follow_the_annotations() -> None:
    """Optional is nullable, a tuple a list, a nested row a struct, a time UTC microseconds."""
    stop = pa.struct([pa.field("port", pa.string(), nullable=False), pa.field("minutes", "int64")])
    assert FERRIES.schema.equals(
        pa.schema(
            [
                pa.field("name", pa.string(), nullable=False),
                pa.field("left", TIMESTAMP, nullable=True),
                pa.field(
                    "stops", pa.list_(pa.field("element", stop, nullable=False)), nullable=False
                ),
                pa.field("day", pa.date32(), nullable=False),
            ]
        )
    )


def test_fields_carry_their_meaning_and_its_source() -> None:
    """A data file explains itself: descriptions stand in its field metadata."""
    assert FERRIES.schema.field("left").metadata == {
        b"description": b"When she left.",
        b"source": b"log book",
    }


def test_a_schema_names_its_table_and_version() -> None:
    """A data file says which definition wrote it."""
    assert FERRIES.schema.metadata == {b"wiretrace.table": b"ferries", b"wiretrace.version": b"3"}


def test_data_files_leave_partition_columns_to_their_folders() -> None:
    """Hive folders carry them."""
    assert FERRIES.file_schema.names == ["name", "left", "stops"]


def test_rows_become_arrow_with_all_their_values() -> None:
    """Nested rows and nulls included."""
    left = dt.datetime(2024, 5, 1, 6, 30, tzinfo=dt.UTC)
    rows = [
        Ferry(name="Perle", left=left, stops=(Stop("Rab", 20), Stop("Cres", None)), day=MAY_DAY),
        Ferry(name="Zora", day=MAY_DAY),
    ]
    assert to_arrow(FERRIES, rows).to_pylist() == [
        {
            "name": "Perle",
            "left": left,
            "stops": [{"port": "Rab", "minutes": 20}, {"port": "Cres", "minutes": None}],
            "day": MAY_DAY,
        },
        {"name": "Zora", "left": None, "stops": [], "day": MAY_DAY},
    ]


def test_a_value_of_the_wrong_type_is_refused() -> None:
    """A number does not slip into a text column."""
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        to_arrow(FERRIES, [Ferry(name=7, day=MAY_DAY)])  # type: ignore[arg-type]


def test_a_column_without_meaning_is_refused() -> None:
    """There is no undocumented column."""

    @dataclass(frozen=True)
    class Bare:
        name: A[str, "no Column"]

    bare = Table(name="bare", row=Bare, version=1, partition_by=(), sort_by=("name",))
    with pytest.raises(TypeError, match=r"Bare\.name needs exactly one Column"):
        _ = bare.schema


def test_runs_come_last() -> None:
    """Readers pin what the newest row of `runs` names, so it is committed after all others."""
    assert TABLES[-1].name == "runs"
    assert list(BY_NAME) == [table.name for table in TABLES]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_layout_columns_exist_and_are_never_null(table: Table) -> None:
    """A null partition value is a folder of its own in each engine; a null key sorts anywhere."""
    for name in (*table.partition_by, *table.sort_by):
        assert not table.schema.field(name).nullable, name
