"""Small lakes that are served."""

from __future__ import annotations

from typing import Any

from schemas.article import Article
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit, member, run

STORY = id_of("S")


def wire(name: str, day: int, **fields: Any) -> Article:
    given: dict[str, Any] = {
        "published": at(day), "published_tz_known": True, "outlet": f"{name}.example",
    }  # fmt: skip
    return article(name, **{**given, **fields})


def one_story(builder: LakeBuilder, **fields: Any) -> LakeBuilder:
    """Of `a`, `b` with its text and `c` with a credit of it; `fields` are of `b`."""
    a, b, c = wire("a", 1), wire("b", 2, **fields), wire("c", 3)
    run(
        builder, a, b, c, *(member(one, "S") for one in (a, b, c)), link("b", "a"), credit(c, "a"),
    )  # fmt: skip
    return builder
