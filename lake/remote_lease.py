"""One writer at a time on a lake in an object store: an object that is only ever swapped.

`_state/lease` says who writes, the last sequence handed out, and which plan is being carried out.
Every write of it is conditional on its tag, so it changes hands in one step. Its holder renews it
while it works; nobody takes it from them before it is older than it may be, by the store's clock.
Who does takes over the plan that it names as well, and carries that out first. Whoever was paused
and lost it cannot name a plan any more: that swap fails.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lake.lease import LakeBusy
from lake.store import (
    Fetched,
    PutConflict,
    Store,
    StoreRefused,
    StoreUnavailable,
    put_once,
)
from lake.tables import LakeDamaged

LEASE = "_state/lease"
SECONDS = 60.0
_GRACE = 2.0  # Last-Modified and Date are whole seconds
_BEATS = 4  # renewals in that time
_POLL = 1.0
_OTHER_DIGITS = str.maketrans("0123456789", "1234567890")


class LeaseLost(Exception):
    """The process stood still for so long that another writer took over; nothing was committed."""

    exit_code = 75


@dataclass(frozen=True, slots=True)
class LeaseState:
    """What the object says; `holder` is None while nobody writes, `nonce` makes each write new."""

    sequence: int
    holder: str | None
    plan: int | None
    seconds: float
    nonce: str

    def to_bytes(self) -> bytes:
        """As JSON."""
        return json.dumps(dataclasses.asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> LeaseState:
        """The inverse of `to_bytes`."""
        value = json.loads(data)
        return cls(
            sequence=int(value["sequence"]),
            holder=value["holder"],
            plan=None if value["plan"] is None else int(value["plan"]),
            seconds=float(value["seconds"]),
            nonce=value["nonce"],
        )


class HeldLease:
    """The lease in our hands. Each method that swaps it raises `LeaseLost` if it no longer is.

    `is_taken_over`: whoever had it before never gave it back.
    """

    def __init__(
        self, store: Store, state: LeaseState, tag: str, *, is_taken_over: bool = False
    ) -> None:
        self._store, self._state, self._tag = store, state, tag
        self.is_taken_over = is_taken_over
        self._renewed = _clock()
        self._lock = threading.Lock()

    @property
    def state(self) -> LeaseState:
        """What it says."""
        return self._state

    @property
    def is_fresh(self) -> bool:
        """Whether nobody can have taken it, as far as our own clock knows."""
        return _clock() - self._renewed < self._state.seconds

    def renew(self) -> None:
        """Say that we live."""
        self._swap()

    def advance(self, sequence: int) -> None:
        """Go on after a sequence that the lake carries and the lease did not know."""
        self._swap(sequence=sequence + 1)

    def name_plan(self) -> None:
        """The commit point: from now on, the plan of this sequence will be carried out."""
        self._swap(plan=self._state.sequence)

    def clear_plan(self) -> None:
        """The plan has been carried out."""
        self._swap(plan=None)

    def release(self) -> None:
        """Let others write. A plan that is not carried out stays named."""
        self._swap(holder=None)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Renew it now and then while the block lasts."""
        done = threading.Event()
        beat = threading.Thread(target=self._beat, args=(done,), daemon=True)
        beat.start()
        try:
            yield
        finally:
            done.set()
            beat.join()

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(self._state.seconds / _BEATS):
            try:
                self.renew()
            except LeaseLost:
                return  # the commit will meet it
            except (StoreRefused, StoreUnavailable):
                continue

    def _swap(self, **changes: object) -> None:
        with self._lock:
            began = _clock()
            state = dataclasses.replace(self._state, nonce=uuid.uuid4().hex, **changes)  # type: ignore[arg-type]
            try:
                self._tag = put_once(self._store, LEASE, state.to_bytes(), if_match=self._tag)
            except PutConflict as error:
                raise LeaseLost(
                    f"{self._store.url}: another writer took over while this one stood still; "
                    "nothing was committed, run again"
                ) from error
            self._state, self._renewed = state, began


def take(store: Store, root: Path, holder: str, *, wait_seconds: float, floor: int) -> HeldLease:
    """Take the lease, with a sequence above `floor` and all that were handed out before.

    Raises:
        LakeBusy: another writer still had it after `wait_seconds`.
        LakeDamaged: the object cannot be read.
        StoreRefused: the store ignores conditions, so that two writers could be let in.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        found = store.get(LEASE)
        last = _read(store, found)
        if found is None or last is None or last.holder is None or _is_over(found, last):
            sequence = max(floor, last.sequence if last else 0) + 1
            plan = last.plan if last else None
            state = LeaseState(sequence, holder, plan, SECONDS, uuid.uuid4().hex)
            try:
                if found is not None:
                    tag = put_once(store, LEASE, state.to_bytes(), if_match=found.tag)
                    is_taken_over = last is not None and last.holder is not None
                    return HeldLease(store, state, tag, is_taken_over=is_taken_over)
                tag = put_once(store, LEASE, state.to_bytes(), if_absent=True)
                _refuse_unconditional(store, tag)
                return HeldLease(store, state, tag)
            except PutConflict:
                continue  # somebody was faster: look who
        if time.monotonic() >= deadline:
            raise LakeBusy(root, last.holder)
        time.sleep(_POLL)


def read_lease(store: Store) -> LeaseState | None:
    """What the lease says now; None before the first writer."""
    return _read(store, store.get(LEASE))


def _read(store: Store, found: Fetched | None) -> LeaseState | None:
    if found is None:
        return None
    try:
        return LeaseState.from_bytes(found.data)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise LakeDamaged(
            f"{store.url}/{LEASE} cannot be read; delete it when nobody writes to the lake"
        ) from error


def _is_over(found: Fetched, state: LeaseState) -> bool:
    return (found.now - found.modified).total_seconds() > state.seconds + _GRACE


def _refuse_unconditional(store: Store, tag: str) -> None:
    """Some stores take the conditions and do not look at them."""
    other = tag.translate(_OTHER_DIGITS)  # as well formed, and of no object
    for if_absent, if_match in ((True, None), (False, other)):
        try:
            store.put(LEASE, b"{}", if_absent=if_absent, if_match=if_match)
        except PutConflict:
            continue
        store.delete([LEASE])
        raise StoreRefused(
            f"{store.url}: this store ignores If-None-Match and If-Match on a put, without which "
            "two writers would destroy each other's work; use one that honours them"
        )


def _clock() -> float:
    """Seconds that go on while the machine sleeps, where there is such a clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
