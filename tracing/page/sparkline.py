"""How a story grew, as a small picture: its articles added up over their times. Pure layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tracing.page.phrases import hours

WIDTH: Final = 160
HEIGHT: Final = 40
_TOP, _BASE = 3, 36
# By when articles are counted in the table that says the same, in hours after the first.
WITHIN: Final = (1, 6, 24, 72)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A stair and the area under it; in words `span`, how long it took, and `within` (hours) how
    many articles each."""

    stair: str
    area: str
    span: str
    within: tuple[int, ...]


def sparkline_of(times: Sequence[dt.datetime]) -> Sparkline:
    """Of times in order, one at least."""
    seconds = [(time - times[0]).total_seconds() for time in times]
    last = seconds[-1]
    path = f"M0 {_BASE}"
    for number, second in enumerate(seconds, 1):
        x = round(second / last * (WIDTH - 8), 1) if last else 0
        y = round(_BASE - number / len(times) * (_BASE - _TOP), 1)
        path += f"H{x:g}V{y:g}"
    path += f"H{WIDTH}"
    within = tuple(sum(second <= hour * 3600 for second in seconds) for hour in WITHIN)
    return Sparkline(path, f"{path}V{_BASE}H0Z", hours(last / 3600), within)
