"""What the lake uses of Google Cloud Storage's JSON API: objects with generations, conditions."""

from __future__ import annotations

import contextlib
import email.utils
import http.server
import json
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BUCKET = "gs-lakes"


class _Objects:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.generation = 1_700_000_000_000_000
        self.found: dict[str, tuple[bytes, int, float]] = {}


@contextlib.contextmanager
def gcs() -> Iterator[str]:
    """A server with the bucket `BUCKET`; gives what `STORAGE_EMULATOR_HOST` is to be."""
    objects = _Objects()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, options = self._parts()
            prefix = f"/storage/v1/b/{BUCKET}/o"
            if not path.startswith(prefix):
                self._fail(404, "The specified bucket does not exist.")
            elif path == prefix:
                self._list(options)
            else:
                self._read(unquote(path[len(prefix) + 1 :]))

        def do_POST(self) -> None:
            path, options = self._parts()
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if path != f"/upload/storage/v1/b/{BUCKET}/o":
                self._fail(404, "The specified bucket does not exist.")
                return
            name = options["name"]
            with objects.lock:
                there = objects.found.get(name)
                wanted = options.get("ifGenerationMatch")
                if wanted is not None and int(wanted) != (there[1] if there else 0):
                    self._fail(412, "At least one of the pre-conditions did not hold.")
                    return
                objects.generation += 1
                objects.found[name] = (data, objects.generation, time.time())
                self._tell({"name": name, "generation": str(objects.generation)})

        def do_DELETE(self) -> None:
            path, _ = self._parts()
            name = unquote(path.removeprefix(f"/storage/v1/b/{BUCKET}/o/"))
            with objects.lock:
                gone = objects.found.pop(name, None)
            if gone is None:
                self._fail(404, f"No such object: {BUCKET}/{name}")
            else:
                self._answer(204, b"")

        def _list(self, options: dict[str, str]) -> None:
            with objects.lock:
                names = sorted(n for n in objects.found if n.startswith(options["prefix"]))
                names = [n for n in names if n > options.get("pageToken", "")]
                page = names[: int(options["maxResults"])]
                items = [
                    {
                        "name": name,
                        "size": str(len(objects.found[name][0])),
                        "generation": str(objects.found[name][1]),
                    }
                    for name in page
                ]
            more = {"nextPageToken": page[-1]} if len(page) < len(names) else {}
            self._tell({"items": items, **more})

        def _read(self, name: str) -> None:
            with objects.lock:
                found = objects.found.get(name)
            if found is None:
                self._fail(404, f"No such object: {BUCKET}/{name}")
                return
            data, generation, written = found
            self._answer(
                200,
                data,
                ("x-goog-generation", str(generation)),
                ("Last-Modified", email.utils.formatdate(written, usegmt=True)),
            )

        def _parts(self) -> tuple[str, dict[str, str]]:
            parts = urlsplit(self.path)
            return parts.path, {key: values[-1] for key, values in parse_qs(parts.query).items()}

        def _tell(self, value: Any) -> None:
            self._answer(200, json.dumps(value).encode(), ("Content-Type", "application/json"))

        def _fail(self, status: int, message: str) -> None:
            error = {"error": {"code": status, "message": message}}
            self._answer(status, json.dumps(error).encode())

        def _answer(self, status: int, data: bytes, *headers: tuple[str, str]) -> None:
            self.send_response(status)
            for key, value in headers:
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
