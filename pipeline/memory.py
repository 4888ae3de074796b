"""Memory of a run: flat over its chunks, because what a chunk took goes back to the system.

Measured (docs/decisions/0003): Arrow's own pool and glibc's arena per thread kept what the threads
of a chunk had touched, so that 100,000 articles peaked at 1.4 times the memory of 20,000.
"""

from __future__ import annotations

import ctypes
import gc
from typing import Any

import pyarrow as pa

# Parameters of mallopt(3).
_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8
_TRIM_BYTES = 1 << 20
_ARENAS = 2


def keep_flat() -> None:
    """Let Arrow and Python allocate from few arenas of the C library, which give memory back."""
    pa.set_memory_pool(pa.system_memory_pool())
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, _ARENAS)
        libc.mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)


def give_back() -> None:
    """Return what is free to the system."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> Any:
    """The C library, or None where it is not glibc and knows none of this."""
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
