"""A streaming job on Flink, by Flink's own interface: found by its name and cancelled.

Beam's job server takes a cancellation and leaves the job running (measured with 2.62), so that one
which was drained would keep its slots.
"""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

# As deploy/flink starts it.
MASTER = "localhost:8081"
_OVER = ("CANCELED", "FAILED", "FINISHED")
_SECONDS = 60.0


class FlinkSilent(Exception):
    """Flink does not answer, or does not do what it was asked to."""

    exit_code = 75


def cancel_job(master: str, name: str) -> None:
    """End every job of that name, and return when it is over.

    Raises:
        FlinkSilent: nobody answers at `master`, or the job goes on.
    """
    until = time.monotonic() + _SECONDS
    try:
        while going := [job["jid"] for job in _jobs(master, name) if job["state"] not in _OVER]:
            if time.monotonic() > until:
                raise FlinkSilent(f"the jobs {', '.join(going)} go on; cancel them at {master}")
            for job in going:
                _ask(master, f"/jobs/{job}?mode=cancel", "PATCH")
            time.sleep(1.0)
    except OSError as error:
        raise FlinkSilent(
            f"no Flink answers at {master} ({error}), so the drained job {name} keeps its slots: "
            "name the JobManager with --runner-option flink_master=HOST:PORT"
        ) from None


def _jobs(master: str, name: str) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = _ask(master, "/jobs/overview")["jobs"]
    return [job for job in jobs if job["name"] == name]


def _ask(master: str, path: str, method: str = "GET") -> Any:
    request = urllib.request.Request(f"http://{master}{path}", method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
