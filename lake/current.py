"""The current state of some articles, by `lake/views.sql` over their rows alone.

Every version of an article counts, on whatever day it stands: a kill may be dated a week after what
it kills. They are looked up by the article's id, and only the files that have one are opened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.data_file import DataFile
from lake.search import find
from lake.search_terms import id_term
from lake.tables import Snapshot
from lake.where import is_any
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
    "article_id", "version_id", "outlet", "outlet_name", "language", "headline", "url", "genre",
    "published", "published_tz_known", "versioncreated", "first_seen", "pubstatus", "signals",
    "date",
]  # fmt: skip
_DECIDED = [
    "current_article_id", "version_order", "is_current", "effective_pubstatus",
    "effective_embargoed", "is_embargo_open",
]  # fmt: skip


def versions_now(pinned: Snapshot, article_ids: Collection[str]) -> Mapping[str, Row]:
    """Version id to its row in `articles_now`, of all versions of these articles.

    Versions of what is an alias of one of them, or what one of them is an alias of, are among them.
    """
    if not article_ids:
        return {}
    family = family_of(pinned, article_ids)
    articles = read_versions(pinned, family, _ARTICLE)
    names = {*articles["uri"].to_pylist(), *articles["guid"].to_pylist()} - {None}
    rows = {"articles": whole_rows(articles, "articles")}
    about = is_any("article_id", family) | named(names)
    rows["controls"] = pinned.read("controls", where=about)
    rows["article_aliases"] = _aliases(pinned)
    decided = undisputed(rows)
    if decided is None:
        decided = by_views(rows | order_of(pinned, articles))
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
        for row in articles.select(_AS_STATED).to_pylist()
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
    rows = read_versions(pinned, article_ids, ["article_id", "version_id", "date"]).to_pylist()
    return {row["version_id"]: row for row in rows}


def read_versions(
    pinned: Snapshot, article_ids: Collection[str], columns: list[str] | None = None
) -> pa.Table:
    """The rows of `articles` of every version of these articles."""
    paths = {hit.path for hit in find(pinned.lake, pinned, map(id_term, article_ids)).hits}
    files = [file for file in pinned.files("articles") if file.path in paths]
    return pinned.read("articles", columns, is_any("article_id", article_ids), files)


def rows_of(
    pinned: Snapshot, table: str, columns: list[str], versions: Mapping[str, Row]
) -> pa.Table:
    """The rows of some versions in a table by date; of theirs, `article_id` and `date` are read."""
    files = pinned.files_on(table, {row["date"] for row in versions.values()})
    # By article first: so are the tables laid out.
    mine = is_any("article_id", {row["article_id"] for row in versions.values()})
    return pinned.read(table, columns, mine & is_any("version_id", versions), files)


def named(names: Collection[str]) -> pc.Expression:
    """Of `controls`: the messages that reach the articles with these names, of whatever outlet."""
    told = pc.field("any_outlet")
    before_it = told.is_null() & pc.match_substring(pc.field("uri"), ":")
    return is_any("uri", names) & (told | before_it)


def family_of(pinned: Snapshot, article_ids: Collection[str]) -> frozenset[str]:
    """These ids, those that lead to them and those that they lead to, step by step."""
    pairs = _aliases(pinned).select(["article_id", "alias_of"]).to_pylist()
    linked = [{pair["article_id"], pair["alias_of"]} for pair in pairs]
    family = set(article_ids)
    while True:
        more = {one for link in linked if link & family for one in link} - family
        if not more:
            return frozenset(family)
        family |= more


def aliased(pinned: Snapshot) -> frozenset[str]:
    """Articles that turned out to be others."""
    pairs = _aliases(pinned).filter(pc.field("article_id") != pc.field("alias_of"))
    return frozenset(pairs["article_id"].to_pylist())


def _aliases(pinned: Snapshot) -> pa.Table:
    return pinned.once("article_aliases", lambda: pinned.read("article_aliases"))


def whole_rows(rows: pa.Table, table: str) -> pa.Table:
    """The rows with every column of their table, null where it was not read."""
    columns = [
        rows[field.name] if field.name in rows.schema.names else pa.nulls(len(rows), field.type)
        for field in BY_NAME[table].schema
    ]
    nullable = [field.with_nullable(True) for field in BY_NAME[table].schema]
    return pa.table(columns, schema=pa.schema(nullable))


def order_of(pinned: Snapshot, articles: pa.Table) -> dict[str, pa.Table]:
    """What the order of versions is decided by besides: sightings of what may have several.

    And the runs, which say what is newer. `articles` are rows of all versions of some.
    """
    counted = pc.value_counts(articles["article_id"])
    several = counted.filter(pc.greater(counted.field("counts"), 1)).field("values").to_pylist()
    aliases = _aliases(pinned)
    ids = {*several, *aliases["article_id"].to_pylist(), *aliases["alias_of"].to_pylist()}
    mine = articles.filter(pc.is_in(articles["article_id"], pa.array(sorted(ids), pa.string())))
    files = _seen_since(pinned, mine) if len(mine) else []
    where = is_any("article_id", mine["article_id"].unique().to_pylist())
    seen = pinned.read("sightings", _SIGHTING, where, files)
    runs = pinned.read("runs", ["run_id", "sequence"])
    return {"sightings": whole_rows(seen, "sightings"), "runs": whole_rows(runs, "runs")}


def _seen_since(pinned: Snapshot, articles: pa.Table) -> list[DataFile]:
    """The files of `sightings` from when the first of these versions was seen, a day of grace."""
    first = pc.min(articles["first_seen"]).as_py()
    since = "" if first is None else (first.date() - dt.timedelta(1)).isoformat()
    return [file for file in pinned.files("sightings") if file.partition["date"] >= since]
