"""Which versions are takes of one article, as the view `takes_now` has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import whole_rows
from lake.tables import Snapshot
from tracing.find_articles import ARTICLE_COLUMNS

_TAKE_COLUMNS = [*ARTICLE_COLUMNS, "signals", "versioncreated", "version_stated", "word_count"]
# Every version of two takes: which of them are current is decided where lines are made.
_TAKES = """
    SELECT earlier.version_id, later.version_id FROM takes_now
    JOIN articles_now AS earlier ON earlier.current_article_id = to_article_id
    JOIN articles_now AS later ON later.current_article_id = from_article_id
"""
Row = dict[str, Any]


def read_takes(
    pinned: Snapshot, seeds: Mapping[str, Row]
) -> tuple[list[Row], frozenset[tuple[str, str]]]:
    """Other takes of the seeds, and which version is a take of which seed's.

    Nothing is read for a seed without a slugline: web pages have none.
    """
    slugged = [row for row in seeds.values() if row["slugline"]]
    if not slugged:
        return [], frozenset()
    from lake.views import connect_rows  # DuckDB takes 60 ms to load

    days = {row["date"] + dt.timedelta(step) for row in slugged for step in (-1, 0, 1)}
    texts = {day.isoformat() for day in days}
    files = [file for file in pinned.files("articles") if file.partition["date"] in texts]
    outlets = pa.array(sorted({row["outlet"] for row in slugged}), pa.string())
    where = pc.field("slugline").is_valid() & pc.field("outlet").isin(outlets)
    rows = pinned.read("articles", _TAKE_COLUMNS, where, files)
    tables = {"articles": whole_rows(rows, "articles")}
    tables["article_aliases"] = pinned.read("article_aliases")
    with connect_rows(tables, "takes_now") as connection:
        paired = connection.execute(_TAKES).fetchall()
    pairs = {pair for one, other in paired for pair in ((one, other), (other, one))}
    mine = frozenset((seed, other) for seed, other in pairs if seed in seeds)
    others = {other for _, other in mine}
    return [row for row in rows.to_pylist() if row["version_id"] in others], mine
