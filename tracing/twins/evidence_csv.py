"""The evidence of an edge as one table: what is marked in both texts, the later one's first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tracing.evidence_model import Evidence, Side
from tracing.twins.csv_text import csv_text

COLUMNS: Final = (
    "side", "article_id", "version_id", "outlet", "field", "start", "end", "kind", "number",
    "what", "text",
)  # fmt: skip


def evidence_csv(evidence: Evidence) -> str:
    """A row for each mark, with the words that it stands on."""
    sides = (("later", evidence.later), ("earlier", evidence.earlier))
    return csv_text(COLUMNS, (row for name, side in sides for row in _rows(name, side)))


def _rows(name: str, side: Side) -> Iterator[list[Any]]:
    texts = {one.field: one.text for one in side.texts}
    article = side.article
    for mark in side.marks:
        yield [
            name, article.article_id, side.version_id, article.outlet, mark.field, mark.start,
            mark.end, mark.kind, mark.number, mark.what, texts[mark.field][mark.start : mark.end],
        ]  # fmt: skip
