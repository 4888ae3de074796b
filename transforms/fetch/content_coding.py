"""Unpacks a body while it arrives: gzip, deflate, br, zstd (RFC 9110 §8.4, 7932, 8878).

1 MB may unpack to gigabytes, so every coding unpacks in small steps, and size and ratio are checked
after each one: what is refused was never in memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import brotli
from backports import zstd

from transforms.fetch.failure import FetchFailed

ACCEPTED = "gzip, deflate, br, zstd"
# See parse/gunzip.py: feeds pack 3 to 50 times.
MAX_RATIO = 200
RATIO_FROM = 1 << 20
_STEP = 1 << 16
# RFC 9659: what a client must support, and no more than 8 MiB of window in memory.
_ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_DAMAGED = (zlib.error, brotli.error, zstd.ZstdError)


class BoundedBody:
    """A body that grows by `feed`, packed as `Content-Encoding` says, within `max_bytes` unpacked.

    Raises:
        FetchFailed: `bad_response`, a coding nobody asked for.
    """

    def __init__(self, content_encoding: str | None, max_bytes: int) -> None:
        self._coding = _choose(content_encoding)
        self._max_bytes = max_bytes
        self._unpacked = bytearray()
        self.received = 0

    def feed(self, data: bytes) -> None:
        """Unpack what has arrived.

        Raises:
            FetchFailed: `too_large`, or `decompression_failed`: damaged, or packed too well.
        """
        self.received += len(data)
        try:
            for step in self._coding.unpack(data):
                self._unpacked += step
                self._check()
        except _DAMAGED as error:
            raise FetchFailed("decompression_failed", f"the body is damaged ({error})") from None

    def finish(self) -> bytes:
        """The whole body.

        Raises:
            FetchFailed: `truncated`, the packed stream ended early.
        """
        if self.received and not self._coding.is_complete:
            raise FetchFailed("truncated", "the packed body is cut short")
        return bytes(self._unpacked)

    def _check(self) -> None:
        size = len(self._unpacked)
        if size > self._max_bytes:
            raise FetchFailed("too_large", f"a body of more than {self._max_bytes} bytes")
        if size > RATIO_FROM and size > MAX_RATIO * self.received:
            raise FetchFailed(
                "decompression_failed",
                f"{self.received} bytes unpack to more than {size} (limit: {MAX_RATIO} times)",
            )


class _Coding(Protocol):
    @property
    def is_complete(self) -> bool: ...

    def unpack(self, data: bytes) -> Iterator[bytes]: ...


class _Identity:
    is_complete = True

    def unpack(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Framed:
    """A coding whose stream knows its end; a further stream may follow (gzip members, frames)."""

    def __init__(self, magic: bytes | None, start: Callable[[bytes], Any]) -> None:
        self._magic = magic
        self._start = start
        self._stream: Any = None
        self._ended = False

    @property
    def is_complete(self) -> bool:
        return self._ended or (self._stream is not None and bool(self._stream.eof))

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream is None:
                self._stream = self._start(data)
            yield from self._steps(data)
            if not self._stream.eof:
                return
            data = self._stream.unused_data
            # What follows the last stream is padding, or the start of the next.
            if self._magic is None or not data.startswith(self._magic):
                self._ended = self._ended or bool(data)
                return
            self._stream = None

    def _steps(self, data: bytes) -> Iterator[bytes]:
        raise NotImplementedError


class _Zlib(_Framed):
    def _steps(self, data: bytes) -> Iterator[bytes]:
        while data and not self._stream.eof:
            yield self._stream.decompress(data, _STEP)
            data = self._stream.unconsumed_tail


class _Zstd(_Framed):
    def _steps(self, data: bytes) -> Iterator[bytes]:
        yield self._stream.decompress(data, _STEP)
        while not self._stream.eof and not self._stream.needs_input:
            yield self._stream.decompress(b"", _STEP)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def is_complete(self) -> bool:
        return bool(self._stream.is_finished())

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if self.is_complete:
            return
        yield self._stream.process(data, output_buffer_limit=_STEP)
        while not self._stream.can_accept_more_data():
            yield self._stream.process(b"", output_buffer_limit=_STEP)


def _choose(content_encoding: str | None) -> _Coding:
    named = [c.strip().lower() for c in (content_encoding or "identity").split(",")]
    codings = [c for c in named if c not in ("", "identity")]
    if not codings:
        return _Identity()
    make = _CODINGS.get(codings[0]) if len(codings) == 1 else None
    if make is None:
        raise FetchFailed("bad_response", f"Content-Encoding {', '.join(codings)[:80]!r}")
    return make()


def _start_deflate(head: bytes) -> Any:
    """With zlib's header as RFC 9110 wants it, or without, as some servers send it."""
    has_header = head[0] & 0x0F == 8 and (len(head) < 2 or (head[0] << 8 | head[1]) % 31 == 0)
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _gzip() -> _Coding:
    return _Zlib(b"\x1f\x8b", lambda _: zlib.decompressobj(16 + zlib.MAX_WBITS))


_CODINGS: dict[str, Callable[[], _Coding]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": lambda: _Zlib(None, _start_deflate),
    "br": _Brotli,
    "zstd": lambda: _Zstd(_ZSTD_MAGIC, lambda _: zstd.ZstdDecompressor(options=_ZSTD_WINDOW)),
}
