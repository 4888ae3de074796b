"""A line of a trace or a story from its row of `articles_now`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracing.article_facts import facts_of
from tracing.trace_model import Credit, Line, Reason, Unreached


def make_line(
    row: Mapping[str, Any],
    credits: Iterable[Credit],
    reasons: Iterable[Reason],
    unreached: Iterable[Unreached],
) -> Line:
    """The line of a row that `lake.current.versions_now` gave."""
    return Line(
        **facts_of(row),
        genre=row["genre"],
        credits=tuple(credits),
        reasons=tuple(reasons),
        unreached=tuple(unreached),
    )
