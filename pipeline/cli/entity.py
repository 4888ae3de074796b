"""`wiretrace entity`: where a person, place or organization is named."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.reading import EMBARGOED, SEEN, embargoed_option, print_query

_QUERY = f"""
    SELECT entity_id, kind, articles_now.outlet, articles_now.language,
           list_sort(list_distinct(list(surface))) AS written,
           count(DISTINCT articles_now.current_article_id) AS articles, count(*) AS mentions,
           min(coalesce(published, first_seen)) AS first,
           max(coalesce(published, first_seen)) AS last, {EMBARGOED}
    FROM entities JOIN articles_now USING (version_id)
    WHERE is_current AND {SEEN} AND entity_id IN (
        SELECT DISTINCT entity_id FROM entities
        WHERE (entity_id = $name OR lower(surface) = lower($name::VARCHAR))
          AND NOT list_contains($unseen, article_id)
    )
    GROUP BY ALL ORDER BY entity_id, articles DESC, outlet
"""


@click.command("entity")
@click.argument("name")
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(name: str, lake: Path, embargoed: bool, as_json: bool) -> None:
    """Show by outlet and language how often something is named, and how it is written.

    NAME is an id (`iso3166:ML`, `agency:tass`, `person:sergei-lavrov`) or a name as written in any
    language: what bears that name is shown with all its other forms.

    Example: wiretrace entity Bamako --lake LAKE
    """
    print_query(lake, _QUERY, {"name": name}, as_json=as_json, embargoed=embargoed)
