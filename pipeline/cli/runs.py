"""`wiretrace runs`: the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.lake_option import lake_option

_LISTED = ("sequence", "run_id", "command", "seen", "new", "revised", "duplicate", "control",
           "rejected", "balanced")  # fmt: skip


@click.group("runs")
def command() -> None:
    """List runs, or show the ledger of one.

    Example: wiretrace runs list --lake LAKE
    """


@command.command("list")
@lake_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_runs(lake: Path, as_json: bool) -> None:
    """List the committed runs, oldest first.

    Example: wiretrace runs list --lake LAKE --json
    """
    from pipeline.cli import output

    runs = _runs(lake)
    if as_json:
        output.print_json([_summary(run) for run in runs])
        return
    output.print_table(_LISTED, [[_summary(run)[name] for name in _LISTED] for run in runs])


@command.command("show")
@click.argument("run")
@lake_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def show_run(run: str, lake: Path, as_json: bool) -> None:
    """Show one run, by sequence or run id, with its counts by source and reason.

    Example: wiretrace runs show 3 --lake LAKE
    """
    from pipeline.cli import output

    found = next((r for r in _runs(lake) if run in (str(r["sequence"]), r["run_id"])), None)
    if found is None:
        raise click.UsageError(f"no run {run}; `wiretrace runs list --lake {lake}` lists them")
    if as_json:
        output.print_json({**found, "balanced": _summary(found)["balanced"]})
        return
    for name, value in _summary(found).items():
        click.echo(f"{name}: {value}")
    columns = ("outcome", "items", "reason", "source")
    output.print_table(columns, [[c[name] for name in columns] for c in found["counts"]])


def _runs(lake: Path) -> list[dict[str, Any]]:
    from lake.tables import open_lake, snapshot

    rows: list[dict[str, Any]] = snapshot(open_lake(lake)).read("runs").to_pylist()
    return sorted(rows, key=lambda row: int(row["sequence"]))


def _summary(run: dict[str, Any]) -> dict[str, Any]:
    from tracing.runs import is_balanced

    left_out = ("counts", "table_versions")
    summary = {name: value for name, value in run.items() if name not in left_out}
    return {**summary, "balanced": is_balanced(run)}
