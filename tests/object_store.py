"""An S3 of our own: moto's server in a process, one request at a time.

moto looks at a condition and then writes, so only one after the other do its conditional puts keep
what they promise. A request is read whole before its turn: a client that was stopped while it sends
one holds up nobody else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BUCKET = "wire-lakes"
SERVER = """
import io, logging, threading
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
logging.getLogger("werkzeug").setLevel(logging.ERROR)
app, turn = DomainDispatcherApplication(create_backend_app), threading.Lock()
def answer(environ, start_response):
    sent, ends = environ["wsgi.input"], environ.get("wsgi.input_terminated")
    body = sent.read() if ends else sent.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    with turn:
        return list(app(environ, start_response))
server = make_server("127.0.0.1", 0, answer, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True)
class ObjectStore:
    """A running server with one bucket; `environment` is what points an AWS client at it."""

    environment: Mapping[str, str]

    def client(self) -> Any:
        """boto3's own, to look at what is there behind our back."""
        import boto3

        env = self.environment
        return boto3.client(
            "s3",
            endpoint_url=env["AWS_ENDPOINT_URL"],
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            region_name=env["AWS_DEFAULT_REGION"],
        )

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Point this process at it."""
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)

    def fresh_url(self) -> str:
        """The address of a prefix that nobody has used."""
        return f"s3://{BUCKET}/{uuid.uuid4().hex}"

    def names(self, prefix: str) -> set[str]:
        """All objects below a prefix, relative to it."""
        pages = self.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        return {
            entry["Key"][len(prefix) + 1 :] for page in found for entry in page.get("Contents", ())
        }


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """A server for the length of a block."""
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    )
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        assert port, "moto did not start"
        store = ObjectStore(
            {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "y",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_CONFIG_FILE": "/dev/null",
                "AWS_EC2_METADATA_DISABLED": "true",
            }
        )
        store.client().create_bucket(Bucket=BUCKET)
        yield store
    finally:
        server.terminate()
        server.wait(10)
