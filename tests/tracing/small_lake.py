"""Small lakes whose relations are written down by hand, and what a trace says of them."""

from __future__ import annotations

from typing import Any

from schemas.article import Article
from schemas.citation import Citation
from schemas.entity import Entity
from tests.lake.builder import LakeBuilder, sighting
from tracing.model import Line, Trace
from tracing.trace import Filters, trace


def names(of: Article, *ids: str) -> list[Entity]:
    """A mention of each id in the article's body, somewhere."""
    return [
        Entity(
            article_id=of.article_id, version_id=of.version_id, field="body_text", start=number,
            end=number + 1, surface=entity_id, kind="place", entity_id=entity_id,
            method="gazetteer:place", score=0.9, date=of.date,
        )
        for number, entity_id in enumerate(ids)
    ]  # fmt: skip


def credit(of: Article, agency: str, kind: str = "attribution") -> Citation:
    return Citation(
        article_id=of.article_id, version_id=of.version_id, agency=agency, surface=agency,
        phrase=f"according to {agency}", field="body_text", start=0, end=len(agency), kind=kind,
        score=0.9, date=of.date,
    )  # fmt: skip


RARE = ("geonames:1", "geonames:2")


def run(builder: LakeBuilder, *rows: Any) -> None:
    articles = [row for row in rows if isinstance(row, Article)]
    builder.run(*rows, *(sighting(one) for one in articles))


def traced(builder: LakeBuilder, asked: str, **filters: Any) -> Trace:
    return trace(builder.snapshot, asked, None, Filters(**filters))


def why(found: Trace) -> dict[str, set[str]]:
    """Article's name (its outlet here) to the reasons for its line."""
    return {line.outlet: {reason.by for reason in line.reasons} for line in found.lines}


def line_of(found: Trace, outlet: str) -> Line:
    [line] = [line for line in found.lines if line.outlet == outlet]
    return line
