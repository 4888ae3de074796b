"""A clean end when asked to stop: at once with 130 or 143, or when the round is done."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_exit_codes() -> Iterator[None]:
    """Unwind on either signal, so that the lease is given up and staging removed."""

    def stop(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextmanager
def as_event() -> Iterator[threading.Event]:
    """The first Ctrl-C or SIGTERM sets the event; a second one ends the process on the spot.

    Both are blocked instead of handled, before there are other threads: child processes inherit
    that, and a Ctrl-C, which a terminal sends to all of them, does not take the parser from under
    a round that is being finished.
    """
    stop = threading.Event()
    wanted = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, wanted)

    def wait() -> None:
        signal.sigwait(wanted)
        stop.set()
        os._exit(128 + signal.sigwait(wanted))

    threading.Thread(target=wait, daemon=True, name="signals").start()
    try:
        yield stop
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
