"""`wiretrace sql`: one query over the pinned lake."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from pipeline.cli.lake_option import lake_option


@click.command("sql")
@click.argument("query")
@lake_option
@click.option("--json", "form", flag_value="json", help="Print a JSON list of objects.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print a JSON object a line.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV; the default off a terminal.")
@click.option("--verify", is_flag=True, help="Hash every data file first (DuckDB checks none).")
def command(query: str, lake: Path, form: str | None, verify: bool) -> None:
    """Run one query; `-` reads it from stdin. Reads only, and only the lake.

    Tables are those of docs/schema.md, and the views articles_now, sightings_now, controls_now,
    entities_now, takes_now and ledger. Nothing is left out: `effective_embargoed` of articles_now
    says what is under embargo, `genre` what is an advisory or a test.

    Example: wiretrace sql --lake LAKE "SELECT outlet, headline FROM articles_now WHERE is_current"
    """
    import duckdb

    from lake import views
    from lake.check import verify_files
    from lake.tables import open_lake, snapshot

    pinned = snapshot(open_lake(lake))
    text = sys.stdin.read() if query == "-" else query
    if verify:
        verify_files(pinned)
    form = form or ("table" if sys.stdout.isatty() else "csv")
    with views.connect(pinned) as connection:
        try:
            reader = views.query(connection, text).to_arrow_reader(1_000)
            _print(form, reader)
        except duckdb.Error as error:
            raise click.UsageError(f"DuckDB: {error}") from error


def _print(form: str, reader: Any) -> None:
    from pipeline.cli import output

    columns: list[str] = reader.schema.names
    if form == "jsonl":
        for row in _rows(reader):
            output.print_json(dict(zip(columns, row, strict=True)))
    elif form == "json":
        output.print_json([dict(zip(columns, row, strict=True)) for row in _rows(reader)])
    elif form == "csv":
        output.print_csv(columns, _rows(reader))
    else:
        output.print_table(columns, _rows(reader))


def _rows(reader: Any) -> Iterator[list[Any]]:
    for batch in reader:
        values = [column.to_pylist() for column in batch.columns]
        yield from (list(row) for row in zip(*values, strict=True))
