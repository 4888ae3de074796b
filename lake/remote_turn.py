"""A writer's turn at a lake in an object store: lease, what was left half done, a copy, the commit.

What `lake.lease.acquire` does for a folder that is a mirror.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lake.commit import floor_at
from lake.lease import Lease
from lake.mirror import pull, store_of, workspace
from lake.publish import publish, roll_forward, sweep_plans
from lake.remote_lease import HeldLease, LeaseLost, take
from lake.store import StoreRefused, StoreUnavailable


@contextmanager
def take_remote_turn(
    mirror: Path, holder: str, *, wait_seconds: float, floor: int
) -> Iterator[Lease]:
    """Hold the lease of the lake that `mirror` mirrors; what the block did to `root` is committed.

    If the block raises, nothing is.

    Raises:
        LakeBusy: another writer still had it after `wait_seconds`.
        LeaseLost, LakeDamaged, StoreRefused, StoreUnavailable: see `lake.publish.publish`.
    """
    store = store_of(mirror)
    lease = take(store, mirror, holder, wait_seconds=wait_seconds, floor=floor)
    owner = os.getpid()
    try:
        with lease.beating():
            if roll_forward(store, lease) is not None or lease.is_taken_over:
                sweep_plans(store)
            pull(mirror)
            _go_on_after(lease, floor_at(mirror))
            with workspace(mirror) as work:
                yield Lease(lease.state.sequence, holder, work.root)
                publish(store, lease, work)
    finally:
        if os.getpid() == owner:  # not in a forked child that unwinds through the `with` block
            # It ends by itself, and what went wrong is being told already.
            with suppress(LeaseLost, StoreRefused, StoreUnavailable):
                lease.release()


def _go_on_after(lease: HeldLease, newest: int) -> None:
    """Where the lease's object was lost, its numbers go on from the lake's."""
    if newest >= lease.state.sequence:
        lease.advance(newest)
