"""The canonical dump: equal for lakes that say the same, however it came and lies on disk (§4.8).

One JSON object a line, in a fixed order of sections and rows. Left out is what depends on when and
in which run something arrived: run ids, times of first sight, which of several deliveries of one
version gave the row its source and bytes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import duckdb

from lake.tables import Snapshot
from lake.views import connect
from schemas.catalog import BY_NAME

_ARRIVAL = ("run_id", "first_seen", "source_uri", "raw_sha256", "date", "article_id")
_ROWS = 1_000


def dump_lines(pinned: Snapshot) -> Iterator[str]:
    """The dump, line by line, without line ends."""
    with connect(pinned) as connection:
        yield from dump_connected(connection)


def dump_connected(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """The dump of a lake that DuckDB is connected to."""
    for section, sql in _sections().items():
        for row in _rows(connection, sql):
            yield json.dumps(
                {"table": section, **row}, ensure_ascii=False, sort_keys=True, default=_plain
            )


def _sections() -> dict[str, str]:
    return {
        "articles": _articles(),
        "sightings": """
            SELECT DISTINCT current_article_id AS article_id, version_id, source_uri
            FROM sightings_now ORDER BY ALL""",
        "controls": """
            SELECT DISTINCT uri, current_article_id AS article_id, kind, "at", reason
            FROM controls_now ORDER BY ALL""",
        "entities": _mentions("entities"),
        "citations": _mentions("citations"),
        "quotes": _mentions("quotes"),
        "facts": _mentions("facts"),
        "links": _links(),
        "copy_families": "SELECT article_id, copy_id FROM copy_families ORDER BY ALL",
        "stories": "SELECT story_id, part_id, article_id, reason FROM members_now ORDER BY ALL",
        "story_aliases": """
            SELECT story_id, alias_of, reason, score, evidence
            FROM story_aliases_now ORDER BY story_id, alias_of, reason""",
    }


def _articles() -> str:
    kept = [name for name in BY_NAME["articles"].schema.names if name not in _ARRIVAL]
    columns = ", ".join(f'"{name}"' for name in kept)
    return f"""
        SELECT current_article_id AS article_id, {columns},
               CASE WHEN published IS NOT NULL THEN date END AS date,
               effective_pubstatus, effective_embargoed
        FROM articles_now WHERE is_current ORDER BY article_id, version_id"""


def _mentions(table: str) -> str:
    kept = [n for n in BY_NAME[table].schema.names if n not in ("article_id", "date")]
    columns = ", ".join(f'"{name}"' for name in kept)
    return f"""
        SELECT coalesce(current_article_id, article_id) AS article_id, {columns}
        FROM {table} LEFT JOIN alias_ends USING (article_id) ORDER BY ALL"""


def _links() -> str:
    arrival = ("run_id", "as_of", "month", "from_date", "to_date", "withdrawn")
    columns = ", ".join(f'"{n}"' for n in BY_NAME["links"].schema.names if n not in arrival)
    return f"""
        SELECT {columns} FROM links_now
        ORDER BY from_article_id, to_article_id, from_version_id, to_version_id"""


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    for batch in connection.sql(sql).to_arrow_reader(_ROWS):
        yield from batch.to_pylist()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the dump")
