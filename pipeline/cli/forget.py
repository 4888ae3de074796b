"""`wiretrace forget`: articles leave for good."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.lake_option import lake_option, wait_option


@click.command("forget")
@click.argument("article_ids", nargs=-1, metavar="[ARTICLE_ID]...")
@lake_option
@click.option("--outlet", help="All articles of this outlet.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="All dated before this day.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    article_ids: tuple[str, ...],
    lake: Path,
    outlet: str | None,
    before: dt.datetime | None,
    yes: bool,
    wait: float,
    as_json: bool,
) -> None:
    """Remove articles, in all versions, from every table and from the disk, and keep them out.

    Hashes of their keys and texts stay, so that a later run rejects them as `forgotten`. There is
    no way back, and older versions of the tables can no longer be read.

    Example: wiretrace forget --lake LAKE --outlet example.com
    """
    from lake.forget import Selection, forget, select_articles
    from lake.tables import open_lake, snapshot
    from pipeline.cli import interrupts, output

    selection = Selection(article_ids, outlet, before.date() if before else None)
    if selection == Selection():
        raise click.UsageError("name articles, --outlet or --before")
    if not yes:
        ids = select_articles(snapshot(open_lake(lake)), selection)
        click.confirm(f"Forget {len(ids)} articles for good?", abort=True, err=True)
    with interrupts.as_exit_codes():
        done = forget(lake, selection, wait_seconds=wait)
    if as_json:
        output.print_json(asdict(done))
        return
    click.echo(f"{done.articles} articles forgotten, {done.tombstones} hashes keep them out")
    output.print_table(("table", "rows removed"), list(done.rows.items()))
