"""`wiretrace uncredited`: which text of others an outlet carries without a word of whose it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import pin


@click.command("uncredited")
@lake_option
@click.option("--outlet", required=True, help="Whose articles: its id (example.org) or its name.")
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(lake: Path, outlet: str, embargoed: bool, as_json: bool) -> None:
    """List an outlet's articles that have text of another's earlier one and name nobody for it.

    What is in doubt is left out: an article is not listed if it cites any agency or outlet, names
    one of those whose text it has, or says that it is from elsewhere; nor if times do not tell, by
    an hour, who was first. A row says that the words stood there before, not that they were taken:
    both may have them from a source that the lake does not have.

    Example: wiretrace uncredited --lake LAKE --outlet example.org
    """
    load_pyarrow()
    from pipeline.cli import output
    from tracing.find_uncredited import find_uncredited

    pinned, unseen = pin(lake, dt.datetime.now(dt.UTC), embargoed=embargoed)
    lines, left_out = find_uncredited(pinned, outlet, unseen)
    rows = [asdict(line) for line in lines]
    if as_json:
        output.print_json(rows)
    elif rows:
        output.print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        click.echo("nothing found", err=True)
    output.print_left_out(left_out)
