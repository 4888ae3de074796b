"""`wiretrace agencies`: who cites whom, counted."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.reading import EMBARGOED, SEEN, embargoed_option, print_query

_QUERY = f"""
    SELECT citations.agency, articles_now.outlet, citations.kind,
           count(DISTINCT articles_now.current_article_id) AS articles,
           min(citations.phrase) AS example, {EMBARGOED}
    FROM citations JOIN articles_now USING (version_id)
    WHERE is_current AND {SEEN} AND ($agency IS NULL OR agency = $agency)
      AND ($outlet IS NULL OR outlet = $outlet)
    GROUP BY ALL ORDER BY agency, articles DESC, outlet, kind
"""


@click.command("agencies")
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--agency", help="Only this agency or outlet as a source.")
@click.option("--outlet", help="Only what this outlet credits.")
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(
    lake: Path, agency: str | None, outlet: str | None, embargoed: bool, as_json: bool
) -> None:
    """Count which outlet cites which agency, and how (credit, attribution, via, mention).

    Example: wiretrace agencies --lake LAKE --agency tass
    """
    print_query(
        lake, _QUERY, {"agency": agency, "outlet": outlet}, as_json=as_json, embargoed=embargoed
    )
