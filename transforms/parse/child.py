"""The parent's side of the bounded child: deadline, memory limit, kill and restart.

No signals (they do not work in DoFn threads): the parent waits on a socket with a deadline, and
has the template kill. The worker answers source by source, so the first unanswered one is the
culprit; it gets a second chance alone in a fresh worker, since a neighbour may have eaten the
memory, and its neighbours live.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from transforms.parse.item import ItemReject
from transforms.parse.messages import (
    FORK,
    NUMBER,
    OUT_OF_MEMORY,
    REAP,
    Closed,
    Result,
    SourceBytes,
    decode_results,
    encode_request,
    receive,
    send,
)

__all__ = ["ParserChild", "SourceBytes"]

DEADLINE_SECONDS: Final = 20.0
MEMORY_BYTES: Final = 512 << 20
_START_SECONDS: Final = 60.0
_ROOT: Final = Path(__file__).parents[2]


class ParserChild:
    """A parser in another process; threads take turns.

    Args:
        deadline_seconds: for each source, from the answer before it.
        memory_bytes: address space a worker may add to what its imports need.
    """

    def __init__(
        self, deadline_seconds: float = DEADLINE_SECONDS, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        self.deadline_seconds = deadline_seconds
        self.memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._template: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._worker: socket.socket | None = None
        self.restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def parse(self, batch: Sequence[SourceBytes]) -> list[list[Result]]:
        """Items and rejects of each source, in order; at least one for each."""
        with self._lock:
            answered: list[list[Result]] = []
            while len(answered) < len(batch):
                rest = batch[len(answered) :]
                failure = self._parse_some(rest, answered)
                if failure is not None:
                    answered.append(self._retry(batch[len(answered)], failure))
            return answered

    def _retry(self, culprit: SourceBytes, first_failure: ItemReject) -> list[Result]:
        alone: list[list[Result]] = []
        # A timeout is not tried again: it would cost the deadline twice, for the same answer.
        failure = (
            first_failure
            if first_failure.reason == "timeout"
            else self._parse_some([culprit], alone)
        )
        return [failure] if failure else alone[0]

    def _parse_some(
        self, batch: Sequence[SourceBytes], answered: list[list[Result]]
    ) -> ItemReject | None:
        """Append answers; None if all came, else why the first missing one failed."""
        worker = self._ensure_worker()
        try:
            worker.settimeout(self.deadline_seconds)
            send(worker, *encode_request(batch))
            for _ in batch:
                deadline = time.monotonic() + self.deadline_seconds
                results = decode_results(receive(worker, deadline))
                answered.append(results or [_no_items()])
        except TimeoutError:
            self._kill_worker()
            message = f"no result after {self.deadline_seconds:g} s; the parser was killed"
            return ItemReject(reason="timeout", message=message)
        except Closed as error:
            return self._explain(self._kill_worker(), error)
        return None

    def _explain(self, code: int, error: Closed) -> ItemReject:
        if code == OUT_OF_MEMORY:
            message = f"needs more than {self.memory_bytes >> 20} MiB of memory"
            return ItemReject(reason="out_of_memory", message=message)
        message = f"the parser died (exit code {code}): {error}"
        return ItemReject(reason="parser_crashed", message=message)

    def _ensure_worker(self) -> socket.socket:
        if self._worker is None:
            try:
                self._worker = self._fork_worker(self._ensure_template())
            except OSError:
                # The template died (somebody killed it); a second failure is not ours to hide.
                self._stop_template()
                self._worker = self._fork_worker(self._ensure_template())
        return self._worker

    def _fork_worker(self, control: socket.socket) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(control, [FORK], [theirs.fileno()])
        self._receive_number(control)
        return ours

    def _kill_worker(self) -> int:
        """Kill and reap the worker; its exit code."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        self.restarts += 1
        if self._control is None:
            return 0
        try:
            self._control.sendall(REAP)
            return self._receive_number(self._control)
        except OSError:
            self._stop_template()
            return -1

    @staticmethod
    def _receive_number(control: socket.socket) -> int:
        message = control.recv(NUMBER.size, socket.MSG_WAITALL)
        if len(message) < NUMBER.size:
            raise ConnectionResetError("the template of the parsing child is gone")
        return int(NUMBER.unpack(message)[0])

    def _ensure_template(self) -> socket.socket:
        if self._control is None:
            ours, theirs = socket.socketpair()
            path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
            # -P: a `feedparser.py` in a drop folder must not be imported from there.
            command = [sys.executable, "-P", "-W", "ignore", "-m", "transforms.parse.worker"]
            with theirs:
                self._template = subprocess.Popen(
                    [*command, str(self.memory_bytes)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": path},
                )
            ours.settimeout(_START_SECONDS)
            self._control = ours
        return self._control

    def _stop_template(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._template is not None:
            try:
                self._template.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._template.kill()
                self._template.wait()
            self._template = None

    def close(self) -> None:
        """End the processes; a second call does nothing."""
        with self._lock:
            self._stop_template()


def _no_items() -> ItemReject:
    return ItemReject(reason="no_items", message="the container yields no item")
