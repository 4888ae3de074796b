"""`wiretrace doctor`: is the lake what it says it is?"""

from __future__ import annotations

import contextlib
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.beam_import import silence_beam_import
from pipeline.cli.lake_option import lake_option, wait_option
from tracing.harmless import strip_controls

DAMAGED = 6


@click.command("doctor")
@lake_option
@click.option("--rebuild-state", is_flag=True, help="Derive the key state from the tables again.")
@click.option(
    "--stories", is_flag=True, help="Tell all stories again, and hold them against these."
)
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of findings.")
def command(lake: Path, rebuild_state: bool, stories: bool, wait: float, as_json: bool) -> None:
    """Re-hash every file and hold tables, log, ledger and state against each other.

    That every change of a story is explained, and stands in rows, is looked at always; with
    --stories they are told once more from all articles, as one run would, which takes as long.

    Leaves with 0 when the lake is sound (notes do not count), with 6 when it is damaged.

    Example: wiretrace doctor --lake LAKE
    """
    from lake.check import check
    from lake.tables import open_lake

    opened = open_lake(lake)
    findings = check(opened)
    if rebuild_state:
        beyond = [f for f in findings if f.is_damage and f.kind != "state"]
        if not beyond:
            keys = _rebuild(lake, wait)
            click.echo(f"state rebuilt: {keys} keys", err=True)
            findings = check(opened)
        else:
            click.echo("state not rebuilt: the tables it derives from are damaged", err=True)
    if stories and not any(finding.is_damage for finding in findings):
        silence_beam_import()
        from pipeline.retell import check_stories

        findings += check_stories(opened)
    _print([asdict(f) | {"damage": f.is_damage} for f in findings], as_json)
    if any(finding.is_damage for finding in findings):
        sys.exit(DAMAGED)


def _rebuild(root: Path, wait: float) -> int:
    from lake.commit import floor_at, recover
    from lake.keys import prune_state
    from lake.lease import acquire
    from lake.log_sums import record_logs, sums_path
    from lake.search import update_search
    from lake.sorted_runs import StateDamaged
    from lake.tables import Lake, open_lake, snapshot
    from pipeline.rebuild import rebuild_state

    root = open_lake(root).root
    floor = floor_at(root)
    with acquire(root, wait_seconds=wait, command="doctor", floor=floor) as lease:
        lake = Lake(lease.root)
        # Raised after plans were rolled forward; what is damaged is about to be replaced.
        with contextlib.suppress(StateDamaged):
            recover(lake)
        pinned = snapshot(lake)
        keys = rebuild_state(lake, pinned)
        sums_path(lake.root).unlink(missing_ok=True)
        record_logs(lake.root)
        prune_state(lake, pinned.sequence)
        for folder in (lake.search, lake.signatures, lake.profiles):
            shutil.rmtree(folder, ignore_errors=True)
        update_search(lake, pinned)
        return keys


def _print(findings: list[dict[str, object]], as_json: bool) -> None:
    from pipeline.cli import output

    if as_json:
        output.print_json(findings)
        return
    for found in findings:
        label = "damaged" if found["damage"] else "note"
        line = f"{label}: {found['path']}: {found['message']} ({found['kind']}); {found['remedy']}"
        click.echo(strip_controls(line))
    if not any(found["damage"] for found in findings):
        click.echo("the lake is sound")
