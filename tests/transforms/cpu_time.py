"""How long a call takes, for tests that cost grows no faster than the text."""

from __future__ import annotations

import time
from collections.abc import Callable


def least_cpu_seconds(call: Callable[[], object]) -> float:
    """CPU seconds of `call`: the least of three, as noise only adds.

    A full garbage collection falls into some calls and takes longer than many that are measured.
    """
    return min(_cpu_seconds(call) for _ in range(3))


def _cpu_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
