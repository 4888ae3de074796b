"""The current state of some articles, by `lake/views.sql` over their rows alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.tables import Snapshot
from lake.views import connect_rows

Row = dict[str, Any]
_OF_ARTICLES = ("articles", "sightings", "controls")
_NOW = """
    SELECT current_article_id, version_id, outlet, outlet_name, language, headline, url, published,
           published_tz_known, first_seen, effective_pubstatus, effective_embargoed
    FROM articles_now WHERE is_current
"""


def current_versions(pinned: Snapshot, article_ids: Collection[str]) -> Mapping[str, Row]:
    """Version id to its row in `articles_now`: the current version of each of these articles."""
    mine = pc.field("article_id").isin(pa.array(sorted(article_ids), pa.string()))
    rows = {
        table: pinned.read(table, where=mine) for table in ("articles", "sightings", "controls")
    }
    rows |= {table: pinned.read(table) for table in ("article_aliases", "runs")}
    with connect_rows(rows) as connection:
        found = connection.sql(_NOW).to_arrow_table().to_pylist()
    return {row["version_id"]: row for row in found}
