"""The current state of some articles, by `lake/views.sql` over their rows alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.tables import Snapshot
from lake.views import connect_rows
from schemas.catalog import BY_NAME

Row = dict[str, Any]
# What the views decide by, and what a line shows: no texts.
_ARTICLE = [
    "article_id", "version_id", "version_stated", "outlet", "outlet_name", "language", "headline",
    "url", "pubstatus", "published", "published_tz_known", "versioncreated", "embargoed",
    "first_seen", "word_count", "run_id", "date",
]  # fmt: skip
_SIGHTING = ["article_id", "version_id", "claimed_published", "run_id"]
_NOW = """
    SELECT current_article_id, version_id, outlet, outlet_name, language, headline, url, published,
           published_tz_known, first_seen, effective_pubstatus, effective_embargoed
    FROM articles_now WHERE is_current
"""


def current_versions(
    pinned: Snapshot, article_ids: Collection[str], days: Collection[dt.date]
) -> Mapping[str, Row]:
    """Version id to its row in `articles_now`: the current version of each of these articles.

    Of the versions that are dated on `days`; a version of another day is not known here.
    """
    mine = pc.field("article_id").isin(pa.array(sorted(article_ids), pa.string()))
    dated = mine & pc.field("date").isin(pa.array(sorted(days), pa.date32()))
    rows = {"articles": _whole(pinned.read("articles", _ARTICLE, dated))}
    rows["sightings"] = _whole(pinned.read("sightings", _SIGHTING, mine), "sightings")
    rows["controls"] = pinned.read("controls", where=mine)
    rows |= {table: pinned.read(table) for table in ("article_aliases", "runs")}
    with connect_rows(rows) as connection:
        found = connection.sql(_NOW).to_arrow_table().to_pylist()
    return {row["version_id"]: row for row in found}


def _whole(rows: pa.Table, table: str = "articles") -> pa.Table:
    """The rows with every column of their table, null where it was not read."""
    schema = BY_NAME[table].schema
    columns = [
        rows[field.name] if field.name in rows.schema.names else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=pa.schema([field.with_nullable(True) for field in schema]))
