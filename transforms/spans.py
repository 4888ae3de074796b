"""Stretches of a text in order, none overlapping another, and which of them another one touches."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import Protocol


class _Stretch(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Spans:
    """Spans `(start, end)` in order that do not overlap, searched by bisection."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = list(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    @classmethod
    def of(cls, stretches: Iterable[_Stretch]) -> Spans:
        """Those of things that know where they start and end."""
        return cls((one.start, one.end) for one in stretches)

    def first(self, start: int, end: int) -> int | None:
        """The number of the first that shares a character with `start:end`."""
        at = bisect.bisect_right(self._ends, start)
        return at if at < len(self._starts) and self._starts[at] < end else None

    def meet(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with `start:end`."""
        return self.first(start, end) is not None
