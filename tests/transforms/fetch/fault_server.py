"""A server on loopback that plays every fault of a feed's host, and says which it played.

Each fault is a path. It writes to the socket itself: no server library breaks HTTP on request.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import threading
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

import brotli
from backports import zstd

GIB = 1 << 30
FEED = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Harbour Post
</title><item><title>Ferry strike ends</title><guid>1</guid><description>Crews go back to work on
Monday.</description></item></channel></rss>"""


@dataclass
class Asked:
    """A request as it came: method line's path, headers in lower case; `at` in seconds."""

    path: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


Play = Callable[[asyncio.StreamWriter, Asked], Awaitable[None]]


@dataclass
class FaultServer:
    """Started as a context manager; `played` counts what was played, by path."""

    host: str = "127.0.0.1"
    played: Counter[str] = field(default_factory=Counter)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    pages: dict[str, Play] = field(default_factory=dict)
    port: int = 0

    def __enter__(self) -> FaultServer:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(10)

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def _run(self, started: threading.Event) -> None:
        asyncio.run(self._serve(started))

    async def _serve(self, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        server = await asyncio.start_server(self._answer, self.host, 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._ended.wait()
        server.close()
        playing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            start = await reader.readexactly(1)
            if start == b"\x16":
                self.played["TLS"] += 1
                await send(writer, head(400))
                return
            rest = await reader.readuntil(b"\r\n\r\n")
            lines = (start + rest).decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            pairs = (line.split(":", 1) for line in lines[1:] if ":" in line)
            asked = Asked(path, {name.lower(): value.strip() for name, value in pairs})
            self.asked.append(asked)
            play = self.pages.get(path) or FAULTS.get(path.split("?")[0], not_found)
            self.played[path] += 1
            await play(writer, asked)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


async def send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


def head(status: int = 200, *lines: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status} X", *lines, "", "")).encode("latin-1")


def whole(body: bytes, *lines: str, status: int = 200) -> Play:
    """An answer as it should be."""

    async def play(writer: asyncio.StreamWriter, asked: Asked) -> None:
        await send(writer, head(status, f"Content-Length: {len(body)}", *lines) + body)

    return play


def redirect(location: str, status: int = 302) -> Play:
    return whole(b"", f"Location: {location}", status=status)


async def not_found(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await whole(b"", status=404)(writer, asked)


async def hang(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await asyncio.sleep(60)


async def hang_in_body(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, head(200, "Content-Length: 1000") + b"<rss>")
    await asyncio.sleep(60)


async def drip_headers(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        await send(writer, b"a")
        await asyncio.sleep(0.05)


async def drip_body(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, head(200, "Content-Length: 1000000"))
    while True:
        await send(writer, b" ")
        await asyncio.sleep(0.05)


async def endless_informational(writer: asyncio.StreamWriter, asked: Asked) -> None:
    while True:
        await send(writer, b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.sleep(0.01)


async def endless_body(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, head(200))
    while True:
        await send(writer, b"<item/>" * 10_000)


async def endless_header(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        await send(writer, b"a" * 65_536)


async def wrong_length(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, head(200, f"Content-Length: {len(FEED) + 1000}") + FEED)


async def broken_chunk(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, head(200, "Transfer-Encoding: chunked") + b"zz\r\n<rss>\r\n")


async def cut_chunks(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, head(200, "Transfer-Encoding: chunked") + b"5\r\n<rss>\r\n")


async def no_http(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await send(writer, b"220 ftp.example.org ready\r\n")


async def close(writer: asyncio.StreamWriter, asked: Asked) -> None:
    writer.close()


async def long_way(writer: asyncio.StreamWriter, asked: Asked) -> None:
    """Redirects to itself with a number that grows."""
    number = int(asked.path.partition("?")[2] or 0)
    await redirect(f"/long-way?{number + 1}")(writer, asked)


async def many_headers(writer: asyncio.StreamWriter, asked: Asked) -> None:
    await whole(FEED, *(f"X-{n}: {n}" for n in range(101)))(writer, asked)


def packed(coding: str, pack: Callable[[], bytes]) -> Play:
    async def play(writer: asyncio.StreamWriter, asked: Asked) -> None:
        await whole(await asyncio.to_thread(pack), f"Content-Encoding: {coding}")(writer, asked)

    return play


def cut(pack: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: pack(FEED)[:-12]


@cache
def gzip_bomb() -> bytes:
    return _bomb(zlib.compressobj(9, wbits=31))


@cache
def deflate_bomb() -> bytes:
    return _bomb(zlib.compressobj(9))


@cache
def brotli_bomb() -> bytes:
    compressor = brotli.Compressor(quality=1)
    zeros = bytes(1 << 24)
    steps = [compressor.process(zeros) for _ in range(GIB >> 24)]
    return b"".join((*steps, compressor.finish()))


@cache
def zstd_bomb() -> bytes:
    compressor = zstd.ZstdCompressor(level=1)
    zeros = bytes(1 << 24)
    steps = [compressor.compress(zeros) for _ in range(GIB >> 24)]
    return b"".join((*steps, compressor.flush()))


def _bomb(compressor: object) -> bytes:
    zeros = bytes(1 << 24)
    steps = (compressor.compress(part) for part in itertools.repeat(zeros, GIB >> 24))  # type: ignore[attr-defined]
    return b"".join(steps) + compressor.flush()  # type: ignore[attr-defined]


FAULTS: dict[str, Play] = {
    "/feed": whole(FEED, 'ETag: "v1"', "Last-Modified: Mon, 01 Jun 2026 10:00:00 GMT"),
    "/hang": hang,
    "/hang-in-body": hang_in_body,
    "/drip-headers": drip_headers,
    "/drip-body": drip_body,
    "/endless-informational": endless_informational,
    "/endless-body": endless_body,
    "/endless-header": endless_header,
    "/wrong-length": wrong_length,
    "/broken-chunk": broken_chunk,
    "/cut-chunks": cut_chunks,
    "/no-http": no_http,
    "/close": close,
    "/loop": redirect("/loop"),
    "/loop-of-two": redirect("/other-of-two"),
    "/other-of-two": redirect("/loop-of-two"),
    "/long-way": long_way,
    "/to-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "/to-loopback": redirect("http://127.0.0.2:9/"),
    "/to-loopback-v6": redirect("http://[::1]:9/"),
    "/to-decimal": redirect("http://2130706434:9/"),
    "/to-file": redirect("file:///etc/passwd"),
    "/to-ftp": redirect("ftp://127.0.0.1/feed"),
    "/to-data": redirect("data:text/xml,<rss/>"),
    "/to-password": redirect("http://user:secret@127.0.0.1/feed"),
    "/to-nowhere": redirect("http://[/"),
    "/many-headers": many_headers,
    "/wrong-304": whole(b"", status=304),
    "/429-seconds": whole(b"", "Retry-After: 120", status=429),
    "/429-date": whole(b"", "Retry-After: Fri, 27 Nov 2026 12:00:00 GMT", status=429),
    "/gone": whole(b"", status=410),
    "/500": whole(b"", status=500),
    "/no-content": whole(b"", status=204),
    "/gzip": packed("gzip", lambda: gzip.compress(FEED)),
    "/deflate": packed("deflate", lambda: zlib.compress(FEED)),
    "/raw-deflate": packed("deflate", lambda: zlib.compress(FEED, wbits=-15)),
    "/br": packed("br", lambda: brotli.compress(FEED)),
    "/zstd": packed("zstd", lambda: zstd.compress(FEED)),
    "/two-members": packed("gzip", lambda: gzip.compress(FEED[:50]) + gzip.compress(FEED[50:])),
    "/padded-gzip": packed("gzip", lambda: gzip.compress(FEED) + bytes(10)),
    "/unknown-coding": packed("lzma", lambda: FEED),
    "/twice-packed": packed("gzip, br", lambda: FEED),
    "/lying-coding": packed("gzip", lambda: FEED),
    "/cut-gzip": packed("gzip", cut(gzip.compress)),
    "/cut-br": packed("br", cut(brotli.compress)),
    "/cut-zstd": packed("zstd", cut(zstd.compress)),
    "/gzip-bomb": packed("gzip", gzip_bomb),
    "/deflate-bomb": packed("deflate", deflate_bomb),
    "/br-bomb": packed("br", brotli_bomb),
    "/zstd-bomb": packed("zstd", zstd_bomb),
    "/lying-charset": whole(FEED, "Content-Type: application/rss+xml; charset=utf-16"),
}
