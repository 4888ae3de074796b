"""`Committer`: the process that commits windows, and how it is told of them.

A commit runs bounded pipelines: in a process of its own (`pipeline/committer_process.py`) their
memory stays out of the engine's workers, and one that hangs can be killed.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.parse.child import own_environment
from transforms.parse.messages import Closed, Inbox, send

# A window that is not committed after so long is tried again by the engine, in a new process.
DEADLINE_SECONDS = 1_800.0
# The word by which a committer knows that it tells stories.
STORIES = "stories"
_PARTS_BYTES = 64 << 20


class CommitFailed(Exception):
    """A window could not be committed; the engine tries it again."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: items by outcome, empty where the lake had all of it."""

    sequence: int | None
    outcomes: dict[str, int]


class Committer:
    """The process that commits; it is started when it is needed, and again when it died."""

    def __init__(self, lake: str, entities: str, stories: bool, sources: Sequence[str]) -> None:
        self._arguments = [lake, entities, STORIES if stories else "", *sources]
        self._process: subprocess.Popen[bytes] | None = None
        self._inbox: Inbox | None = None

    def commit(self, end: float, packed: Sequence[bytes]) -> Committed:
        """Commit a window that ends then (seconds since 1970).

        Raises:
            CommitFailed: it did not, or did not say so; says why.
        """
        inbox = self._inbox or self._start()
        deadline = time.monotonic() + DEADLINE_SECONDS
        try:
            inbox.sock.settimeout(DEADLINE_SECONDS)
            parts = _in_parts(packed)
            send(inbox.sock, pickle.dumps((end, len(parts))))
            for part in parts:
                send(inbox.sock, pickle.dumps(part))
            answer = pickle.loads(inbox.receive(deadline))
        except (Closed, TimeoutError) as error:
            self.close()
            raise CommitFailed(f"the process that commits is gone: {error!r}") from None
        if isinstance(answer, Committed):
            return answer
        raise CommitFailed(answer)

    def close(self) -> None:
        """End the process; a second call does nothing."""
        if self._inbox is not None:
            self._inbox.sock.close()
            self._inbox = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> Inbox:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pipeline.committer_process", *self._arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=own_environment(),
            )
        self._inbox = Inbox(ours)
        return self._inbox


def _in_parts(packed: Sequence[bytes]) -> list[list[bytes]]:
    """As messages that are not too long for the other side."""
    parts: list[list[bytes]] = [[]]
    size = 0
    for one in packed:
        if parts[-1] and size + len(one) > _PARTS_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += len(one)
    return parts
