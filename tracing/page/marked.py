"""A text cut into segments by the spans that mark it; spans may nest, overlap and be off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# How marks are ordered in a segment's classes.
MARKS = ("same", "changed", "quote", "credit", "name")


@dataclass(frozen=True, slots=True)
class Span:
    """Code points `start` to `end`; `mark` is one of `MARKS`.

    `what`: the id of a name; `number`: of a passage, 0 for what is none.
    """

    start: int
    end: int
    mark: str
    what: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text with all marks that hold there.

    `name`: the id of the shortest name there, empty if none; `number`: of the passage.
    """

    text: str
    marks: tuple[str, ...] = ()
    name: str = ""
    number: int = 0


def cut(text: str, spans: Sequence[Span]) -> Iterator[Segment]:
    """The whole text in order, cut where a mark begins or ends; spans outside of it are left."""
    ends = len(text)
    inside = [one for one in spans if 0 <= one.start < one.end <= ends]
    begins = sorted(inside, key=lambda one: one.start)
    edges = sorted({0, ends, *(one.start for one in inside), *(one.end for one in inside)})
    now: list[Span] = []
    at = 0
    for start, end in pairwise(edges):
        now = [one for one in now if one.end > start]
        while at < len(begins) and begins[at].start == start:
            now.append(begins[at])
            at += 1
        yield _segment(text[start:end], now)


def _segment(text: str, now: Sequence[Span]) -> Segment:
    marks = {one.mark for one in now}
    if "changed" in marks:
        marks.discard("same")
    names = sorted((one for one in now if one.mark == "name"), key=lambda one: one.end - one.start)
    return Segment(
        text,
        tuple(mark for mark in MARKS if mark in marks),
        names[0].what if names else "",
        max((one.number for one in now), default=0),
    )
