"""`wiretrace agencies`: who cites whom, counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import EMBARGOED, SEEN, embargoed_option, pin, print_query

if TYPE_CHECKING:
    from tracing.citing_matrix import Cell

_QUERY = f"""
    SELECT citations.agency, articles_now.outlet, citations.kind,
           count(DISTINCT articles_now.current_article_id) AS articles,
           min(citations.phrase) AS example, {EMBARGOED}
    FROM citations JOIN articles_now USING (version_id)
    WHERE is_current AND {SEEN} AND ($agency IS NULL OR agency = $agency)
      AND ($outlet IS NULL OR outlet = $outlet)
    GROUP BY ALL ORDER BY agency, articles DESC, outlet, kind
"""
# As many as fit beside each other; --json has them all.
_MOST_COLUMNS = 12


@click.command("agencies")
@lake_option
@click.option("--agency", help="Only this agency or outlet as a source.")
@click.option("--outlet", help="Only what this outlet credits.")
@click.option("--matrix", is_flag=True, help="A row per citing side, a column per agency.")
@click.option(
    "--by", type=click.Choice(["language", "outlet", "country"]), help="What a row is: language."
)
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(
    lake: Path,
    agency: str | None,
    outlet: str | None,
    matrix: bool,
    by: str | None,
    embargoed: bool,
    as_json: bool,
) -> None:
    """Count which outlet cites which agency, and how (credit, attribution, via, mention).

    With --matrix only what credits counts, and the copies of one text count once in a row. An
    outlet's country is that of its agency's head office or of its host (example.fr), else unknown.

    Example: wiretrace agencies --lake LAKE --matrix --by country
    """
    if by and not matrix:
        raise click.UsageError("--by says what a row of --matrix is: give both")
    if matrix:
        _print_matrix(lake, by or "language", agency, outlet, embargoed=embargoed, as_json=as_json)
        return
    print_query(
        lake, _QUERY, {"agency": agency, "outlet": outlet}, as_json=as_json, embargoed=embargoed
    )


def _print_matrix(
    lake: Path, by: str, agency: str | None, outlet: str | None, *, embargoed: bool, as_json: bool
) -> None:
    load_pyarrow()
    from lake.views import connect
    from pipeline.cli import output
    from tracing.citing_matrix import read_matrix

    now = dt.datetime.now(dt.UTC)
    pinned, unseen = pin(lake, now, embargoed=embargoed)
    with connect(pinned) as connection:
        cells = read_matrix(connection, by, agency, outlet, sorted(unseen), now)
    if as_json:
        output.print_json([_plain(cell, embargoed=embargoed) for cell in cells])
    elif cells:
        _print_table(by, cells)
    else:
        click.echo("nothing found", err=True)
    output.print_left_out(len(unseen))


def _plain(cell: Cell, *, embargoed: bool) -> dict[str, object]:
    plain = {"row": cell.row, "agency": cell.agency, "articles": cell.articles}
    return plain | ({"embargoed_until": cell.embargoed_until} if embargoed else {})


def _print_table(by: str, cells: list[Cell]) -> None:
    """The most cited agencies as columns; a count with articles under embargo has a star."""
    from pipeline.cli import output

    cited, citing = Counter[str](), Counter[str]()
    for cell in cells:
        cited[cell.agency] += cell.articles
        citing[cell.row] += cell.articles
    agencies = sorted(cited, key=lambda one: (-cited[one], one))
    shown = agencies[:_MOST_COLUMNS]
    texts = {
        (cell.row, cell.agency): f"{cell.articles}{'*' if cell.embargoed_until else ''}"
        for cell in cells
    }
    rows = sorted(citing, key=lambda one: (-citing[one], one))
    table = [[row, *(texts.get((row, one), "") for one in shown)] for row in rows]
    output.print_table([by, *shown], table)
    if any(cell.embargoed_until for cell in cells):
        click.echo("* articles under embargo among them", err=True)
    if len(agencies) > len(shown):
        click.echo(f"{len(agencies) - len(shown)} less cited left out; --json has them", err=True)
