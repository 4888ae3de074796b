"""A story as one table: its articles, then its edges, which name the article at each end.

One table, since a page and a download have one address. `row` says what a row is, in the words of
`wiretrace story --jsonl`: `article`, `cites`, `derives`, `copies`, `updates`, `dangling` or
`missing_credit`. Every row has all columns of its article, so that a filter on `row` gives a table
that needs no join.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tracing.story_model import Dangling, Story
from tracing.trace_model import Line
from tracing.twins.csv_text import csv_text
from tracing.twins.edges import Edge, edges_of
from tracing.twins.roles import roles_of
from tracing.uncredited_line import UncreditedLine

_ARTICLE: Final = (
    "article_id", "outlet", "outlet_name", "language", "published", "published_tz_known",
    "first_seen", "headline", "url", "genre", "pubstatus", "embargoed", "is_embargo_open",
)  # fmt: skip
_OTHER: Final = ("outlet", "language", "published", "first_seen")
_EDGE: Final = (
    "subkind", "agency", "words", "phrase", "is_exact", "doubt", "direction", "direction_reason",
    "credited", "share", "longest",
)  # fmt: skip
COLUMNS: Final = (
    "row", "story_id", *_ARTICLE, "roles",
    "other_id", *(f"other_{name}" for name in _OTHER), *_EDGE,
)  # fmt: skip
# Of a passage; as `wiretrace story` shows it. The JSON twin has the whole of it.
_LONGEST_PASSAGE: Final = 200
Cells = Mapping[str, Any]


def story_csv(story: Story) -> str:
    """The table as text."""
    return csv_text(COLUMNS, ([row.get(name) for name in COLUMNS] for row in story_rows(story)))


def story_rows(story: Story) -> Iterator[Cells]:
    """Rows by column; a column that a row has nothing for is left out."""
    lines = {line.article_id: line for line in story.lines}
    roles = roles_of(story)
    mine = {
        id_: {"story_id": story.story_id, **_article(line), "roles": roles.get(id_, ())}
        for id_, line in lines.items()
    }
    for id_ in mine:
        yield {"row": "article", **mine[id_]}
    for edge in edges_of(story):
        yield {"row": edge.kind, **mine[edge.article_id], **_edge(edge, lines)}
    for dangling in story.dangling:
        yield {"row": "dangling", **mine[dangling.article_id], **_dangling(dangling, lines)}
    for missing in story.missing_credit:
        yield {"row": "missing_credit", **mine[missing.article_id], **_missing(missing, lines)}


def _article(line: Line) -> Cells:
    return {name: getattr(line, name) for name in _ARTICLE}


def _other(id_: str | None, lines: Mapping[str, Line]) -> Cells:
    """Of the other article; that of a missing credit may be outside the story."""
    line = lines.get(id_ or "")
    found = {} if line is None else {f"other_{name}": getattr(line, name) for name in _OTHER}
    return {"other_id": id_, **found}


def _edge(edge: Edge, lines: Mapping[str, Line]) -> Cells:
    evidence = {name: getattr(edge, name) for name in _EDGE}
    return {**_other(edge.other_id, lines), **evidence}


def _dangling(one: Dangling, lines: Mapping[str, Line]) -> Cells:
    return {
        **_other(one.later_original, lines),
        "subkind": one.kind,
        "agency": one.agency,
        "words": one.words.text,
        "phrase": one.phrase,
    }


def _missing(one: UncreditedLine, lines: Mapping[str, Line]) -> Cells:
    cut = "…" if len(one.passage) > _LONGEST_PASSAGE else ""
    return {
        **_other(one.source_article_id, lines),
        "other_outlet": one.source,
        "subkind": one.kind,
        "phrase": one.passage[:_LONGEST_PASSAGE] + cut,
        "share": one.share_of_it,
        "longest": one.longest_run,
    }
