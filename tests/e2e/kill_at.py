"""Runs `wiretrace` in this process and kills it (SIGKILL) before the n-th call of a function.

    python tests/e2e/kill_at.py MODULE:FUNCTION:N wiretrace-arguments…

Nothing in the product knows of this; the fault is put in from outside.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from typing import Any


def kill_before(module_name: str, function_name: str, nth: int) -> None:
    """Replace the function by one that kills the process before its n-th call."""
    module = importlib.import_module(module_name)
    original = getattr(module, function_name)
    calls = 0
    lock = threading.Lock()

    def killing(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        with lock:
            calls += 1
            if calls == nth:
                os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(module, function_name, killing)


if __name__ == "__main__":
    where, function, number = sys.argv[1].split(":")
    kill_before(where, function, int(number))
    from pipeline.cli import main

    main(sys.argv[2:])
