"""One definition per table: a frozen dataclass is the typed row, its Arrow schema derived.

A column is a dataclass field annotated with `Annotated[type, Column(doc, source)]`. Nullable
columns are typed `X | None`. From the class come the Arrow schema (descriptions and sources in its
field metadata), the partition and sort columns, and `docs/schema.md`.

Rule for changes: columns are only ever added, at the end, nullable, with the table's `version`
raised; an older lake then opens with nulls in the new column (`tests/schemas/test_evolution.py`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import operator
import types
import typing
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

TIMESTAMP = pa.timestamp("us", tz="UTC")

_ARROW_OF: dict[type, pa.DataType] = {
    str: pa.string(),
    bytes: pa.binary(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    dt.datetime: TIMESTAMP,
    dt.date: pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column means (one sentence) and where that meaning comes from (standard or design)."""

    doc: str
    source: str


@dataclass(frozen=True)
class Table:
    """A table of the lake: its row class and how rows are laid out on disk."""

    name: str
    row: type
    version: int
    partition_by: tuple[str, ...]
    sort_by: tuple[str, ...]

    @property
    def doc(self) -> str:
        """What one row is: the row class's docstring."""
        return (self.row.__doc__ or "").strip()

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, partition columns included."""
        return _schema_of(self.row).with_metadata(
            {"wiretrace.table": self.name, "wiretrace.version": str(self.version)}
        )

    @property
    def article_columns(self) -> tuple[str, ...]:
        """The columns that say which articles a row is about: one, two, or none."""
        return tuple(name for name in self.schema.names if name.endswith("article_id"))

    @property
    def file_schema(self) -> pa.Schema:
        """The Arrow schema of a data file: Hive folders carry the partition columns."""
        return pa.schema(
            [field for field in self.schema if field.name not in self.partition_by],
            metadata=self.schema.metadata,
        )

    @property
    def columns(self) -> dict[str, Column]:
        """Name to documentation of every column, in reading order."""
        return {name: column for name, _, column in _columns_of(self.row)}


def to_arrow(table: Table, rows: list[Any]) -> pa.Table:
    """Rows (instances of `table.row`) as an Arrow table of `table.schema`.

    Raises `pyarrow.ArrowInvalid` or `ArrowTypeError` if a value does not fit its column.
    """
    columns = {}
    for field in table.schema:
        values = list(map(operator.attrgetter(field.name), rows))
        # Most columns hold what Arrow takes as it is.
        is_nested = pa.types.is_nested(field.type)
        columns[field.name] = [_plain(value) for value in values] if is_nested else values
    return pa.Table.from_pydict(columns, schema=table.schema)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


@functools.cache
def _schema_of(row: type) -> pa.Schema:
    return pa.schema(
        [
            pa.field(
                name,
                _arrow_type(annotation),
                nullable=_is_nullable(annotation),
                metadata={"description": column.doc, "source": column.source},
            )
            for name, annotation, column in _columns_of(row)
        ]
    )


def _columns_of(row: type) -> list[tuple[str, Any, Column]]:
    hints = typing.get_type_hints(row, include_extras=True)
    out = []
    for field in dataclasses.fields(row):
        annotation, *extras = typing.get_args(hints[field.name])
        columns = [extra for extra in extras if isinstance(extra, Column)]
        if len(columns) != 1:
            raise TypeError(f"{row.__name__}.{field.name} needs exactly one Column(doc, source)")
        out.append((field.name, annotation, columns[0]))
    return out


def _is_nullable(annotation: Any) -> bool:
    return isinstance(annotation, types.UnionType) and type(None) in typing.get_args(annotation)


def _arrow_type(annotation: Any) -> pa.DataType:
    if _is_nullable(annotation):
        (annotation,) = (a for a in typing.get_args(annotation) if a is not type(None))
    if typing.get_origin(annotation) is tuple:
        element = typing.get_args(annotation)[0]
        return pa.list_(pa.field("element", _arrow_type(element), nullable=False))
    if dataclasses.is_dataclass(annotation):
        return pa.struct(
            [
                pa.field(field.name, _arrow_type(hint), nullable=_is_nullable(hint))
                for field in dataclasses.fields(annotation)
                for hint in [typing.get_type_hints(annotation)[field.name]]
            ]
        )
    return _ARROW_OF[annotation]
