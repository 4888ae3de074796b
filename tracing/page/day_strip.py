"""A row of days as a small picture: a bar, a ring or a hatched cell for each. Pure layout.

Shapes tell the states apart, so that colours need not: something was seen (a bar, the higher the
more), nothing was (a ring), nobody looked (hatched). A line under them is a silence that is longer
than usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tracing.coverage_model import Day, Silence
from tracing.page.phrases import counted

CELL: Final = 9
HEIGHT: Final = 30
_BASE: Final = 24
_LEAST, _MOST = 5, 20


@dataclass(frozen=True, slots=True)
class Strip:
    """Paths of all bars, rings, cells and lines, empty where there is none; the same in words."""

    width: int
    height: int
    seen: str
    nothing: str
    unlooked: str
    silent: str
    label: str


def strip_of(days: Sequence[Day], counts: Sequence[int], silences: Sequence[Silence] = ()) -> Strip:
    """The days in order; `counts` has the articles of each."""
    most = max(counts, default=0)
    seen, nothing, unlooked = [], [], []
    for place, (day, count) in enumerate(zip(days, counts, strict=True)):
        x = place * CELL
        if count:
            height = round(_LEAST + (_MOST - _LEAST) * (count / most) ** 0.5)
            seen.append(f"M{x + 1} {_BASE}v-{height}h{CELL - 2}v{height}z")
        elif day.looked == "not looked":
            unlooked.append(f"M{x} {_BASE}v-{_MOST}h{CELL}v{_MOST}z")
        else:
            nothing.append(f"M{x + 2} {_BASE - 3}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0")
    places = {day.day: place for place, day in enumerate(days)}
    silent = [
        f"M{places[one.first] * CELL} {HEIGHT - 2}H{(places[one.last] + 1) * CELL}"
        for one in silences
        if one.first in places and one.last in places
    ]
    label = (
        f"Of {counted(len(days), 'day')} {len(seen)} with articles, {len(nothing)} without,"
        f" {len(unlooked)} that nobody looked at"
    )
    return Strip(
        CELL * len(days), HEIGHT, "".join(seen), "".join(nothing), "".join(unlooked),
        "".join(silent), label,
    )  # fmt: skip
