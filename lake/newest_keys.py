"""The key state of a lake that others write meanwhile: as of its newest committed run."""

from __future__ import annotations

from contextlib import suppress

from lake.commit import newest_sequence
from lake.keys import KeyState, committed_state
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, look_again

_LOOKS = 3


def newest_keys(lake: Lake) -> KeyState:
    """What the lake knows now, without the lease.

    Raises:
        StoreRefused, StoreUnavailable: see `lake.store`.
        StateDamaged: its files cannot be read, looked at again.
    """
    look_again(lake.root)
    for _ in range(_LOOKS):
        # Another writer may have merged the files away since the manifest was read.
        with suppress(StateDamaged):
            return KeyState(committed_state(lake, newest_sequence(lake)))
        look_again(lake.root)
    return KeyState(committed_state(lake, newest_sequence(lake)))
