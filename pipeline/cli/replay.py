"""`wiretrace replay`: the rejects once more."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.lake_option import lake_option, wait_option
from pipeline.cli.run import execute, exit_code, print_ledger


@click.command("replay")
@lake_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Worker processes.")
@wait_option
@click.option("--dry-run", is_flag=True, help="Do everything but the commit.")
@click.option("--json", "as_json", is_flag=True, help="Print the ledger as JSON.")
def command(lake: Path, workers: int, wait: float, dry_run: bool, as_json: bool) -> None:
    """Process every open reject again, from the bytes that were kept.

    What fails again is a reject of this run, and open for the next replay.

    Example: wiretrace replay --lake LAKE
    """
    from lake.tables import open_lake
    from pipeline.options import RunOptions
    from pipeline.replay import COMMAND

    terminal = sys.stderr.isatty()
    options = RunOptions(
        lake=open_lake(lake).root,
        sources=(),
        command=COMMAND,
        workers=workers,
        wait=wait,
        dry_run=dry_run,
        log_json=not terminal,
    )
    result = execute(options, terminal=terminal)
    print_ledger(result, as_json=as_json)
    sys.exit(exit_code(result))
