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


def kill_at(place: str) -> None:
    """Replace MODULE:FUNCTION by one that kills the process before its n-th call."""
    module_name, function_name, nth = place.split(":")
    module = importlib.import_module(module_name)
    original = getattr(module, function_name)
    calls = 0
    lock = threading.Lock()

    def killing(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        with lock:
            calls += 1
            if calls == int(nth):
                os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(module, function_name, killing)


if __name__ == "__main__":
    kill_at(sys.argv[1])
    from pipeline.cli import main

    main(sys.argv[2:])
