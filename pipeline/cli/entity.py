"""`wiretrace entity`: where a person, place or organization is named."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import embargoed_option, pin

if TYPE_CHECKING:
    from tracing.spellings import Joined

_MOST_REASONS = 3


@click.command("entity")
@click.argument("name")
@lake_option
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(name: str, lake: Path, embargoed: bool, as_json: bool) -> None:
    """Show by outlet and language how often something is named, and how it is written.

    NAME is an id (`iso3166:ML`, `agency:tass`, `person:sergei-lavrov`) or a name as written in any
    language: what bears that name is shown with all its other forms. A person may be written under
    several ids; those whose spelling and company agree follow, with the reason in `joined`.

    Example: wiretrace entity Bamako --lake LAKE
    """
    load_pyarrow()
    from lake.views import connect
    from pipeline.cli import output
    from tracing.entity import read_entity

    now = dt.datetime.now(dt.UTC)
    pinned, unseen = pin(lake, now, embargoed=embargoed)
    with connect(pinned) as connection:
        rows = read_entity(connection, name, sorted(unseen), now)
    if not embargoed:
        for row in rows:
            del row["embargoed_until"]
    if as_json:
        output.print_json([row | {"joined": _plain(row["joined"])} for row in rows])
    elif rows:
        shown = [row | {"joined": _reason(row["joined"])} for row in rows]
        output.print_table(list(shown[0]), [list(row.values()) for row in shown])
    else:
        click.echo("nothing found", err=True)
    output.print_left_out(len(unseen))


def _plain(joined: Joined | None) -> dict[str, Any] | None:
    return None if joined is None else asdict(joined)


def _reason(joined: Joined | None) -> str:
    """`0.71 as name:petr-orlow, both with org:un (3), …`; empty for what was asked."""
    if joined is None:
        return ""
    company = ", ".join(
        f"{one.entity_id} ({one.articles})" for one in joined.shared[:_MOST_REASONS]
    )
    return f"{joined.score:.2f} as {joined.with_id}, both with {company}"
