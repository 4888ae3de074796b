"""The current state of some articles, by `lake/views.sql` over their rows alone.

Every version of an article counts, on whatever day it stands: a kill may be dated a week after what
it kills. The key state knows an article's versions; those that the caller has not met are looked
for, and only those cost anything.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.checked import is_any
from lake.data_file import DataFile
from lake.keys import KeyState, committed_state
from lake.search import find
from lake.search_terms import id_term
from lake.sorted_runs import StateDamaged
from lake.tables import Snapshot
from schemas.catalog import BY_NAME

Row = dict[str, Any]
# What the views decide by, and what a line of a trace shows: no texts.
_ARTICLE = [
    "article_id", "version_id", "version_stated", "outlet", "outlet_name", "language", "headline",
    "uri", "guid", "url", "pubstatus", "signals", "genre", "published", "published_tz_known",
    "versioncreated", "embargoed", "first_seen", "word_count", "run_id", "date",
]  # fmt: skip
_SIGHTING = ["article_id", "version_id", "claimed_published", "run_id"]
_AS_STATED = [
    "version_id", "outlet", "outlet_name", "language", "headline", "url", "genre", "published",
    "published_tz_known", "first_seen", "signals",
]  # fmt: skip
_DECIDED = [
    "current_article_id", "version_order", "is_current", "effective_pubstatus",
    "effective_embargoed", "is_embargo_open",
]  # fmt: skip


def versions_now(pinned: Snapshot, met: Mapping[str, Row]) -> Mapping[str, Row]:
    """Version id to its row in `articles_now`, of all versions of the articles that were `met`.

    `met` is by version id; of its rows, `article_id` and `date` are looked at.
    """
    if not met:
        return {}
    family = family_of(pinned, {row["article_id"] for row in met.values()})
    days = {row["date"].isoformat() for row in met.values()}
    paths = {file.path for file in pinned.files("articles") if file.partition["date"] in days}
    paths |= _paths_of(pinned, _unmet(pinned, family, met))
    files = [file for file in pinned.files("articles") if file.path in paths]
    mine = is_any("article_id", family)
    articles = pinned.read("articles", _ARTICLE, mine, files)
    names = {*articles["uri"].to_pylist(), *articles["guid"].to_pylist()} - {None}
    rows = {"articles": whole_rows(articles, "articles")}
    seen = pinned.read("sightings", _SIGHTING, mine, seen_since(pinned, articles))
    rows["sightings"] = whole_rows(seen, "sightings")
    rows["controls"] = pinned.read("controls", where=mine | is_any("uri", names))
    rows |= {table: pinned.read(table) for table in ("article_aliases", "runs")}
    decided = undisputed(rows)
    if decided is None:
        decided = by_views(rows)
    return {row["version_id"]: row for row in decided}


def undisputed(rows: Mapping[str, pa.Table]) -> list[Row] | None:
    """The rows of `articles_now` where the views have nothing to decide; None where they have.

    One version an article, no message about it, no word of its own about its standing: most traces
    hold nothing else, and are spared the tenth of a second that DuckDB takes to start.
    """
    articles, ids = rows["articles"], rows["articles"]["article_id"]
    states = pc.fill_null(articles["pubstatus"], "usable")
    if (
        len(rows["controls"])
        or len(pc.unique(ids)) < len(ids)
        or pc.any(pc.is_in(ids, rows["article_aliases"]["article_id"].combine_chunks())).as_py()
        or pc.any(pc.not_equal(states, "usable")).as_py()
        or pc.any(pc.greater(pc.list_value_length(articles["signals"]), 0)).as_py()
        or articles["embargoed"].null_count < len(articles)
    ):
        return None
    return [
        {column: row[column] for column in _AS_STATED}
        | {"current_article_id": row["article_id"], "version_order": 1, "is_current": True}
        | {"effective_pubstatus": "usable", "effective_embargoed": None, "is_embargo_open": False}
        for row in articles.select([*_AS_STATED, "article_id"]).to_pylist()
    ]


def by_views(rows: Mapping[str, pa.Table]) -> list[Row]:
    """The same rows as the views decide them, whatever there is to decide."""
    from lake.views import connect_rows  # DuckDB takes 60 ms to load

    with connect_rows(rows, "articles_now") as connection:
        columns = ", ".join((*_AS_STATED, *_DECIDED))
        result = connection.execute(f"SELECT {columns} FROM articles_now")
        names = [column[0] for column in result.description]
        return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def versions_of(pinned: Snapshot, article_ids: Collection[str]) -> Mapping[str, Row]:
    """Version id to `article_id` and `date`, of every version of these articles."""
    paths = _paths_of(pinned, article_ids)
    files = [file for file in pinned.files("articles") if file.path in paths]
    columns = ["article_id", "version_id", "date"]
    rows = pinned.read("articles", columns, is_any("article_id", article_ids), files).to_pylist()
    return {row["version_id"]: row for row in rows}


def family_of(pinned: Snapshot, article_ids: Collection[str]) -> frozenset[str]:
    """These ids, those that lead to them and those that they lead to, step by step."""
    pairs = pinned.read("article_aliases", ["article_id", "alias_of"]).to_pylist()
    linked = [{pair["article_id"], pair["alias_of"]} for pair in pairs]
    family = set(article_ids)
    while True:
        more = {one for link in linked if link & family for one in link} - family
        if not more:
            return frozenset(family)
        family |= more


def whole_rows(rows: pa.Table, table: str) -> pa.Table:
    """The rows with every column of their table, null where it was not read."""
    columns = [
        rows[field.name] if field.name in rows.schema.names else pa.nulls(len(rows), field.type)
        for field in BY_NAME[table].schema
    ]
    nullable = [field.with_nullable(True) for field in BY_NAME[table].schema]
    return pa.table(columns, schema=pa.schema(nullable))


def seen_since(pinned: Snapshot, articles: pa.Table) -> list[DataFile]:
    """The files of `sightings` from when the first of these articles was seen, a day of grace."""
    first = pc.min(articles["first_seen"]).as_py()
    since = "" if first is None else (first.date() - dt.timedelta(1)).isoformat()
    return [file for file in pinned.files("sightings") if file.partition["date"] >= since]


def _unmet(pinned: Snapshot, family: frozenset[str], met: Mapping[str, Row]) -> Collection[str]:
    """The articles that have other versions than those that were met."""
    with contextlib.suppress(StateDamaged):
        state = KeyState(committed_state(pinned.lake, pinned.sequence))
        known = state.versions(sorted(family))
        return {
            article_id
            for article_id in family
            if not {version.version_id for version in known.get(article_id, ())} <= met.keys()
        }
    return family


def _paths_of(pinned: Snapshot, article_ids: Collection[str]) -> set[str]:
    """The files that hold these articles."""
    if not article_ids:
        return set()
    return {hit.path for hit in find(pinned.lake, pinned, map(id_term, article_ids)).hits}
