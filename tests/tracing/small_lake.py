"""Small lakes whose relations are written down by hand, and what a trace says of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.article import Article
from schemas.citation import Citation
from schemas.entity import Entity
from schemas.story_alias import Sign, StoryAlias
from schemas.story_member import StoryMember
from tests.lake.builder import NOON, LakeBuilder, id_of, sighting
from tracing.trace import Filters, trace
from tracing.trace_model import Line, Trace


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


def member(of: Article, story: str, op: str = "join", **fields: Any) -> StoryMember:
    """That an article joins, or leaves, a story of its language; the story by a readable name."""
    given: dict[str, Any] = {
        "story_id": id_of(story), "article_id": of.article_id, "op": op, "joined_at": NOON,
        "score": 0.8, "reason": "joins" if op == "join" else "moved", "language": of.language,
        "day": None if of.published is None else of.date, "sequence": 1, "run_id": "",
        "date": of.date,
    }  # fmt: skip
    return StoryMember(**{**given, **fields})


def tie(story: str, alias_of: str, **fields: Any) -> StoryAlias:
    """That two stories of different languages are one, as both name Bamako."""
    given: dict[str, Any] = {
        "story_id": id_of(story), "alias_of": id_of(alias_of), "language": "fr",
        "alias_language": "ru", "reason": "translated",
        "score": 0.9, "evidence": (Sign("name", "geonames:1", 5.0),), "day": dt.date(2024, 5, 2),
        "withdrawn": False, "as_of": NOON, "sequence": 1, "run_id": "", "month": "2024-05",
    }  # fmt: skip
    return StoryAlias(**{**given, **fields})


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
