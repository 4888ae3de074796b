"""A time axis: to scale, but for long spans without an article, which are cut short and say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tracing.page.phrases import day, hours, minute_of_day

# A span of more than this share of the whole is cut to it.
_LONGEST_SHARE: Final = 0.3
# The least that two labels are apart, in units of the picture.
_LABEL_WIDTH: Final = 76.0
_MINUTE: Final = 60.0
_STEPS: Final = tuple(
    minutes * _MINUTE
    for minutes in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200, 131400, 525600)
)
_DAY: Final = 86400.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at `x`; `date` stands where a day begins or the axis does, else it is None."""

    x: float
    label: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A span that is drawn shorter than it is, from `x` on, `width` wide."""

    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """Seconds `start` to `end` drawn from `x` to `x_end`."""

    start: float
    end: float
    x: float
    x_end: float
    is_cut: bool

    def place(self, second: float) -> float:
        part = (second - self.start) / (self.end - self.start) if self.end > self.start else 0.0
        return self.x + part * (self.x_end - self.x)


class TimeAxis:
    """Places times between `left` and `right`."""

    def __init__(self, times: Sequence[dt.datetime], left: float, right: float) -> None:
        seconds = sorted({time.timestamp() for time in times})
        if not seconds:
            raise ValueError("an axis needs at least one time")
        self._pieces = _pieces(seconds, left, right)

    def place(self, time: dt.datetime) -> float:
        """Where a time is drawn; what lies outside is drawn at the nearer end."""
        second = time.timestamp()
        for piece in self._pieces:
            if second <= piece.end:
                return piece.place(max(second, piece.start))
        return self._pieces[-1].x_end

    def covers(self, time: dt.datetime) -> bool:
        """Whether a time lies between the axis' ends."""
        return self._pieces[0].start <= time.timestamp() <= self._pieces[-1].end

    @property
    def cuts(self) -> list[Cut]:
        """Spans that are drawn shorter than they are."""
        return [
            Cut(piece.x, piece.x_end - piece.x, hours((piece.end - piece.start) / 3600))
            for piece in self._pieces
            if piece.is_cut
        ]

    @property
    def ticks(self) -> list[Tick]:
        """At the first time, then at whole minutes, hours or days of UTC that can be read."""
        whole = [piece for piece in self._pieces if not piece.is_cut]
        seconds = sum(piece.end - piece.start for piece in whole)
        if not seconds:
            return [_tick(whole[0].start, whole[0].x, None)]
        per_second = sum(piece.x_end - piece.x for piece in whole) / seconds
        step = next((one for one in _STEPS if one * per_second >= _LABEL_WIDTH), _STEPS[-1])
        ticks = [_tick(self._pieces[0].start, self._pieces[0].x, None)]
        before = self._pieces[0].start
        for second, x in _steps(whole, step):
            if x - ticks[-1].x >= _LABEL_WIDTH * 0.8:
                ticks.append(_tick(second, x, before))
                before = second
        return ticks


def _pieces(seconds: Sequence[float], left: float, right: float) -> list[_Piece]:
    """Of each span between two times; all that are not cut have one scale."""
    if len(seconds) == 1:
        middle = (left + right) / 2
        return [_Piece(seconds[0], seconds[0], middle, middle, False)]
    spans = list(pairwise(seconds))
    longest = _LONGEST_SHARE * (seconds[-1] - seconds[0])
    # Two long spans make all of a short story: only what leaves something to scale is cut.
    cut = (
        [end - start > longest for start, end in spans] if len(spans) > 3 else [False] * len(spans)
    )
    kept = sum(end - start for (start, end), is_cut in zip(spans, cut, strict=True) if not is_cut)
    if not kept:
        cut, kept = [False] * len(spans), seconds[-1] - seconds[0]
    widths = [
        min(end - start, 0.15 * kept) if is_cut else end - start
        for (start, end), is_cut in zip(spans, cut, strict=True)
    ]
    scale = (right - left) / sum(widths)
    pieces, x = [], left
    for (start, end), is_cut, width in zip(spans, cut, widths, strict=True):
        is_shorter = is_cut and width < end - start
        pieces.append(_Piece(start, end, x, x + width * scale, is_shorter))
        x += width * scale
    return pieces


def _steps(pieces: Sequence[_Piece], step: float) -> Iterator[tuple[float, float]]:
    for piece in pieces:
        second = -(-piece.start // step) * step
        while second <= piece.end:
            yield second, piece.place(second)
            second += step


def _tick(second: float, x: float, before: float | None) -> Tick:
    time = dt.datetime.fromtimestamp(second, dt.UTC)
    is_new_day = before is None or second // _DAY != before // _DAY
    return Tick(round(x, 1), minute_of_day(time), day(time) if is_new_day else None)
