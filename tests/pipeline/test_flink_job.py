"""A job that is cancelled at Flink itself, against a server that speaks as Flink's JobManager does.

https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/#jobs-jobid-1
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

import pipeline.flink_job
from pipeline.flink_job import FlinkSilent, cancel_job

OURS = "wiretrace-stream-1"


class JobManager:
    """Jobs by id; each one that is cancelled is over after so many more looks at it."""

    def __init__(self, looks: int = 1) -> None:
        self.jobs: dict[str, dict[str, str]] = {}
        self.cancelled: list[str] = []
        self._looks = looks
        manager = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == "/jobs/overview"
                self._say({"jobs": manager.overview()})

            def do_PATCH(self) -> None:
                path, _, mode = self.path.partition("?")
                assert (path.rpartition("/")[0], mode) == ("/jobs", "mode=cancel")
                manager.cancelled.append(path.rpartition("/")[2])
                self.send_response(202)
                self._say({})

            def _say(self, value: Any) -> None:
                data = json.dumps(value).encode()
                if self.command == "GET":
                    self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def overview(self) -> list[dict[str, str]]:
        """As Flink shows them; one that was asked often enough is over."""
        for job_id in self.cancelled:
            asked = self.cancelled.count(job_id)
            self.jobs[job_id]["state"] = "CANCELED" if asked >= self._looks else "CANCELLING"
        return [{"jid": job_id, **job} for job_id, job in self.jobs.items()]

    def __enter__(self) -> JobManager:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks follow each other at once."""
    monkeypatch.setattr(pipeline.flink_job.time, "sleep", lambda _: None)


@pytest.fixture
def flink() -> Iterator[JobManager]:
    with JobManager(looks=3) as manager:
        yield manager


def test_every_job_of_the_name_is_cancelled_until_it_is_over(flink: JobManager) -> None:
    """No other one is, nor one of that name which is over already."""
    flink.jobs = {
        "a": {"name": OURS, "state": "RUNNING"},
        "b": {"name": f"{OURS}0", "state": "RUNNING"},
        "c": {"name": OURS, "state": "FAILED"},
        "d": {"name": OURS, "state": "RESTARTING"},
    }
    cancel_job(flink.address, OURS)
    assert flink.cancelled == ["a", "d"] * 3
    states = {job_id: job["state"] for job_id, job in flink.jobs.items()}
    assert states == {"a": "CANCELED", "b": "RUNNING", "c": "FAILED", "d": "CANCELED"}


def test_no_job_of_the_name_is_nothing_to_do(flink: JobManager) -> None:
    cancel_job(flink.address, OURS)
    assert flink.cancelled == []


def test_one_that_goes_on_is_named(flink: JobManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its slots until somebody ends it."""
    monkeypatch.setattr(pipeline.flink_job, "_SECONDS", 0.0)
    flink.jobs = {"a1b2": {"name": OURS, "state": "RUNNING"}}
    with pytest.raises(FlinkSilent, match=f"a1b2 go on; cancel them at {flink.address}") as raised:
        cancel_job(flink.address, OURS)
    assert raised.value.exit_code == 75


def test_nobody_there_says_how_to_name_the_job_manager() -> None:
    with JobManager() as gone:
        address = gone.address
    with pytest.raises(FlinkSilent, match=rf"at {address} .*{OURS}.*flink_master=HOST:PORT"):
        cancel_job(address, OURS)
