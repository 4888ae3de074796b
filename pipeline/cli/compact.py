"""`wiretrace compact`: fewer, larger files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.lake_option import lake_option, wait_option


@click.command("compact")
@lake_option
@click.option("--purge", is_flag=True, help="Delete data files that the newest version lacks.")
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(lake: Path, purge: bool, wait: float, as_json: bool) -> None:
    """Merge the small files of each partition; no row changes.

    After `--purge` a glob over the tables' folders is exact; readers of older versions then fail.

    Example: wiretrace compact --lake LAKE --purge
    """
    from lake.compact import compact
    from pipeline.cli import interrupts, output

    with interrupts.as_exit_codes():
        done = compact(lake, purge=purge, wait_seconds=wait)
    if as_json:
        output.print_json(asdict(done))
        return
    click.echo(f"{done.partitions} partitions: {done.files_before} files, now {done.files_after}")
    if purge:
        click.echo(f"{done.purged} files deleted")
