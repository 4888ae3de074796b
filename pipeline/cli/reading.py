"""What the reading commands share: one query of ours over the pinned lake, printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click


def print_query(
    lake: Path, query: str, parameters: Mapping[str, str | None], *, as_json: bool
) -> None:
    """Run a query with named parameters and print its rows, as a table or as JSON.

    Raises:
        LakeNotFound, LakeDamaged: see `lake.tables`.
    """
    from lake.tables import open_lake, snapshot
    from lake.views import connect
    from pipeline.cli import output

    with connect(snapshot(open_lake(lake))) as connection:
        result = connection.execute(query, dict(parameters))
        columns = [column[0] for column in result.description]
        rows = result.fetchall()
    if as_json:
        output.print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if not rows:
        click.echo("nothing found", err=True)
        return
    output.print_table(columns, rows)
