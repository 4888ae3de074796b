"""`wiretrace export`: the tables as plain folders, and one story as files."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli import export_story
from pipeline.cli.lake_option import lake_option
from schemas.catalog import BY_NAME

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("export")
def command() -> None:
    """Write the lake's tables for readers that know no Delta, or one story for other programs.

    Example: wiretrace export parquet OUT --lake LAKE
    """


command.add_command(export_story.command)


@command.command("parquet")
@click.argument("folder", type=click.Path(path_type=Path))
@lake_option
@click.option("--table", "tables", multiple=True, type=click.Choice(list(BY_NAME)), help="Only it.")
@click.option("--since", type=_DAY, help="First day; whole partitions (days or months).")
@click.option("--until", type=_DAY, help="Last day, inclusive.")
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def parquet(
    folder: Path,
    lake: Path,
    tables: tuple[str, ...],
    since: dt.datetime | None,
    until: dt.datetime | None,
    embargoed: bool,
    as_json: bool,
) -> None:
    """Write plain Hive folders of Parquet: FOLDER/<table>/date=…/*.parquet.

    Rows go along as they are, those of killed articles too; articles under embargo are left out
    with all that is known of them. FOLDER must be empty or absent.

    Example: wiretrace export parquet OUT --lake LAKE --table articles --since 2024-05-01
    """
    from lake.export import export_parquet
    from lake.tables import open_lake, snapshot
    from pipeline.cli import interrupts, output

    with interrupts.as_exit_codes():
        done = export_parquet(
            snapshot(open_lake(lake)),
            folder,
            tables=tables,
            since=since.date() if since else None,
            until=until.date() if until else None,
            embargo_at=None if embargoed else dt.datetime.now(dt.UTC),
        )
    if as_json:
        output.print_json([asdict(table) for table in done.tables])
    else:
        rows = [(table.table, table.files, table.rows) for table in done.tables]
        output.print_table(("table", "files", "rows"), rows)
    output.print_left_out(done.left_out)
