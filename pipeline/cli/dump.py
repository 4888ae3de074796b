"""`wiretrace dump`: the canonical dump."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.lake_option import lake_option


@click.command("dump")
@lake_option
def command(lake: Path) -> None:
    """Print the canonical dump as JSON lines: equal for lakes that say the same.

    All of it: articles under embargo too.

    Example: wiretrace dump --lake LAKE | sha256sum
    """
    from lake.dump import dump_lines
    from lake.tables import open_lake, snapshot

    for line in dump_lines(snapshot(open_lake(lake))):
        click.echo(line)
