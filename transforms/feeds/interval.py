"""How long to wait before a feed is asked again, from its own rhythm.

With requests at a cost and items that wait at a cost, the time between two requests that costs
least in all grows with the square root of the time between two items (Sia, Cho and Cho, "Efficient
Monitoring Algorithm for Fast News Alerts", IEEE TKDE 19(7), 2007): a feed with sixteen times as
many items is asked four times as often.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# A feed with an item every so many seconds is asked as often as it has items.
BALANCE = 300.0
# Before a feed has shown its rhythm.
UNKNOWN_GAP = 3_600.0
# A publisher's wish not to be asked again so soon is obeyed so far: a `ttl` of a day stands in
# feeds that change every hour, and what has left a feed before it was asked is lost.
LONGEST_WISH = 3_600.0
# Of the time that the newest entry stays in the feed.
_SAFE_PART = 0.5


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds between two requests to one feed, at least and at most."""

    shortest: float = 60.0
    longest: float = 86_400.0


def find_gap(arrivals: Sequence[float], now: float, period: float | None = None) -> float:
    """Seconds between two items, by the newest of them; silence since then counts.

    `arrivals` are in seconds, ascending, as `now` is; `period` is what the feed says of itself.
    """
    if len(arrivals) < 2:
        silence = now - arrivals[0] if arrivals else 0.0
        return max(period or UNKNOWN_GAP, silence)
    return max(now - arrivals[0], 0.0) / len(arrivals)


def find_interval(gap: float, entries: int, wishes: Sequence[float], bounds: Bounds) -> float:
    """Seconds until the next request.

    `gap` in seconds between items, `entries` the number a feed shows, `wishes` what it asks for
    (`ttl`, `max-age`), in seconds.
    """
    interval = max(math.sqrt(gap * BALANCE), min(max(wishes, default=0.0), LONGEST_WISH))
    if entries:
        interval = min(interval, max(gap * entries * _SAFE_PART, bounds.shortest))
    return min(max(interval, bounds.shortest), bounds.longest)
