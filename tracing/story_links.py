"""Which articles of a story have whose text, as `links_now` has it, over the rows about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.checked import is_any
from lake.current import family_of, order_of, read_versions, whole_rows
from lake.tables import Snapshot
from tracing.story_model import Copying

if TYPE_CHECKING:
    from tracing.find_uncredited import UncreditedLine

_EDGES = """
    SELECT from_article_id, to_article_id, kind, direction, direction_reason, credited, credit,
           containment_from, containment_to, longest
    FROM links_now ORDER BY from_article_id, to_article_id
"""
_OUTLETS = "SELECT DISTINCT current_article_id, outlet FROM articles_now"
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
    ids = pa.array(sorted(mine), pa.string())
    where = pc.field("from_article_id").isin(ids) | pc.field("to_article_id").isin(ids)
    links = pinned.read("links", where=where, files=pinned.files_with("links", where))
    ends = [set(links[end].to_pylist()) for end in ("from_article_id", "to_article_id")]
    pairs = zip(
        links["from_article_id"].to_pylist(), links["to_article_id"].to_pylist(), strict=True
    )
    if not any({one, other} <= mine for one, other in pairs):
        return SharedText()
    from lake.views import connect_rows  # DuckDB takes 60 ms to load
    from tracing.find_uncredited import uncredited_of

    rows = _rows_of(pinned, family_of(pinned, mine | ends[0] | ends[1])) | {"links": links}
    with connect_rows(rows, "links_now", "articles_now") as connection:
        connection.register("citations", rows["citations"])
        result = connection.execute(_EDGES)
        names = [column[0] for column in result.description]
        edges = [Copying(**dict(zip(names, row, strict=True))) for row in result.fetchall()]
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


def _rows_of(pinned: Snapshot, article_ids: frozenset[str]) -> dict[str, pa.Table]:
    """All that the views look at of some articles."""
    mine = is_any("article_id", article_ids)
    rows = {"articles": read_versions(pinned, article_ids)}
    days = set(rows["articles"]["date"].to_pylist())
    rows["citations"] = pinned.read("citations", None, mine, pinned.files_on("citations", days))
    named = {*rows["articles"]["uri"].to_pylist(), *rows["articles"]["guid"].to_pylist()} - {None}
    by_name = is_any("uri", named)
    rows["controls"] = pinned.read("controls", where=mine | by_name)
    rows = {table: whole_rows(found, table) for table, found in rows.items()}
    rows["article_aliases"] = pinned.read("article_aliases")
    return rows | order_of(pinned, rows["articles"])


def _is_uncredited(edge: Copying, outlets: dict[str, str]) -> bool:
    return not edge.credited and outlets[edge.from_article_id] != outlets[edge.to_article_id]
