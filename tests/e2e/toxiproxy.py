"""Toxiproxy (https://github.com/Shopify/toxiproxy): faults of connections between us and a host."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("toxiproxy-server")


def find_program() -> str | None:
    """`make e2e` builds it beside Python where there is Go."""
    return str(PROGRAM) if PROGRAM.exists() else shutil.which("toxiproxy-server")


@dataclass
class Toxiproxy:
    """Its control, over HTTP."""

    port: int

    def call(self, method: str, path: str, **body: Any) -> Any:
        """Ask its API; raises `urllib.error.HTTPError` for what it refuses."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def proxy(self, name: str, listen: str, upstream: str) -> str:
        """A proxy to a host; gives the address that it listens at."""
        made = self.call("POST", "/proxies", name=name, listen=listen, upstream=upstream)
        return str(made["listen"])

    def poison(self, name: str, kind: str, **attributes: int) -> None:
        """A fault in what comes back through a proxy."""
        self.call("POST", f"/proxies/{name}/toxics", type=kind, attributes=attributes)

    def cure(self, name: str) -> None:
        """No fault any more."""
        for toxic in self.call("GET", f"/proxies/{name}/toxics"):
            self.call("DELETE", f"/proxies/{name}/toxics/{toxic['name']}")
        self.call("POST", f"/proxies/{name}", enabled=True)


@contextmanager
def started(program: str) -> Iterator[Toxiproxy]:
    """Runs while the block does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "-host", "127.0.0.1", "-port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        control = Toxiproxy(port)
        for _ in range(100):
            try:
                control.call("GET", "/version")
                break
            except (OSError, ValueError):
                time.sleep(0.1)
        yield control
    finally:
        process.terminate()
        process.wait(10)
