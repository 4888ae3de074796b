"""`wiretrace export`."""

from __future__ import annotations

from pathlib import Path

import click

from schemas.catalog import BY_NAME


@click.group("export")
def command() -> None:
    """Write the lake's tables as plain folders of Parquet."""


@command.command("parquet")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--table", "tables", multiple=True, help="Only this table; all by default.")
def parquet(folder: Path, lake: Path, tables: tuple[str, ...]) -> None:
    """Write exactly the committed rows to FOLDER/<table>/<partition>/, for readers that glob.

    All rows are exported, those of killed and embargoed articles too.

    Example: wiretrace export parquet OUT --lake LAKE
    """
    from lake.export import export_parquet
    from lake.tables import open_lake, snapshot

    for name in tables:
        if name not in BY_NAME:
            raise click.UsageError(f"no table {name}; there are {', '.join(BY_NAME)}")
    count = export_parquet(snapshot(open_lake(lake)), folder, tables or tuple(BY_NAME))
    click.echo(f"{count} files in {folder}")
