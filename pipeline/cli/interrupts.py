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
    asked: list[int] = []

    def stop(number: int, frame: object) -> None:
        asked.append(number)
        raise SystemExit(128 + number)

    # A command in the background is deaf to Ctrl-C, and stays so.
    signals = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signals.append(signal.SIGINT)
    previous = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    except BaseException:
        if asked:  # Beam makes another error of whatever ends one of its steps
            sys.exit(128 + asked[0])
        raise
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


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
