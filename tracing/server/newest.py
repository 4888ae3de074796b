"""The lake as of its newest run, pinned until there is a newer one.

A pin is kept between requests: its snapshot knows its files already. While it is read another
process may commit, compact or forget, and files go: then it is read again, from what is newest
then. What fails all the same is damage.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import pyarrow as pa

from lake.embargo import next_embargo_end
from lake.feeds import list_path
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, LakeDamaged, Snapshot, snapshot

Result = TypeVar("Result")
_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Pin:
    """All that an answer hangs on: a snapshot, a time between two ends of embargoes, the feed list.

    The list is the user's, and changes without a run; `feeds` tells one state of its file.
    """

    pinned: Snapshot
    since: dt.datetime
    until: dt.datetime | None
    feeds: tuple[int, ...]

    def holds(self, now: dt.datetime) -> bool:
        """Whether nothing of it has changed; some looks at names and times of files."""
        is_time = self.since <= now and (self.until is None or now < self.until)
        return is_time and self.pinned.is_newest and _state_of_list(self.pinned.lake) == self.feeds


@dataclass(frozen=True, slots=True)
class Read(Generic[Result]):
    """What was read, and of what."""

    value: Result
    pin: Pin


class NewestRun:
    """The newest pin of a lake, for several threads."""

    def __init__(self, lake: Lake, clock: Callable[[], dt.datetime]) -> None:
        self._lake = lake
        self._clock = clock
        self._lock = threading.Lock()
        self._pin: Pin | None = None

    def holds(self, pin: Pin) -> bool:
        """Whether what was read of a pin would be read again."""
        return pin is self._pin and pin.holds(self._clock())

    def read(self, function: Callable[[Snapshot, dt.datetime], Result]) -> Read[Result]:
        """What `function` makes of the newest snapshot, and of the time that it is now.

        Raises:
            Exception: as `function` does; of damage see `is_damage`.
        """
        attempt = 0
        while True:
            attempt += 1
            pin = None
            try:
                now = self._clock()
                pin = self._newest(now)
                value = function(pin.pinned, now)
            except Exception as error:
                # Once more in any case: the search is written anew after its run is seen.
                may_be_gone = attempt == 1 or pin is None or not pin.pinned.is_newest
                if not is_damage(error) or not may_be_gone or attempt == _ATTEMPTS:
                    raise
            else:
                if pin.pinned.is_newest or attempt == _ATTEMPTS:
                    return Read(value, pin)

    def _newest(self, now: dt.datetime) -> Pin:
        with self._lock:
            pin = self._pin
            if pin is None or not pin.holds(now):
                feeds = _state_of_list(self._lake)
                is_newest = pin is not None and pin.pinned.is_newest
                pinned = pin.pinned if pin is not None and is_newest else snapshot(self._lake)
                pin = self._pin = Pin(pinned, now, next_embargo_end(pinned, now), feeds)
            return pin


def is_damage(error: BaseException) -> bool:
    """Whether files of the lake are damaged or gone; anything else is a fault of ours."""
    kinds: list[Any] = [LakeDamaged, StateDamaged, OSError, pa.ArrowException]
    duckdb = sys.modules.get("duckdb")  # a reading that did without has not loaded it
    if duckdb is not None:
        kinds.append(duckdb.IOException)
    return isinstance(error, tuple(kinds))


def _state_of_list(lake: Lake) -> tuple[int, ...]:
    try:
        found = os.stat(list_path(lake))
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
