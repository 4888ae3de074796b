"""The page of a story: what is found, the picture, the articles by time, each edge's evidence."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tracing.page.edges import KINDS, Edge, edges_of
from tracing.page.findings import DOUBTS, ROLES, language_path, most_credited, roles_of
from tracing.page.links import Exported, Links
from tracing.page.passages import Texts, names_source, passages_of
from tracing.page.render import render
from tracing.page.timeline import timeline_of
from tracing.story_model import Dangling, Lag, Story
from tracing.trace_model import Line

# Of a story's signs that its parts are one, as many as are read.
_MOST_SIGNS = 8
# Of a finding what is not folded.
_MOST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in the list: its number, role, edges to what it has, credits that dangle, lag."""

    number: int
    line: Line
    role: str
    edges: tuple[Edge, ...]
    dangling: tuple[Dangling, ...]
    lag: Lag | None


def story_page(
    story: Story,
    texts: Texts,
    links: Links,
    now: dt.datetime,
    *,
    full_texts: bool = False,
) -> str:
    """A story as HTML; `texts` are of the versions that its edges are of.

    A page for disk (`Exported` links) has the evidence's words only; with `full_texts` all texts.
    """
    is_exported = isinstance(links, Exported)
    edges = edges_of(story)
    roles = roles_of(story, edges)
    names = _outlet_names(story)
    lines = {line.article_id: line for line in story.lines}
    around = full_texts or not is_exported
    return render(
        "story.html.j2",
        story=story,
        links=links,
        now=now,
        is_exported=is_exported,
        edges=edges,
        kinds=[
            (kind, title, [e for e in edges if e.kind == kind]) for kind, title in KINDS.items()
        ],
        passages={edge.number: passages_of(edge, texts, around=around) for edge in edges},
        named={edge.number for edge in edges if _names(edge, lines[edge.source_id], texts)},
        texts=texts if full_texts else {},
        roles=ROLES,
        roles_by=roles,
        parts={part.part_id: part.language for part in story.parts},
        doubts=DOUBTS,
        lines=lines,
        numbers={line.article_id: number for number, line in enumerate(story.lines, 1)},
        names=names,
        entries=_entries(story, edges, roles),
        timeline=timeline_of(story, edges, roles, names),
        title=_title(story, lines),
        credited=most_credited(edges, lines),
        path=language_path(story, lines),
        most_signs=_MOST_SIGNS,
        most_answers=_MOST_ANSWERS,
    )


def _entries(story: Story, edges: tuple[Edge, ...], roles: Mapping[str, str]) -> list[Entry]:
    has: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        has[edge.taker_id].append(edge)
    dangling: dict[str, list[Dangling]] = defaultdict(list)
    for one in story.dangling:
        dangling[one.article_id].append(one)
    lags = {lag.article_id: lag for lag in story.lags}
    return [
        Entry(
            number,
            line,
            roles[line.article_id],
            tuple(has[line.article_id]),
            tuple(dangling[line.article_id]),
            lags.get(line.article_id),
        )
        for number, line in enumerate(story.lines, 1)
    ]


def _outlet_names(story: Story) -> dict[str, str]:
    """Of outlets, as they call themselves if they do, and nobody else here does."""
    names = {line.outlet: line.outlet_name or line.outlet for line in story.lines[::-1]}
    counts = Counter(names.values())
    return {outlet: name if counts[name] == 1 else outlet for outlet, name in names.items()}


def _names(edge: Edge, source: Line, texts: Texts) -> bool:
    return names_source(edge, texts, source.outlet, source.outlet_name)


def _title(story: Story, lines: Mapping[str, Line]) -> Line | None:
    """The article whose headline stands over the page: the first, if it has one."""
    first = story.first_claimed.article_id if story.first_claimed else None
    titled = [line for line in story.lines if line.headline]
    return next(
        (line for line in titled if line.article_id == first), titled[0] if titled else None
    )
