"""Two versions as evidence is read from them: their texts, credits, and names that have an id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from lake.current import rows_of, versions_now
from lake.tables import Snapshot
from lake.where import is_any
from schemas.citation import CREDITING
from tracing.find_articles import NoSuchArticle, is_article_id
from tracing.find_version import versions_by_id
from transforms.copies.direction import Cited, Credit, Times, find_credit

# In the order in which they are shown.
TEXTS = (
    "headline", "byline", "dateline", "creditline", "description_text", "body_text",
)  # fmt: skip
_COLUMNS = [
    "article_id", "version_id", "date", "outlet", "outlet_name", "published",
    "published_tz_known", "versioncreated", "first_seen", *TEXTS,
]  # fmt: skip
_CITATION = ["version_id", "agency", "kind", "phrase", "field", "start", "end"]
_ENTITY = ["version_id", "entity_id", "kind", "field", "start", "end"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A row of `articles`, its credits, and the names in it that have an id."""

    row: Row
    credits: Sequence[Row]
    names: Sequence[Row]

    @property
    def version_id(self) -> str:
        """Which version it is of."""
        return str(self.row["version_id"])

    @property
    def field(self) -> str:
        """That which is compared."""
        return "body_text" if self.row["body_text"] else "description_text"

    @property
    def text(self) -> str:
        """What stands there."""
        return self.row[self.field] or ""

    @property
    def times(self) -> Times:
        """What it claims."""
        row = self.row
        return Times(row["published"], row["versioncreated"], row["published_tz_known"])

    def credit_by(self, credits: Sequence[Row]) -> Credit | None:
        """Which of another's credits mean this outlet."""
        cited = [Cited(row["agency"], row["phrase"]) for row in credits]
        return find_credit(cited, self.row["outlet"], self.row["outlet_name"])


def read_texts(pinned: Snapshot, asked: Sequence[str], unseen: Collection[str]) -> list[Text]:
    """Of each id, of a version or of an article whose current one is meant, what it says.

    Raises:
        NoSuchArticle: there is none of an id, or it is `unseen`.
    """
    return _read(pinned, _find(pinned, asked, unseen))


def _find(pinned: Snapshot, asked: Sequence[str], unseen: Collection[str]) -> list[Row]:
    found: dict[str, Row] = {}
    for one in {one for one in asked if is_article_id(one)}:
        current = _current_of(pinned, one)
        found |= {one: current} if current else {}
    found |= versions_by_id(pinned, {one for one in asked if is_article_id(one)} - found.keys())
    for one in asked:
        if one not in found or found[one]["article_id"] in unseen:
            raise NoSuchArticle(f"no version {one[:200]!r} in {pinned.lake.root}")
    return [found[one] for one in asked]


def _current_of(pinned: Snapshot, article_id: str) -> Row | None:
    """The current version of an article, if it is the id of one."""
    now = versions_now(pinned, [article_id]).values()
    return next((row for row in now if row["is_current"]), None)


def _read(pinned: Snapshot, met: Sequence[Row]) -> list[Text]:
    mine = {row["version_id"]: row for row in met}
    rows = {r["version_id"]: r for r in rows_of(pinned, "articles", _COLUMNS, mine).to_pylist()}
    is_crediting = is_any("kind", CREDITING)
    citations = rows_of(pinned, "citations", _CITATION, mine).filter(is_crediting).to_pylist()
    is_known = pc.field("entity_id").is_valid()
    names = rows_of(pinned, "entities", _ENTITY, mine).filter(is_known).to_pylist()
    return [
        Text(
            rows[version],
            sorted((c for c in citations if c["version_id"] == version), key=_by_place),
            sorted((n for n in names if n["version_id"] == version), key=_by_place),
        )
        for version in (row["version_id"] for row in met)
    ]


def _by_place(row: Row) -> tuple[str, int, int]:
    return row["field"], row["start"], row["end"]
