"""What the reading commands share: one query of ours over the pinned lake, printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.load_pyarrow import load_pyarrow

if TYPE_CHECKING:
    from lake.tables import Snapshot

# In a query of ours: the rows of articles that may be seen.
SEEN = "NOT list_contains($unseen, articles_now.current_article_id)"
# Its last column, printed with --embargoed only: until when the latest of them is under embargo.
EMBARGOED = "max(effective_embargoed) FILTER (effective_embargoed > $now) AS embargoed_until"
embargoed_option = click.option(
    "--embargoed", is_flag=True, help="Also what is still under embargo, marked."
)


def pin(lake: Path, now: dt.datetime, *, embargoed: bool) -> tuple[Snapshot, frozenset[str]]:
    """A lake as of its newest run, and the articles that may not be seen `now`.

    Raises:
        LakeNotFound, LakeDamaged: see `lake.tables`.
    """
    from lake.embargo import embargoed_articles
    from lake.tables import open_lake, snapshot

    pinned = snapshot(open_lake(lake))
    return pinned, frozenset() if embargoed else embargoed_articles(pinned, now)


def print_query(
    lake: Path,
    query: str,
    parameters: Mapping[str, str | None],
    *,
    as_json: bool,
    embargoed: bool,
) -> None:
    """Run a query with named parameters and print its rows, as a table or as JSON.

    `query` uses `SEEN` and `EMBARGOED`.

    Raises:
        LakeNotFound, LakeDamaged: see `lake.tables`.
    """
    load_pyarrow()
    from lake.views import connect
    from pipeline.cli import output

    now = dt.datetime.now(dt.UTC)
    pinned, unseen = pin(lake, now, embargoed=embargoed)
    with connect(pinned) as connection:
        result = connection.execute(query, {**parameters, "unseen": sorted(unseen), "now": now})
        shown = slice(None if embargoed else -1)
        columns = [column[0] for column in result.description][shown]
        rows = [row[shown] for row in result.fetchall()]
    if as_json:
        output.print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        output.print_table(columns, rows)
    else:
        click.echo("nothing found", err=True)
    output.print_left_out(len(unseen))
