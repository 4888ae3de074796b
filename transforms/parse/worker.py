"""The child's side: a warm template process that forks workers.

Started as `python -m transforms.parse.worker MEMORY_BYTES`. The template has imported everything
and only forks (6 ms), kills and reaps, each when told; so a process id that the parent knows is
never reused behind its back. A worker answers one request after another, an archive member by
member. Either ends when its peer does: end of stream, or the death signal of the template.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Final, NoReturn

from transforms.parse.document import Part, parse_parts
from transforms.parse.item import ItemReject
from transforms.parse.messages import (
    FORK,
    NUMBER,
    OUT_OF_MEMORY,
    REAP,
    Closed,
    Inbox,
    Result,
    SourceBytes,
    decode_request,
    encode_answer,
    encode_end,
    encode_member,
    send,
)

_PR_SET_PDEATHSIG: Final = 1
COLLECT_AFTER: Final = 50_000
"""New objects until Python looks for cycles: a document's items are many and in none, and looking
every 700 takes a third of reading a large sitemap."""


def main() -> None:
    """Serve the control socket (standard input) until the parent closes it."""
    control = socket.socket(fileno=os.dup(0))
    memory_bytes = int(sys.argv[1])
    gc.set_threshold(COLLECT_AFTER)
    gc.freeze()
    pid = 0
    while True:
        command, handles, _, _ = socket.recv_fds(control, 1, 1)
        if command == FORK:
            pid = _fork(control, handles[0], memory_bytes)
            control.sendall(NUMBER.pack(pid))
        elif command == REAP:
            control.sendall(NUMBER.pack(_reap(pid)))
            pid = 0
        else:
            _reap(pid)
            return


def _reap(pid: int) -> int:
    """Kill and wait; the exit code as `os.waitstatus_to_exitcode` gives it."""
    if pid == 0:
        return 0
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _fork(control: socket.socket, handle: int, memory_bytes: int) -> int:
    template = os.getpid()
    pid = os.fork()
    if pid == 0:
        control.close()
        _die_with(template)
        _work(socket.socket(fileno=handle), memory_bytes)
    os.close(handle)
    return pid


def _die_with(template: int) -> None:
    # Linux only; elsewhere a worker whose template was killed ends with its present request.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != template:
        os._exit(0)


def _limit_memory(memory_bytes: int) -> None:
    # Address space, since Linux enforces nothing else; what the imports mapped comes on top.
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * resource.getpagesize() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _work(sock: socket.socket, memory_bytes: int) -> NoReturn:
    with contextlib.suppress(OSError):
        _limit_memory(memory_bytes)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    inbox = Inbox(sock)
    try:
        while True:
            for source in decode_request(inbox.receive()):
                _answer(sock, source)
    except Closed:
        os._exit(0)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        os._exit(1)


def _answer(sock: socket.socket, source: SourceBytes) -> None:
    try:
        for part in parse_parts(source.data, source.context, source.format):
            if part.member is not None:
                send(sock, *encode_member(part.number, part.member))
            results = _results(part)
            send(sock, *encode_answer(part.number, results, is_whole=part.is_whole))
            if part.is_whole:
                return
    except (MemoryError, SystemExit, Closed):
        raise
    except Exception as error:
        send(sock, *encode_answer(0, [_unexpected(error)]))
    send(sock, *encode_end())


def _results(part: Part) -> list[Result]:
    """The results of a part; a fault of ours is its reject: no neighbour suffers (DESIGN §7)."""
    try:
        return list(part.results)
    except (MemoryError, SystemExit):
        raise
    except Exception as error:
        return [_unexpected(error)]


def _unexpected(error: Exception) -> ItemReject:
    message = f"{type(error).__name__} in a reader: {str(error)[:200]}"
    text = message.encode("utf-8", "replace").decode("utf-8")
    return ItemReject(reason="unexpected", message=text)


if __name__ == "__main__":
    main()
