"""Which two versions are to be compared: those that share a fingerprint, near enough in time.

Whatever the order in which versions arrived, the same pairs come out. A fingerprint that more than
`_MOST` earlier versions of the window hold is hot: a text that everybody prints, or a phrase under
all of an outlet's articles. A version is then paired with the first of them only, so that the pairs
stay in proportion to the versions; how many fingerprints were hot is counted. What arrives late may
make a fingerprint hot, or be the first that holds it: then pairs of older ones are gone.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.copies.direction import place_in_time

_MOST: Final = 64
Pair = tuple[int, int]


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

    @property
    def place_in_time(self) -> tuple[float, str]:
        """By this, one of two is the earlier."""
        return place_in_time(self.published, self.version_id)


@dataclass(frozen=True, slots=True)
class Pairs:
    """(later, earlier) by number, sorted; `hot` fingerprints were collapsed.

    `gone` are pairs of older versions that these fingerprints made before what is new came between
    them, and make no longer.
    """

    pairs: tuple[Pair, ...]
    gone: tuple[Pair, ...]
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
    found: set[Pair] = set()
    gone: set[Pair] = set()
    hot = 0
    for members in _members(fingerprints, holders, versions):
        laters = _touched(members, versions, window) if len(members) > _MOST else None
        pairs, is_hot = _pairs_of(members, versions, window, laters)
        found.update(pair for pair in pairs if _is_wanted(*(versions[n] for n in pair)))
        hot += is_hot
        if is_hot:
            older = [number for number in members if not versions[number].is_new]
            gone.update(set(_pairs_of(older, versions, window, laters)[0]).difference(pairs))
    gone -= made(gone, fingerprints, holders, versions, window)
    return Pairs(tuple(sorted(found)), tuple(sorted(gone)), hot)


def made(
    pairs: Collection[Pair],
    fingerprints: npt.NDArray[np.uint64],
    holders: npt.NDArray[np.int64],
    versions: Sequence[Held],
    window: dt.timedelta,
) -> set[Pair]:
    """Those of the pairs that any of these fingerprints makes, whoever asks."""
    if not pairs:
        return set()
    laters = {later for later, _ in pairs}
    groups = _members(fingerprints, holders, versions)
    return {
        pair for members in groups for pair in _pairs_of(members, versions, window, laters)[0]
    }.intersection(pairs)


def _members(
    fingerprints: npt.NDArray[np.uint64],
    holders: npt.NDArray[np.int64],
    versions: Sequence[Held],
) -> Iterator[list[int]]:
    """Who holds each fingerprint that several hold, in order of time."""
    order = sorted(range(len(versions)), key=lambda n: versions[n].place_in_time)
    ranks = np.empty(len(versions), np.int64)
    ranks[order] = np.arange(len(versions))
    sorting = np.lexsort((ranks[holders], fingerprints))
    starts = np.flatnonzero(np.diff(fingerprints[sorting])) + 1
    for group in np.split(holders[sorting], starts):
        if len(group) > 1:
            yield group.tolist()


def _pairs_of(
    members: Sequence[int],
    versions: Sequence[Held],
    window: dt.timedelta,
    laters: Collection[int] | None,
) -> tuple[list[Pair], bool]:
    """The pairs of those who hold one fingerprint, in order of time; whether it is hot.

    Only those in which one of `laters` is the later one; None: all.
    """
    times = [versions[number].place_in_time[0] for number in members]
    pairs, is_hot = [], False
    for at, later in enumerate(members):
        if laters is None or later in laters:
            near = times[at] - window.total_seconds()
            first = 0 if times[at] == math.inf else bisect_left(times, near, 0, at)
            if at - first > _MOST:
                pairs.append((later, members[first]))
                is_hot = True
            else:
                pairs += [(later, earlier) for earlier in members[first:at]]
    return pairs, is_hot


def _touched(members: Sequence[int], versions: Sequence[Held], window: dt.timedelta) -> set[int]:
    """Those who are new, or have something new in the window before them: the others' pairs stay.

    A text that everybody prints is held by thousands, of whom a run brings a few.
    """
    times = np.array([versions[number].place_in_time[0] for number in members])
    new = np.cumsum([0, *(versions[number].is_new for number in members)])
    firsts = np.where(np.isinf(times), 0, np.searchsorted(times, times - window.total_seconds()))
    return set(np.array(members)[new[1:] > new[firsts]].tolist())


def _is_wanted(later: Held, earlier: Held) -> bool:
    is_mine = later.is_asked or (earlier.is_asked and not later.is_new)
    return is_mine and later.article_id != earlier.article_id
