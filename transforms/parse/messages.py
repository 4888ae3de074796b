"""Messages between the parsing child and its parent: length-prefixed JSON, never pickle.

Hostile input must not reach an unpickler in the parent, so items cross as plain JSON and are
rebuilt field by field. The answer to what is no archive is one message. That to an archive is any
number of two kinds, a member (announced with its bytes before it is parsed, so that its rejects
have them even if it kills the worker) and results, then an end.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import orjson

from schemas.article import Media, Station
from transforms.parse.archive import Member
from transforms.parse.item import Item, ItemReject, ParseContext

Result = Item | ItemReject
FORK: Final = b"F"
REAP: Final = b"R"
NUMBER: Final = struct.Struct(">q")
OUT_OF_MEMORY: Final = 77
"""Exit code of a worker whose memory limit was hit."""
_LENGTH: Final = struct.Struct(">Q")
# 64 Mi characters are at most 6 bytes each in JSON (\u00XX), with room for field names.
MAX_MESSAGE: Final = 512 << 20
_SMALL: Final = 1 << 18
_NUMBERS: Final = struct.Struct(">qq")
_END: Final = b"E"
_MEMBER: Final = b"M"
_RESULTS: Final = b"R"
_WHOLE: Final = b"W"
_FIELDS: Final = {
    "item": frozenset(field.name for field in fields(Item)),
    "reject": frozenset(field.name for field in fields(ItemReject)),
}


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """A container's bytes, what is known of them, and the format that `--format` forces."""

    data: bytes
    context: ParseContext
    format: str | None = None


class Closed(Exception):
    """The other side is gone, or what it sent is no message."""


def send(sock: socket.socket, *parts: bytes) -> None:
    """Send one message; waits as long as the socket's timeout allows.

    Raises:
        Closed: the peer died. TimeoutError: it did not read in time.
    """
    size = sum(map(len, parts))
    head = _LENGTH.pack(size)
    try:
        if size <= _SMALL:
            # One call instead of four: the calls cost more than what is in them.
            sock.sendall(b"".join((head, *parts)))
        else:
            for part in (head, *parts):
                sock.sendall(part)
    except TimeoutError:
        raise
    except OSError as error:
        raise Closed(str(error)) from None


class Inbox:
    """Messages from a socket; small ones that came together cost one call of the system."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray(_SMALL)
        self._start = self._end = 0

    def receive(self, deadline: float | None = None) -> bytearray:
        """Receive one message before `deadline` (of `time.monotonic`).

        Raises:
            Closed: the peer died or lies about the length. TimeoutError: the deadline passed.
        """
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size, deadline))
        if length > MAX_MESSAGE:
            raise Closed(f"a message of {length} bytes")
        return self._take(length, deadline)

    def _take(self, length: int, deadline: float | None) -> bytearray:
        here = self._end - self._start
        if length > len(self._buffer):
            message = bytearray(length)
            message[:here] = self._buffer[self._start : self._end]
            self._start = self._end = 0
            view = memoryview(message)
            while here < length:
                here += self._receive_into(view[here:], deadline)
            return message
        if self._start + length > len(self._buffer):
            self._buffer[:here] = self._buffer[self._start : self._end]
            self._start, self._end = 0, here
        view = memoryview(self._buffer)
        while self._end - self._start < length:
            self._end += self._receive_into(view[self._end :], deadline)
        self._start += length
        return self._buffer[self._start - length : self._start]

    def _receive_into(self, view: memoryview, deadline: float | None) -> int:
        if deadline is not None:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self.sock.settimeout(remaining)
        try:
            count = self.sock.recv_into(view)
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed(str(error)) from None
        if count == 0:
            raise Closed("end of stream")
        return count


def encode_request(batch: Sequence[SourceBytes]) -> list[bytes]:
    """The parts of a request: a JSON head with sizes, then the bytes of each container."""
    head = orjson.dumps(
        [{**asdict(s.context), "format": s.format, "size": len(s.data)} for s in batch]
    )
    return [_LENGTH.pack(len(head)), head, *(source.data for source in batch)]


def decode_request(message: bytearray) -> list[SourceBytes]:
    """The batch of a request."""
    start = _LENGTH.size + _LENGTH.unpack_from(message)[0]
    batch = []
    for head in orjson.loads(message[_LENGTH.size : start]):
        end = start + head.pop("size")
        forced = head.pop("format")
        batch.append(SourceBytes(bytes(message[start:end]), ParseContext(**head), forced))
        start = end
    return batch


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says of a container: a member that it parses next, or results.

    `number` is the member's place in the archive, 0 for a container that is none; of such a one
    the results are whole, and nothing else is said of it.
    """

    number: int
    member: Member | None = None
    results: Sequence[Result] = ()
    is_whole: bool = False


def encode_member(number: int, member: Member) -> list[bytes]:
    """The parts of the message that announces a member."""
    head = orjson.dumps(member.name)
    return [_MEMBER, _NUMBERS.pack(number, len(head)), head, member.data]


def encode_answer(number: int, results: Sequence[Result], *, is_whole: bool = False) -> list[bytes]:
    """The parts of the message with the results of a member, or with all of what is no archive."""
    kind = _WHOLE if is_whole else _RESULTS
    return [kind, _NUMBERS.pack(number, 0), encode_results(results)]


def encode_end() -> list[bytes]:
    """The parts of the message after which nothing comes for the container."""
    return [_END]


def decode_answer(message: bytearray) -> Answer | None:
    """What a worker said; None at the end.

    Raises:
        Closed: a shape that our child does not send.
    """
    kind = bytes(message[:1])
    if kind == _END:
        return None
    try:
        number, length = _NUMBERS.unpack_from(message, 1)
        body = message[1 + _NUMBERS.size :]
        if kind in (_RESULTS, _WHOLE):
            return Answer(number, results=decode_results(body), is_whole=kind == _WHOLE)
        return Answer(number, Member(orjson.loads(body[:length]), bytes(body[length:])))
    except (ValueError, struct.error) as error:
        raise Closed(f"no answer: {error}") from None


def encode_results(results: Sequence[Result]) -> bytes:
    """The results for one container."""
    return orjson.dumps(
        [["item" if isinstance(result, Item) else "reject", result] for result in results]
    )


def decode_results(message: bytearray) -> list[Result]:
    """The results for one container.

    Raises:
        Closed: a shape that our child does not send.
    """
    try:
        return [_to_result(kind, values) for kind, values in orjson.loads(message)]
    except (KeyError, TypeError, ValueError) as error:
        raise Closed(f"no results: {error}") from None


def _to_result(kind: str, values: dict[str, Any]) -> Result:
    if values.keys() != _FIELDS[kind]:
        raise ValueError("fields of another version")
    if values["raw_span"] is not None:
        values["raw_span"] = tuple(values["raw_span"])
    if kind == "reject":
        return ItemReject(**values)
    values["media"] = [Media(**medium) for medium in values["media"]]
    values["provenance"] = [Station(**station) for station in values["provenance"]]
    # What is not stated is most of it, and has a default.
    columns: dict[str, Any] = {
        name: tuple(value) if type(value) is list else value
        for name, value in values.items()
        if value is not None and value != []
    }
    columns.setdefault("record", None)
    return Item(**columns)
