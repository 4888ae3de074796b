"""Rows of a model as CSV: a column for each field, of what is within a row one for each of its own.

Lists of words or times stand side by side in a cell; lists of rows are left out, the JSON has them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from tracing.json_text import plain
from tracing.twins.csv_text import csv_text

Path = tuple[str, ...]


def rows_csv(row: type, rows: Iterable[Any]) -> str:
    """The table of `rows`, which are of the dataclass `row`; without any it has all columns."""
    columns = list(_columns(row))
    table = ([_cell(one, path) for path in columns] for one in rows)
    return csv_text(["_".join(path) for path in columns], table)


@cache
def _columns(row: type) -> tuple[Path, ...]:
    return tuple(_walk(row))


def _walk(row: type) -> Iterator[Path]:
    hints = get_type_hints(row)
    for field in dataclasses.fields(row):
        kind = _one_of(hints[field.name])
        if dataclasses.is_dataclass(kind):
            yield from ((field.name, *path) for path in _columns(kind))  # type: ignore[arg-type]
        elif get_origin(kind) is not tuple or not dataclasses.is_dataclass(get_args(kind)[0]):
            yield (field.name,)


def _one_of(hint: Any) -> Any:
    """What it is if it is not None."""
    if isinstance(hint, UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _cell(value: Any, path: Path) -> Any:
    for name in path:
        value = None if value is None else getattr(value, name)
    if isinstance(value, tuple):
        return tuple(str(plain(one)) for one in value)
    return value
