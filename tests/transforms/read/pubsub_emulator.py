"""Google's Pub/Sub emulator, of the Cloud SDK, on this machine only."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(
    "/usr/lib/google-cloud-sdk/platform/pubsub-emulator/bin/cloud-pubsub-emulator"
)  # of the Debian package google-cloud-cli-pubsub-emulator
ABSENT = "no Pub/Sub emulator"
START_SECONDS = 60
LAST = b"the last message"


def find_program() -> str | None:
    """The emulator's own script, which becomes the Java process; None where it, or Java, is not."""
    found = str(PROGRAM) if PROGRAM.exists() else shutil.which("cloud-pubsub-emulator")
    return found if shutil.which("java") else None


@dataclass(frozen=True)
class Emulator:
    """Its REST interface; clients of Google's libraries find it by `PUBSUB_EMULATOR_HOST`."""

    host: str
    project: str = "wiretrace-tests"

    def call(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Ask; raises `urllib.error.HTTPError` for what it refuses."""
        request = urllib.request.Request(
            f"http://{self.host}/v1/projects/{self.project}/{path}",
            method=method,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def subscribe(self, topic: str) -> str:
        """A new topic with one subscription, whose full name it gives."""
        self.call("PUT", f"topics/{topic}", {})
        name = f"projects/{self.project}/subscriptions/{topic}-read"
        body = {"topic": f"projects/{self.project}/topics/{topic}", "ackDeadlineSeconds": 60}
        self.call("PUT", f"subscriptions/{topic}-read", body)
        return name

    def publish(self, topic: str, messages: Sequence[tuple[bytes, Mapping[str, str]]]) -> list[str]:
        """Publish data with attributes; the ids that the messages got."""
        body = [
            {"data": base64.b64encode(data).decode(), "attributes": dict(attributes)}
            for data, attributes in messages
        ]
        answer = self.call("POST", f"topics/{topic}:publish", {"messages": body})
        return [str(message_id) for message_id in answer["messageIds"]]

    def cancel(self, running: Any, topic: str) -> None:
        """Cancel a DirectRunner's pipeline: that waits 30 s for its pull, unless messages end it.

        They are `LAST`, and may or may not be read.
        """
        cancelling = threading.Thread(target=running.cancel)
        cancelling.start()
        while cancelling.is_alive():
            self.publish(topic, [(LAST, {})])
            cancelling.join(0.5)


@contextmanager
def started(program: str, folder: Path) -> Iterator[Emulator]:
    """Runs while the block does, and is what Google's libraries talk to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    log = folder / "emulator.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program, f"--host={host.split(':')[0]}", f"--port={host.split(':')[1]}"],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    before = os.environ.get("PUBSUB_EMULATOR_HOST")
    os.environ["PUBSUB_EMULATOR_HOST"] = host
    try:
        _wait_for(host, process, log)
        yield Emulator(host)
    finally:
        if before is None:
            del os.environ["PUBSUB_EMULATOR_HOST"]
        else:
            os.environ["PUBSUB_EMULATOR_HOST"] = before
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(host: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://{host}/", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the emulator did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
