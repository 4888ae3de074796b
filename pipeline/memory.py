"""Memory of a run: flat over its chunks, because what a chunk took goes back to the system.

Measured (docs/decisions/0003): Arrow's own pool and glibc's arena per thread kept what the threads
of a chunk had touched, so that 100,000 articles peaked at 1.4 times the memory of 20,000. Arrow
reads its setting when it is loaded, so nothing here imports it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
from typing import Any

# Parameters of mallopt(3).
_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8
_TRIM_BYTES = 1_000_000
_ARENAS = 2
_FROZEN_FROM = 200_000
# Objects between two looks for cycles: rows are many and in none.
_COLLECT_AFTER = 50_000


def keep_flat() -> None:
    """Let Arrow and Python allocate from few arenas of the C library, which give memory back.

    To be called before pyarrow is loaded. What the environment says already is left alone; worker
    processes inherit it.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("MALLOC_ARENA_MAX", str(_ARENAS))
    os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", str(_TRIM_BYTES))
    gc.set_threshold(_COLLECT_AFTER)
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, int(os.environ["MALLOC_ARENA_MAX"]))
        libc.mallopt(_M_TRIM_THRESHOLD, int(os.environ["MALLOC_TRIM_THRESHOLD_"]))


def give_back() -> None:
    """Return what is free to the system.

    What survives in great numbers are the tables of the taggers, which are loaded once: to walk
    through them again after every chunk took .8 s of the 5 s of a small run. They are frozen, so
    that later collections look at what came after; short-lived objects that happen to be alive
    then are few, and a freeze recurs only where as many new ones have survived.
    """
    gc.collect()
    if len(gc.get_objects()) > _FROZEN_FROM:
        gc.freeze()
        # What is frozen at the end is never freed, which DuckDB's bindings report as leaks.
        atexit.unregister(gc.unfreeze)
        atexit.register(gc.unfreeze)
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> Any:
    """The C library, or None where it is not glibc and knows none of this."""
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
