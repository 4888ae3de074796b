"""`wiretrace doctor`."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import click


@click.command("doctor")
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--rebuild-state", is_flag=True, help="Make the key state anew from the tables.")
@click.option("--wait", type=click.FloatRange(0), default=0.0, help="Seconds for a busy lake.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of findings.")
def command(lake: Path, rebuild_state: bool, wait: float, as_json: bool) -> None:
    """Check every file, log, balance and state of a lake; leave with 6 if it is damaged.

    Example: wiretrace doctor --lake LAKE
    """
    from lake.check import check
    from lake.tables import open_lake, snapshot

    opened = open_lake(lake)
    if rebuild_state:
        from lake.commit import newest_sequence
        from lake.lease import acquire
        from pipeline.rebuild import rebuild_state as rebuild

        floor = newest_sequence(opened)
        with acquire(opened.root, wait_seconds=wait, command="doctor", floor=floor):
            keys = rebuild(opened, snapshot(opened))
        click.echo(f"key state rebuilt: {keys} keys", err=True)
    findings = list(check(snapshot(opened)))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{finding.kind}: {finding.path}: {finding.message} -> {finding.remedy}")
        click.echo("healthy" if not findings else f"{len(findings)} findings")
    sys.exit(6 if any(finding.damage for finding in findings) else 0)
