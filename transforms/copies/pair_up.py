"""Which two versions are to be compared: those that share a fingerprint, near enough in time.

Whatever the order in which versions arrived, the same pairs come out. A fingerprint that more than
`_MOST` earlier versions of the window hold is hot: a text that everybody prints, or a phrase under
all of an outlet's articles. A version is then paired with the first of them only, so that the pairs
stay in proportion to the versions; how many fingerprints were hot is counted.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

_MOST: Final = 64
_NEVER: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Held:
    """A version that holds a fingerprint which others hold.

    `is_new`: to this run; `is_asked`: its pairs are wanted, of a new one with all, of an older one
    with nobody. Undated versions are near all others, and after them.
    """

    article_id: str
    version_id: str
    published: dt.datetime | None
    is_new: bool
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """(later, earlier) by number, sorted; `hot` fingerprints were collapsed."""

    pairs: tuple[tuple[int, int], ...]
    hot: int


def pair_up(
    fingerprints: npt.NDArray[np.uint64],
    holders: npt.NDArray[np.int64],
    versions: Sequence[Held],
    window: dt.timedelta,
) -> Pairs:
    """The pairs of which one is asked, and the other not new or asked, too: each comes once.

    `holders[i]` is the number, in `versions`, of a version that holds `fingerprints[i]`.
    """
    seconds = window.total_seconds()
    times = [_NEVER if v.published is None else v.published.timestamp() for v in versions]
    keys = sorted(range(len(versions)), key=lambda n: (times[n], versions[n].version_id))
    ranks = np.empty(len(versions), np.int64)
    ranks[keys] = np.arange(len(versions))
    order = np.lexsort((ranks[holders], fingerprints))
    starts = np.flatnonzero(np.diff(fingerprints[order])) + 1
    found: set[tuple[int, int]] = set()
    hot = 0
    for group in np.split(holders[order], starts):
        if len(group) > 1:
            members = group.tolist()
            pairs, is_hot = _pairs_of(members, [times[n] for n in members], seconds)
            hot += is_hot
            found.update(pair for pair in pairs if _is_wanted(*(versions[n] for n in pair)))
    return Pairs(tuple(sorted(found)), hot)


def _pairs_of(
    members: Sequence[int], times: Sequence[float], seconds: float
) -> tuple[list[tuple[int, int]], bool]:
    """The pairs of those who hold one fingerprint, in order of time."""
    pairs, is_hot = [], False
    for at in range(1, len(members)):
        first = 0 if times[at] == _NEVER else bisect_left(times, times[at] - seconds, 0, at)
        if at - first > _MOST:
            pairs.append((members[at], members[first]))
            is_hot = True
        else:
            pairs += [(members[at], earlier) for earlier in members[first:at]]
    return pairs, is_hot


def _is_wanted(later: Held, earlier: Held) -> bool:
    is_mine = later.is_asked or (earlier.is_asked and not later.is_new)
    return is_mine and later.article_id != earlier.article_id
