"""ZIP (PKWARE APPNOTE 6.3.10), as far as ISO/IEC 21320-1 goes: stored and deflated members.

Not covered: ZIP64 (a container has at most 64 MiB), several disks, other methods, encryption;
office documents, which are ZIP archives, are named and not opened. Not `zipfile`: one name that is
no UTF-8 or one bad extra field makes it refuse the whole archive, and it lists all members before
any limit holds. The central directory decides what there is; a member whose bytes another one uses
too is rejected, so that nothing is unpacked twice (the trick of most bombs).
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from transforms.parse.gunzip import MAX_RATIO, RATIO_FROM
from transforms.parse.packing import (
    MAX_MEMBER,
    BadArchive,
    Entry,
    TotalExceeded,
    Unpack,
    refuse,
    too_large,
)

_LOCAL: Final = b"PK\x03\x04"
_CENTRAL: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"
_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")  # APPNOTE §4.3.7
_CENTRAL_HEADER: Final = struct.Struct("<4s2B5H3L5H2L")  # §4.3.12
_END_RECORD: Final = struct.Struct("<4s4H2LH")  # §4.3.16
_MAX_COMMENT: Final = 0xFFFF
_ZIP64: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_STORED, _DEFLATED, _AES = 0, 8, 99
_UNIX: Final = 3
# Open Packaging (OOXML) and OpenDocument or EPUB; Java archives are no news either.
_DOCUMENTS: Final = frozenset((b"[Content_Types].xml", b"mimetype", b"META-INF/MANIFEST.MF"))


@dataclass(frozen=True, slots=True)
class _Listed:
    name: bytes
    system: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    attributes: int
    start: int
    """Where the local header is."""


def is_zip(data: bytes) -> bool:
    """Starts with a member, or is an archive without any."""
    return data.startswith((_LOCAL, _END))


def list_zip(data: bytes) -> Iterator[Entry]:
    """The members in the order of the central directory.

    Raises:
        BadArchive: no central directory, one that contradicts itself, or an office document.
    """
    directory, count = _find_directory(data)
    listed = list(_read_directory(data, directory, count))
    if any(member.name in _DOCUMENTS for member in listed):
        raise BadArchive("unknown_format", "an office document or a program, not an archive")
    overlapping = _find_overlaps(listed)
    for number, member in enumerate(listed):
        if number in overlapping:
            unpack = refuse("overlapping_member", "its bytes belong to another member too")
        else:
            unpack = _find_problem(member) or partial(_unpack, data, member)
        yield Entry(member.name, member.name.endswith(b"/"), unpack)
    if len(listed) != count:
        raise BadArchive("malformed", f"{count} members are announced, {len(listed)} are listed")


def _find_directory(data: bytes) -> tuple[int, int]:
    position = data.rfind(_END, max(0, len(data) - _MAX_COMMENT - _END_RECORD.size))
    if position < 0 or len(data) < position + _END_RECORD.size:
        raise BadArchive("malformed", "no central directory; the archive is cut short")
    _, disk, _, _, count, size, offset, _ = _END_RECORD.unpack_from(data, position)
    if disk or count == 0xFFFF or offset == _ZIP64:
        raise BadArchive("malformed", "an archive of several disks or in ZIP64 form")
    if count and (offset + size > position or not data.startswith(_CENTRAL, offset)):
        raise BadArchive("malformed", "the central directory is not where the archive says")
    return offset, count


def _read_directory(data: bytes, position: int, count: int) -> Iterator[_Listed]:
    for _ in range(count):
        if not data.startswith(_CENTRAL, position) or position + _CENTRAL_HEADER.size > len(data):
            return
        fields = _CENTRAL_HEADER.unpack_from(data, position)
        (_, _, system, _, flags, method, _, _, crc, packed, size, name, extra, comment) = fields[
            :14
        ]
        attributes, start = fields[16:]
        position += _CENTRAL_HEADER.size
        yield _Listed(
            data[position : position + name], system, flags, method, crc, packed, size,
            attributes, start,
        )  # fmt: skip
        position += name + extra + comment


def _find_overlaps(listed: list[_Listed]) -> set[int]:
    """Numbers of the members that begin before an earlier one ends, headers left aside."""
    overlapping, end = set(), 0
    for number in sorted(range(len(listed)), key=lambda n: (listed[n].start, n)):
        member = listed[number]
        if member.start < end:
            overlapping.add(number)
        else:
            end = member.start + _LOCAL_HEADER.size + len(member.name) + member.packed
    return overlapping


def _find_problem(member: _Listed) -> Unpack | None:
    if member.flags & _ENCRYPTED or member.method == _AES:
        return refuse("encrypted", "a member that a password locks")
    mode = member.attributes >> 16
    if member.system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return refuse("not_regular", "a link or a device, not a file")
    if member.method not in (_STORED, _DEFLATED):
        message = f"packed by method {member.method}; only stored and deflated members are read"
        return refuse("decompression_failed", message)
    if _ZIP64 in (member.size, member.packed, member.start):
        return refuse("malformed", "a member in ZIP64 form")
    return too_large(member.size) if member.size > MAX_MEMBER else None


def _unpack(data: bytes, member: _Listed, left: int) -> bytes:
    if member.size > left:
        raise TotalExceeded
    packed = _find_packed(data, member)
    unpacked = packed if member.method == _STORED else _inflate(packed, left)
    if len(unpacked) > left:
        raise TotalExceeded
    if zlib.crc32(unpacked) != member.crc:
        raise BadArchive("decompression_failed", "the checksum differs: the member is damaged")
    return unpacked


def _find_packed(data: bytes, member: _Listed) -> bytes:
    start = member.start
    if not data.startswith(_LOCAL, start) or start + _LOCAL_HEADER.size > len(data):
        raise BadArchive("malformed", "the member is not where the directory says")
    *_, name, extra = _LOCAL_HEADER.unpack_from(data, start)
    start += _LOCAL_HEADER.size + name + extra
    if start + member.packed > len(data):
        raise BadArchive("malformed", "the member is cut short")
    return data[start : start + member.packed]


def _inflate(packed: bytes, left: int) -> bytes:
    """At most one byte more than allowed: the sizes in the headers may lie."""
    limit = min(MAX_MEMBER, max(RATIO_FROM, MAX_RATIO * len(packed)))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = inflater.decompress(packed, min(limit, left) + 1)
    except zlib.error as error:
        raise BadArchive("decompression_failed", f"the member is damaged ({error})") from None
    if len(unpacked) > limit:
        raise BadArchive(
            "decompression_failed",
            f"unpacks to more than {limit} bytes (limit: {MAX_MEMBER} bytes or {MAX_RATIO} times "
            "the packed size)",
        )
    if len(unpacked) <= left and not inflater.eof:
        raise BadArchive("decompression_failed", "the member is cut short")
    return unpacked
