"""The picture of a story: a lane per outlet, a mark per article, a curve per edge. Pure layout.

Units are those of the SVG's `viewBox`. Kinds of edges differ by colour and by dash, roles of
articles by shape; whatever the picture shows stands in the tables under it, too.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tracing.page.edges import Edge
from tracing.page.time_axis import Cut, Tick, TimeAxis
from tracing.story_model import Story
from tracing.trace_model import Line

WIDTH: Final = 1200.0
_LABELS: Final = 250.0
_UNDATED: Final = 110.0
_PAD: Final = 34.0
_TOP: Final = 46.0
_LANE: Final = 46.0
_RADIUS: Final = 11.0
# Marks of one lane that would cover each other are drawn above and below its line.
_NEAR: Final = 2 * _RADIUS + 2
_ASIDE: Final = 12.0
# How far off a claim may be whose zone is not known, and one that is a day without a time.
_ZONES: Final = dt.timedelta(hours=14)
# By kind, how far an edge is drawn aside: two of one pair, or of one source, are told apart.
_ASIDES: Final = {"cites": -5.0, "derives": 0.0, "copies": 5.0, "updates": -2.5}
_CORNER: Final = 14.0
# What a mark and an arrow's head take of an edge's end.
_END: Final = _RADIUS + 4


@dataclass(frozen=True, slots=True)
class Mark:
    """An article at its claimed time; `number` is its place in the story.

    `whisker`: from where to where the claim may be off; `seen`: where it was first seen, if that is
    on the axis.
    """

    article_id: str
    number: int
    role: str
    x: float
    y: float
    whisker: tuple[float, float] | None
    seen: float | None


@dataclass(frozen=True, slots=True)
class Lane:
    """An outlet's line at `y`, from its first mark on."""

    outlet: str
    name: str
    languages: str
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """An edge, drawn from its source to its taker."""

    edge: Edge
    path: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of the picture. `undated_x`: the column of articles that claim no time, if any does."""

    width: float
    height: float
    left: float
    right: float
    lanes: tuple[Lane, ...]
    curves: tuple[Curve, ...]
    ticks: tuple[Tick, ...]
    cuts: tuple[Cut, ...]
    undated_x: float | None


def timeline_of(
    story: Story, edges: Sequence[Edge], roles: Mapping[str, str], names: Mapping[str, str]
) -> Timeline:
    """Lay a story out; `roles` are by article, `names` by outlet."""
    is_undated = any(line.claimed is None for line in story.lines)
    times = [line.claimed for line in story.lines if line.claimed is not None]
    right = WIDTH - _PAD - (_UNDATED if is_undated else 0.0)
    axis = TimeAxis(times, _LABELS + _PAD, right - _PAD) if times else None
    undated_x = WIDTH - _UNDATED / 2 - _PAD / 2 if is_undated else None
    lanes = tuple(_lanes(story.lines, roles, names, axis, undated_x))
    marks = {mark.article_id: mark for lane in lanes for mark in lane.marks}
    return Timeline(
        WIDTH,
        _TOP + _LANE * len(lanes) + 14,
        _LABELS,
        right,
        lanes,
        tuple(
            Curve(one, _path(marks[one.source_id], marks[one.taker_id], one.kind)) for one in edges
        ),
        tuple(axis.ticks) if axis else (),
        tuple(axis.cuts) if axis else (),
        undated_x,
    )


def _lanes(
    lines: Sequence[Line],
    roles: Mapping[str, str],
    names: Mapping[str, str],
    axis: TimeAxis | None,
    undated_x: float | None,
) -> Iterator[Lane]:
    by_outlet: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, line in enumerate(lines, 1):
        by_outlet[line.outlet].append((number, line))
    ordered = sorted(by_outlet.items(), key=lambda one: one[1][0][0])
    for place, (outlet, mine) in enumerate(ordered):
        y = _TOP + _LANE * (place + 0.5)
        marks: list[Mark] = []
        for number, line in mine:
            marks.append(_mark(line, number, roles[line.article_id], y, axis, undated_x, marks))
        name = names[outlet]
        languages = ", ".join(sorted({line.language for _, line in mine}))
        yield Lane(outlet, name, languages, y, tuple(marks))


def _mark(
    line: Line,
    number: int,
    role: str,
    y: float,
    axis: TimeAxis | None,
    undated_x: float | None,
    before: Sequence[Mark],
) -> Mark:
    whisker = seen = None
    if line.claimed is None or axis is None:
        x = undated_x or 0.0
    else:
        x = axis.place(line.claimed)
        if not line.claimed_tz_known:
            ends = (axis.place(line.claimed + off) for off in (-_ZONES, _ZONES))
            whisker = (round(next(ends), 1), round(next(ends), 1))
        if axis.covers(line.first_seen) and line.first_seen > line.claimed:
            seen = round(axis.place(line.first_seen), 1)
    near = sum(abs(mark.x - x) < _NEAR for mark in before)
    aside = (0.0, -_ASIDE, _ASIDE)[near % 3] if near else 0.0
    return Mark(line.article_id, number, role, round(x, 1), y + aside, whisker, seen)


def _path(source: Mark, taker: Mark, kind: str) -> str:
    """Down or up from the source as a trunk of all its takers, then along the taker's lane.

    Within a lane it is an arch above.
    """
    aside = _ASIDES[kind]
    x, y = source.x + aside, taker.y + aside
    if source.y == taker.y:
        top = y - _LANE * 0.6
        return (
            f"M{source.x:.1f} {source.y:.1f}"
            f"C{source.x:.1f} {top:.1f} {taker.x:.1f} {top:.1f} {taker.x:.1f} {y - _END:.1f}"
        )
    down = 1 if taker.y > source.y else -1
    across = 1 if taker.x > x else -1
    if abs(taker.x - x) <= _END:
        return f"M{x:.1f} {source.y:.1f}V{taker.y - down * _END:.1f}"
    corner = min(_CORNER, abs(y - source.y), abs(taker.x - x) - _END + 1)
    return (
        f"M{x:.1f} {source.y:.1f}V{y - down * corner:.1f}"
        f"Q{x:.1f} {y:.1f} {x + across * corner:.1f} {y:.1f}H{taker.x - across * _END:.1f}"
    )
