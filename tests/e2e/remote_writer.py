"""Runs wiretrace commands in forked children that die, or stop, at a request to the object store.

Reads one JSON object a line: `args`, `cache`, and `at` (a number; 0 for never), `signal`, `seconds`
(how long a lease lasts), `log` (a file that gets a byte for each request). Answers with the child's
exit code, negative for a signal. Beam is loaded once for all of them. The product knows nothing of
this: the fault is put in from outside.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

import boto3  # noqa: F401  # loaded once

import pipeline.batch  # noqa: F401
from lake import mirror, remote_lease
from lake.store import Store
from tests.lake.memory_store import Around


def harm(order: dict[str, Any]) -> None:
    """Count the requests, and send ourselves the signal before the one that was ordered."""
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    lock = threading.Lock()
    requests = 0
    opened = mirror.open_store

    def count(kind: str, name: str) -> None:
        nonlocal requests
        with lock:
            requests += 1
            if requests == order["at"]:
                os.kill(os.getpid(), getattr(signal, order["signal"]))
            os.write(log, b".")

    def open_store(url: str) -> Store:
        return Around(opened(url), count)

    mirror.open_store = open_store
    remote_lease.SECONDS = order["seconds"]


def main() -> None:
    """Until there are no more orders."""
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ["WIRETRACE_CACHE"] = order["cache"]
            output = os.open(order["log"] + ".out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            harm(order)
            from pipeline.cli import main as wiretrace

            wiretrace(order["args"])
            sys.exit(0)
        while True:
            _, status = os.waitpid(child, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                break
            print(json.dumps({"stopped": child}), flush=True)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


if __name__ == "__main__":
    main()
