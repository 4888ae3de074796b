"""Rows of a model as CSV: columns by their types, whatever the rows hold."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass

from tracing.twins.rows_csv import rows_csv


@dataclass(frozen=True)
class Inner:
    name: str
    day: dt.date | None


@dataclass(frozen=True)
class Outer:
    title: str
    inner: Inner
    maybe: Inner | None
    words: tuple[str, ...]
    counts: tuple[int, ...]
    rows: tuple[Inner, ...]


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_what_is_within_a_row_has_columns_and_lists_of_rows_have_none() -> None:
    row = Outer(
        "=1+1", Inner("a", dt.date(2024, 5, 1)), None, ("b", "c"), (1, 2), (Inner("d", None),)
    )
    assert read(rows_csv(Outer, [row])) == [
        ["title", "inner_name", "inner_day", "maybe_name", "maybe_day", "words", "counts"],
        ["'=1+1", "a", "2024-05-01", "", "", "b c", "1 2"],
    ]


def test_without_rows_there_are_all_columns() -> None:
    assert read(rows_csv(Inner, [])) == [["name", "day"]]
