"""Printing results: no character of a stranger's text may act on the reader's terminal."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from tracing.harmless import acts, minute, strip_controls
from tracing.json_text import json_text, plain

_CELL_WIDTH = 60
_UNLIMITED = 1_000


def print_json(value: Any) -> None:
    """One line of JSON, complete, with every control and direction character escaped."""
    click.echo(json_text(value))


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
        return json.dumps(value, ensure_ascii=False, default=plain)
    return str(plain(value)) if not isinstance(value, bool | int | float) else json.dumps(value)
