"""`wiretrace copies`: who else carries an article's text, whole or in part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.diff import time_of
from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import pin
from tracing.harmless import minute, strip_controls

if TYPE_CHECKING:
    from tracing.find_copies import CopyLine


@click.command("copies")
@click.argument("article")
@lake_option
@click.option(
    "--days", default=7, show_default=True, type=click.IntRange(0), help="Before and after it."
)
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print a JSON object a line.")
def command(article: str, lake: Path, days: int, embargoed: bool, form: str | None) -> None:
    """Show which articles have an article's text, or it has theirs, with the credit if any.

    ARTICLE is an article's id or address, or a version's id. Every text of its language in the days
    around it is compared; one that claims no time is compared with the whole lake. Nothing is said
    of who was first but what credits and claimed times say.

    Example: wiretrace copies 4efc51ed0c2b7a9e8d1f3a5b6c7d8e9f --lake LAKE
    """
    load_pyarrow()
    from pipeline.cli import output
    from tracing.find_copies import find_copies
    from tracing.find_version import find_version
    from transforms.urls import normalize_url

    pinned, unseen = pin(lake, dt.datetime.now(dt.UTC), embargoed=embargoed)
    asked = find_version(pinned, article, normalize_url(article), unseen)
    lines, left_out = find_copies(pinned, asked, days, unseen)
    if form == "json":
        found = {"article_id": asked.article_id, "version_id": asked.version_id}
        output.print_json(found | {"copies": [asdict(line) for line in lines]})
    elif form == "jsonl":
        for line in lines:
            output.print_json(asdict(line))
    else:
        for line in lines:
            _print(line, asked.outlet)
    output.print_left_out(left_out)
    if not lines and not left_out:
        click.echo("no copy found", err=True)


def _print(line: CopyLine, outlet: str) -> None:
    mark = "" if line.pubstatus == "usable" else f"[{line.pubstatus}] "
    title = f"{time_of(line)}  {line.outlet}  {line.language}  {mark}{line.headline or ''}"
    version = "" if line.is_current else f"  in its version {line.version_id}, which was replaced"
    click.echo(strip_controls(title))
    click.echo(f"    {line.article_id}  seen {minute(line.first_seen)}{version}")
    order = {True: "later", False: "earlier", None: "before or after, not known"}[line.is_later]
    how = "" if line.is_later is None else f", {line.direction}"
    form = f", with other data on {line.form_days} days" if line.kind == "form" else ""
    click.echo(
        f"    {line.kind}{form}: has {line.contained:.0%} of the words, which are "
        f"{line.other_contained:.0%} of its own; longest run {line.longest} ({order}{how})"
    )
    for credit in _credits(line, outlet):
        click.echo(strip_controls(f"    {credit}"))


def _credits(line: CopyLine, outlet: str) -> Iterator[str]:
    """Whom each credits of the other; whom else, as siblings of one wire credit that."""
    if line.credit:
        yield f"credits {outlet}: “{line.credit}”"
    if line.other_credit:
        yield f"is credited: “{line.other_credit}”"
    if not line.credit and not line.other_credit:
        others = f"; credits {', '.join(line.credits)}" if line.credits else ""
        yield f"no credit of {outlet} found{others}"
