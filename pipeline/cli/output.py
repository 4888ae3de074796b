"""Printing results: no character of a stranger's text may act on the reader's terminal."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from tracing.harmless import acts, strip_controls

_CELL_WIDTH = 60
_UNLIMITED = 1_000


def print_json(value: Any) -> None:
    """One line of JSON, complete, with every control and direction character escaped.

    JSON has no NaN and no infinity: they are null.
    """
    text = json.dumps(_finite(value), ensure_ascii=False, default=_plain)
    click.echo("".join(_escape(c) if acts(c) else c for c in text))


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV with a header; controls other than line breaks are replaced."""
    _print_csv_row(columns)
    for row in rows:
        _print_csv_row([_cell(value) for value in row])


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table for people; long cells are cut."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(strip_controls(column))
    for row in rows:
        cells = (strip_controls(_cell(value)) for value in row)
        table.add_row(*(Text(c if len(c) <= _CELL_WIDTH else c[:_CELL_WIDTH] + "…") for c in cells))
    Console(width=None if sys.stdout.isatty() else _UNLIMITED).print(table)


def print_left_out(articles: int) -> None:
    """On stderr, that an answer would be longer but for an embargo; nothing if it would not."""
    if articles:
        what = "1 article" if articles == 1 else f"{articles} articles"
        click.echo(f"{what} under embargo left out; --embargoed includes them", err=True)


def minute(time: dt.datetime) -> str:
    """A time as people are shown it."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def embargo_marks(until: dt.datetime | None, now: dt.datetime, *, is_open: bool) -> Iterator[str]:
    """That an article is under embargo at `now`; `is_open`: until when is not stated."""
    if until is not None and until > now:
        yield f"[embargoed until {minute(until)}]"
    if is_open:
        yield "[embargoed, until when is not stated]"


def _print_csv_row(cells: Sequence[str]) -> None:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    text = line.getvalue()
    click.echo("".join("\N{REPLACEMENT CHARACTER}" if acts(c) else c for c in text), nl=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(_plain(value)) if not isinstance(value, bool | int | float) else json.dumps(value)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)
