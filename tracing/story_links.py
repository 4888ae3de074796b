"""Which articles of a story have whose text, as `links_now` has it, over the rows about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.current import family_of, named, order_of, read_versions, whole_rows
from lake.tables import Snapshot
from lake.where import is_any
from schemas.link import Aligned
from tracing.story_model import Copying
from tracing.uncredited_line import UncreditedLine

if TYPE_CHECKING:
    import duckdb

_EDGES = """
    SELECT from_article_id, to_article_id, from_version_id, to_version_id, from_field, to_field,
           evidence, kind, direction, direction_reason, credited, credit,
           containment_from, containment_to, longest
    FROM links_now ORDER BY from_article_id, to_article_id
"""
_OUTLETS = "SELECT DISTINCT current_article_id, outlet FROM articles_now"
_ENDS = ("from_article_id", "to_article_id")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SharedText:
    """Copies, updates within an outlet, and copies that name nobody for it."""

    copies: tuple[Copying, ...] = ()
    updates: tuple[Copying, ...] = ()
    missing_credit: tuple[UncreditedLine, ...] = ()


def read_shared_text(
    pinned: Snapshot, article_ids: Collection[str], unseen: Collection[str]
) -> SharedText:
    """What some articles have of each other's text; who names nobody for what is anybody's.

    What else has a text of theirs is read, too: by it the view tells forms and boilerplate from
    copies, and who names one of several sources is not listed for another. No `unseen` is a source.
    """
    mine = family_of(pinned, article_ids)
    links = _links_about(pinned, mine)
    pairs = zip(*_ends(links), strict=True)
    if not any({one, other} <= mine for one, other in pairs):
        return SharedText()
    from tracing.find_uncredited import uncredited_of  # what it reads addresses by is slow to load

    rows = _rows_around(pinned, mine, links)
    with _connect(rows) as connection:
        connection.register("citations", rows["citations"])
        edges = [_copying(row) for row in _fetch(connection, _EDGES)]
        outlets = dict(connection.execute(_OUTLETS).fetchall())
        edges = [one for one in edges if {one.from_article_id, one.to_article_id} <= mine]
        suspects = {outlets[e.from_article_id] for e in edges if _is_uncredited(e, outlets)}
        missing = [line for one in sorted(suspects) for line in uncredited_of(connection, one)]
    return SharedText(
        tuple(one for one in edges if one.kind != "updates"),
        tuple(one for one in edges if one.kind == "updates"),
        tuple(
            line
            for line in missing
            if line.article_id in mine and line.source_article_id not in unseen
        ),
    )


def read_links_about(pinned: Snapshot, article_ids: Collection[str]) -> list[Copying]:
    """The rows of `links_now` of which one of these articles is an end."""
    mine = family_of(pinned, article_ids)
    links = _links_about(pinned, mine)
    if not len(links):
        return []
    with _connect(_rows_around(pinned, mine, links)) as connection:
        found = [_copying(row) for row in _fetch(connection, _EDGES)]
    return [one for one in found if not mine.isdisjoint((one.from_article_id, one.to_article_id))]


@dataclass(frozen=True, slots=True)
class OutletLinks:
    """What articles of an outlet share with others: edges, whose both ends are; missing credits."""

    edges: tuple[Copying, ...] = ()
    outlets: Mapping[str, str] = field(default_factory=dict)
    missing_credit: tuple[UncreditedLine, ...] = ()


def read_outlet_links(
    pinned: Snapshot, outlet: str, article_ids: Collection[str], unseen: Collection[str]
) -> OutletLinks:
    """Of some articles of an outlet; nothing with an end that is `unseen`."""
    mine = family_of(pinned, article_ids)
    links = _links_about(pinned, mine)
    if not len(links):
        return OutletLinks()
    from tracing.find_uncredited import uncredited_of

    # Most articles share nothing, and need not be looked for.
    rows = _rows_around(pinned, frozenset(), links)
    with _connect(rows) as connection:
        connection.register("citations", rows["citations"])
        edges = [_copying(row) for row in _fetch(connection, _EDGES)]
        outlets = dict(connection.execute(_OUTLETS).fetchall())
        missing = uncredited_of(connection, outlet)
    ends = [({one.from_article_id, one.to_article_id}, one) for one in edges]
    return OutletLinks(
        tuple(one for both, one in ends if both & mine and both.isdisjoint(unseen)),
        outlets,
        tuple(
            line
            for line in missing
            if line.article_id in mine
            and {line.article_id, line.source_article_id}.isdisjoint(unseen)
        ),
    )


def _links_about(pinned: Snapshot, mine: frozenset[str]) -> pa.Table:
    ids = pa.array(sorted(mine), pa.string())
    where = pc.field("from_article_id").isin(ids) | pc.field("to_article_id").isin(ids)
    return pinned.read("links", where=where, files=pinned.files_with("links", where))


def _ends(links: pa.Table) -> list[list[str]]:
    return [links[end].to_pylist() for end in _ENDS]


def _rows_around(pinned: Snapshot, mine: frozenset[str], links: pa.Table) -> dict[str, pa.Table]:
    """All that the views look at of these articles and of what shares text with them."""
    others = {one for end in _ends(links) for one in end}
    return rows_about(pinned, family_of(pinned, mine | others)) | {"links": links}


def _connect(rows: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    from lake.views import connect_rows  # DuckDB takes 60 ms to load

    return connect_rows(rows, "links_now", "articles_now")


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def rows_about(pinned: Snapshot, article_ids: frozenset[str]) -> dict[str, pa.Table]:
    """All that the views of articles look at of some of them, and their citations."""
    mine = is_any("article_id", article_ids)
    rows = {"articles": read_versions(pinned, article_ids)}
    days = set(rows["articles"]["date"].to_pylist())
    rows["citations"] = pinned.read("citations", None, mine, pinned.files_on("citations", days))
    names = {*rows["articles"]["uri"].to_pylist(), *rows["articles"]["guid"].to_pylist()} - {None}
    rows["controls"] = pinned.read("controls", where=mine | named(names))
    rows = {table: whole_rows(found, table) for table, found in rows.items()}
    rows["article_aliases"] = pinned.read("article_aliases")
    return rows | order_of(pinned, rows["articles"])


def _copying(row: Row) -> Copying:
    return Copying(**row | {"evidence": tuple(Aligned(**span) for span in row["evidence"])})


def _is_uncredited(edge: Copying, outlets: dict[str, str]) -> bool:
    return not edge.credited and outlets[edge.from_article_id] != outlets[edge.to_article_id]
