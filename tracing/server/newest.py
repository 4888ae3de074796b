"""The lake as of its newest run, pinned until there is a newer one.

A pinned snapshot is kept between requests: it knows its files already. While it is read another
process may commit, compact or forget, and files go: then it is read again, from what is newest
then. What fails all the same is damage.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import pyarrow as pa

from lake.embargo import next_embargo_end
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, LakeDamaged, Snapshot, snapshot

Result = TypeVar("Result")
_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True)
class Read(Generic[Result]):
    """What was read, of which snapshot; until when the same articles are under embargo."""

    value: Result
    pinned: Snapshot
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Pin:
    """A snapshot, and when the first embargo ends after `since`."""

    pinned: Snapshot
    since: dt.datetime
    until: dt.datetime | None

    def holds(self, now: dt.datetime) -> bool:
        return self.pinned.is_newest and (self.until is None or self.since <= now < self.until)


class NewestRun:
    """The newest snapshot of a lake, for several threads."""

    def __init__(self, lake: Lake, clock: Callable[[], dt.datetime]) -> None:
        self._lake = lake
        self._clock = clock
        self._lock = threading.Lock()
        self._pin: _Pin | None = None

    def is_newest(self, pinned: Snapshot) -> bool:
        """Whether it is what would be read now."""
        pin = self._pin
        return pin is not None and pin.pinned is pinned and pinned.is_newest

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
                pin = self._pinned(now)
                value = function(pin.pinned, now)
            except Exception as error:
                # Once more in any case: the search is written anew after its run is seen.
                may_be_gone = attempt == 1 or pin is None or not pin.pinned.is_newest
                if not is_damage(error) or not may_be_gone or attempt == _ATTEMPTS:
                    raise
            else:
                if pin.pinned.is_newest or attempt == _ATTEMPTS:
                    return Read(value, pin.pinned, pin.until)

    def _pinned(self, now: dt.datetime) -> _Pin:
        with self._lock:
            if self._pin is None or not self._pin.holds(now):
                old = None if self._pin is None else self._pin.pinned
                pinned = old if old is not None and old.is_newest else snapshot(self._lake)
                self._pin = _Pin(pinned, now, next_embargo_end(pinned, now))
            return self._pin


def is_damage(error: BaseException) -> bool:
    """Whether files of the lake are damaged or gone; anything else is a fault of ours."""
    kinds: list[Any] = [LakeDamaged, StateDamaged, OSError, pa.ArrowException]
    duckdb = sys.modules.get("duckdb")  # a reading that did without has not loaded it
    if duckdb is not None:
        kinds.append(duckdb.IOException)
    return isinstance(error, tuple(kinds))
