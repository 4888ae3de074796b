"""What the reading commands share: one query of ours over the pinned lake, printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import click

from pipeline.cli.without_pandas import load_pyarrow

# In a query of ours: the rows of articles that may be seen.
SEEN = "NOT list_contains($unseen, articles_now.current_article_id)"
# Its last column, printed with --embargoed only: until when the latest of them is under embargo.
EMBARGOED = "max(effective_embargoed) FILTER (effective_embargoed > $now) AS embargoed_until"
embargoed_option = click.option(
    "--embargoed", is_flag=True, help="Also what is still under embargo, marked."
)


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
    from lake.embargo import embargoed_articles
    from lake.tables import open_lake, snapshot
    from lake.views import connect
    from pipeline.cli import output

    pinned, now = snapshot(open_lake(lake)), dt.datetime.now(dt.UTC)
    unseen = [] if embargoed else sorted(embargoed_articles(pinned, now))
    with connect(pinned) as connection:
        result = connection.execute(query, {**parameters, "unseen": unseen, "now": now})
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
