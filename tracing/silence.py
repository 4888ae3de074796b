"""When an outlet was silent, by its own rhythm: pure, of counts by day.

A pause is how many days lie between two days with an article, 1 for neighbours. A day that nobody
looked at is left out: that nothing of it is here says nothing of anybody. So is the last day where
it is empty, as it is not over. The usual pause is the longest but for one in ten; an outlet is
silent in a pause of more than twice that: one that publishes daily after two whole days without,
one that rests on weekends after six. Of fewer than `LEAST_PAUSES` pauses nothing is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracing.coverage_model import Silence

LEAST_PAUSES = 7
_EXCEPTIONS = 0.1
_TIMES_LONGER = 2


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The usual pause in days, None if it is not known; the state now; silences in order."""

    usual_pause: int | None
    state: str
    silences: tuple[Silence, ...]


def find_rhythm(days: Sequence[dt.date], counts: Sequence[int]) -> Rhythm:
    """Of the days that were looked at, in order, and the articles that an outlet has on each."""
    active = [number for number, count in enumerate(counts) if count]
    pauses = sorted(later - earlier for earlier, later in pairwise(active))
    if len(pauses) < LEAST_PAUSES:
        return Rhythm(None, "not known", ())
    usual = pauses[len(pauses) - 1 - int(len(pauses) * _EXCEPTIONS)]
    end = len(days) if counts[-1] else len(days) - 1
    silences = tuple(_silences(days, [*active, end], usual))
    is_silent = bool(silences) and silences[-1].is_now
    return Rhythm(usual, "silent" if is_silent else "usual", silences)


def _silences(days: Sequence[dt.date], active: Sequence[int], usual: int) -> Iterator[Silence]:
    """`active` ends with the first day of which nothing is known yet."""
    for earlier, later in pairwise(active):
        if later - earlier > _TIMES_LONGER * usual:
            is_now = later == active[-1]
            yield Silence(days[earlier + 1], days[later - 1], later - earlier - 1, is_now)
