"""Asks the application as a server would, byte for byte: no client tidies the address up."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lake.tables import Lake
from tests.lake.builder import LakeBuilder
from tracing.server.app import App
from tracing.server.hosts import allowed_hosts

HOST = "127.0.0.1:8642"
NOW = dt.datetime(2024, 5, 20, 12, tzinfo=dt.UTC)


@dataclass
class Site:
    """A lake served, at a time that tests may move; `log` is what the server said."""

    lake: Lake
    now: dt.datetime = NOW
    log: list[str] = field(default_factory=list)
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hosts = allowed_hosts(["127.0.0.1"], 8642)
        self.app = App(
            self.lake, hosts, log=self.log.append, clock=lambda: self.now, **self.options
        )

    def get(self, address: str | bytes, method: str = "GET", **headers: str) -> Reply:
        """The reply to a request in its own event loop; `If_None_Match="…"` is a header."""
        return asyncio.run(ask(self.app, address, method, **headers))


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def site(builder: LakeBuilder, **options: Any) -> Site:
    return Site(builder.lake, options=options)


async def ask(app: App, address: str | bytes, method: str = "GET", **headers: str) -> Reply:
    raw = address.encode() if isinstance(address, str) else address
    path, _, query = raw.partition(b"?")
    given = {"host": HOST, **{name.lower().replace("_", "-"): v for name, v in headers.items()}}
    scope = {
        "type": "http", "method": method, "raw_path": path, "path": path.decode("latin-1"),
        "query_string": query, "http_version": "1.1", "scheme": "http",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    found = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(start["status"], found, body)
