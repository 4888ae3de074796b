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
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from transforms.parse.archive import Member
from transforms.parse.item import Item, ItemReject
from transforms.parse.messages import (
    FORK,
    NUMBER,
    OUT_OF_MEMORY,
    REAP,
    Answer,
    Closed,
    Inbox,
    Result,
    SourceBytes,
    decode_answer,
    encode_request,
    send,
)

__all__ = ["ParserChild", "SourceBytes", "own_environment"]

DEADLINE_SECONDS: Final = 20.0
MEMORY_BYTES: Final = 512 << 20
# Of one archive; each costs up to the deadline.
MAX_KILLED: Final = 3
_START_SECONDS: Final = 60.0
_ROOT: Final = Path(__file__).parents[2]
_AnyResult = TypeVar("_AnyResult", bound=Item | ItemReject)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a source was not answered whole, what came before, and where it stopped.

    `reached` is the first member without an answer, 0 in what is no archive.
    """

    reject: ItemReject
    before: list[Result]
    reached: int


@dataclass(slots=True)
class _Received:
    """What a worker has said of one source so far."""

    reached: int
    results: list[Result] = field(default_factory=list)
    member: Member | None = None

    def add(self, answer: Answer) -> None:
        if answer.member is not None:
            self.reached, self.member = answer.number, answer.member
        else:
            self.results += [_of_member(result, self.member) for result in answer.results]
            self.reached, self.member = answer.number + 1, None

    def fail(self, reject: ItemReject) -> _Failure:
        return _Failure(_of_member(reject, self.member), self.results, self.reached)


def _of_member(result: _AnyResult, member: Member | None) -> _AnyResult:
    return replace(result, member=member.name, raw=member.data) if member else result


def own_environment() -> dict[str, str]:
    """The environment in which a child process finds our modules."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}


class ParserChild:
    """A parser in another process; threads take turns.

    Args:
        deadline_seconds: for each source or member, from the answer before it.
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
        self._worker: Inbox | None = None
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
            try:
                return [results or [_no_items()] for results in self._parse_all(batch)]
            except BaseException:
                # What it has yet to say must not be taken for answers to another batch.
                self._kill_worker()
                raise

    def _parse_all(self, batch: Sequence[SourceBytes]) -> list[list[Result]]:
        answered: list[list[Result]] = []
        while len(answered) < len(batch):
            failure = self._parse_some(batch[len(answered) :], answered)
            if failure is not None:
                culprit = batch[len(answered)]
                answered.append(self._read_on(culprit, failure))
        return answered

    def _read_on(self, culprit: SourceBytes, failure: _Failure | None) -> list[Result]:
        """All of a source in which something failed: the rejects, and what comes after them."""
        results: list[Result] = []
        killed = 0
        while failure is not None:
            results += failure.before
            again = self._retry(culprit, failure)
            if isinstance(again, ItemReject):
                results.append(again)
                killed += 1
                if again.member is None:
                    return results
                if killed == MAX_KILLED:
                    message = f"{killed} members killed the parser; what follows was not read"
                    return [*results, ItemReject(reason=again.reason, message=message)]
                again = self._parse_from(culprit, failure.reached + 1)
            failure = again if isinstance(again, _Failure) else None
            results += again if isinstance(again, list) else []
        return results

    def _retry(
        self, culprit: SourceBytes, failure: _Failure
    ) -> ItemReject | _Failure | list[Result]:
        """A second chance alone: what comes of it, or why the same place failed again."""
        # A timeout is not tried again: it would cost the deadline twice, for the same answer.
        if failure.reject.reason == "timeout":
            return failure.reject
        again = self._parse_from(culprit, failure.reached)
        is_same = isinstance(again, _Failure) and again.reached == failure.reached
        return failure.reject if is_same else again

    def _parse_from(self, source: SourceBytes, first_member: int) -> _Failure | list[Result]:
        context = replace(source.context, first_member=first_member)
        alone: list[list[Result]] = []
        failure = self._parse_some([replace(source, context=context)], alone)
        return failure or alone[0]

    def _parse_some(
        self, batch: Sequence[SourceBytes], answered: list[list[Result]]
    ) -> _Failure | None:
        """Append answers; None if all came, else where and why the first missing one failed."""
        worker = self._ensure_worker()
        received = _Received(batch[0].context.first_member)
        try:
            worker.sock.settimeout(self.deadline_seconds)
            send(worker.sock, *encode_request(batch))
            for source in batch:
                received = _Received(source.context.first_member)
                while (answer := self._receive_answer(worker)) is not None:
                    received.add(answer)
                    if answer.is_whole:
                        break
                answered.append(received.results)
        except TimeoutError:
            self._kill_worker()
            message = f"no result after {self.deadline_seconds:g} s; the parser was killed"
            return received.fail(ItemReject(reason="timeout", message=message))
        except Closed as error:
            return received.fail(self._explain(self._kill_worker(), error))
        return None

    def _receive_answer(self, worker: Inbox) -> Answer | None:
        return decode_answer(worker.receive(time.monotonic() + self.deadline_seconds))

    def _explain(self, code: int, error: Closed) -> ItemReject:
        if code == OUT_OF_MEMORY:
            message = f"needs more than {self.memory_bytes >> 20} MiB of memory"
            return ItemReject(reason="out_of_memory", message=message)
        message = f"the parser died (exit code {code}): {error}"
        return ItemReject(reason="parser_crashed", message=message)

    def _ensure_worker(self) -> Inbox:
        if self._worker is None:
            try:
                self._worker = Inbox(self._fork_worker(self._ensure_template()))
            except OSError:
                # The template died (somebody killed it); a second failure is not ours to hide.
                self._stop_template()
                self._worker = Inbox(self._fork_worker(self._ensure_template()))
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
            self._worker.sock.close()
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
            # -P: a `feedparser.py` in a drop folder must not be imported from there.
            command = [sys.executable, "-P", "-W", "ignore", "-m", "transforms.parse.worker"]
            with theirs:
                self._template = subprocess.Popen(
                    [*command, str(self.memory_bytes)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env=own_environment(),
                )
            ours.settimeout(_START_SECONDS)
            self._control = ours
        return self._control

    def _stop_template(self) -> None:
        if self._worker is not None:
            self._worker.sock.close()
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
