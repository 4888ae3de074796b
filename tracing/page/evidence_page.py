"""The page of an edge's evidence: both texts side by side, marked, and why the direction is so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tracing.evidence_model import Evidence, Side
from tracing.page.absent import absent
from tracing.page.directions import CERTAIN, KINDS, WHY
from tracing.page.fields import FIELDS
from tracing.page.links import Exported, Links
from tracing.page.marked import Segment, Span, cut
from tracing.page.phrases import hours
from tracing.page.render import render

_MARKS: Final = {"shared": "same", "rewritten": "changed"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Segments in a row that are of one passage, or of none (`number` 0).

    `anchor` is the passage's place on the page, `other` its place on the other side; both None
    where it goes on after a break.
    """

    number: int
    segments: tuple[Segment, ...]
    anchor: str | None
    other: str | None


@dataclass(frozen=True, slots=True)
class Text:
    """A field, by its name for people, and its stretches."""

    field: str
    label: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A side as it is shown: `role` is what it is to the other one."""

    side: Side
    role: str
    texts: tuple[Text, ...]


def evidence_page(evidence: Evidence, links: Links, now: dt.datetime) -> str:
    """Two texts as HTML, the earlier one first."""
    later_role, earlier_role = _roles(evidence.is_in_order)
    passages = _numbers(evidence.later) & _numbers(evidence.earlier)
    return render(
        "evidence.html.j2",
        sequence=evidence.sequence,
        evidence=evidence,
        columns=[
            Column(
                evidence.earlier, earlier_role, tuple(_texts(evidence.earlier, "earlier", passages))
            ),
            Column(evidence.later, later_role, tuple(_texts(evidence.later, "later", passages))),
        ],
        written=_written(evidence.earlier) | _written(evidence.later),
        doubts=list(_doubts(evidence)),
        link_kinds=KINDS,
        directions=WHY,
        certain=CERTAIN,
        absent=absent(evidence.missing),
        links=links,
        now=now,
        is_exported=isinstance(links, Exported),
    )


def _roles(is_in_order: bool | None) -> tuple[str, str]:
    """What the side is called that was asked for as the later one, and the other."""
    if is_in_order is None:
        return "The other", "The one"
    return ("Later", "Earlier") if is_in_order else ("Earlier", "Later")


def _numbers(side: Side) -> set[int]:
    return {mark.number for mark in side.marks if mark.number}


def _written(side: Side) -> dict[str, str]:
    """How names of the side are written where they stand first, by id."""
    texts = {text.field: text.text for text in side.texts}
    names = [mark for mark in side.marks if mark.kind == "name" and mark.field in texts]
    return {mark.what: texts[mark.field][mark.start : mark.end] for mark in reversed(names)}


def _texts(side: Side, name: str, passages: set[int]) -> Iterator[Text]:
    other = "earlier" if name == "later" else "later"
    anchored: set[int] = set()
    for text in side.texts:
        spans = [
            Span(mark.start, mark.end, _MARKS.get(mark.kind, mark.kind), mark.what, mark.number)
            for mark in side.marks
            if mark.field == text.field
        ]
        if text.field == "headline" and not spans:
            continue  # it stands over the text already
        stretches = []
        for number, segments in groupby(cut(text.text, spans), key=lambda one: one.number):
            is_first = number in passages and number not in anchored
            anchored.add(number)
            stretches.append(
                Stretch(
                    number,
                    tuple(segments),
                    f"{name}-{number}" if is_first else None,
                    f"{other}-{number}" if is_first else None,
                )
            )
        yield Text(text.field, FIELDS.get(text.field, text.field), tuple(stretches))


def _doubts(evidence: Evidence) -> Iterator[str]:
    later, earlier = evidence.later, evidence.earlier
    if evidence.is_in_order is False:
        yield "what was asked for as the later one is the earlier one"
    if evidence.is_in_order is None or evidence.direction == "unknown":
        reason = WHY.get(evidence.direction_reason, evidence.direction_reason)
        yield f"which is the later one is not known: {reason}"
    for side in (later, earlier):
        if side.published is None:
            yield f"{side.article.outlet} claims no time"
        elif not side.published_tz_known:
            yield f"the time zone of {side.article.outlet} is not known: it may be off by 14 h"
        if not side.is_current:
            yield f"{side.article.outlet} has a newer version than the one shown"
        if any(not one.is_exact for one in side.credits):
            yield f"{side.article.outlet} names the other by a part or the sound of its name"
    if evidence.is_in_order and evidence.hours is not None and evidence.hours < 0:
        yield f"the later one claims an earlier time, by {hours(-evidence.hours)}"
    if earlier.credits and evidence.is_in_order:
        yield f"{earlier.article.outlet} names the other as its source, too"
    shown = (later.version_id, earlier.version_id)
    if evidence.link_versions is not None and set(evidence.link_versions) != set(shown):
        yield "the lake’s link is of other versions of these two"
