"""`wiretrace compact`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("compact")
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--purge", is_flag=True, help="Delete files that no pinned version names.")
@click.option("--wait", type=click.FloatRange(0), default=0.0, help="Seconds for a busy lake.")
def command(lake: Path, purge: bool, wait: float) -> None:
    """Merge small files of each partition into one; no row changes.

    Example: wiretrace compact --lake LAKE --purge
    """
    from lake.compact import compact
    from lake.compact import purge as purge_files
    from lake.tables import open_lake

    root = open_lake(lake).root
    click.echo(f"{compact(root, wait)} files fewer")
    if purge:
        click.echo(f"{purge_files(root, wait)} files deleted")
