"""tar: POSIX ustar and pax (IEEE Std 1003.1, pax), GNU and the form before POSIX; also gzipped.

The standard library reads the headers; the bytes are cut from the archive here, so sparse files,
which could claim any size, are not read. It ends silently at a damaged header; here that is a
reject. Links and devices are rejected: following one would leave the archive.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial

from transforms.parse.packing import (
    MAX_MEMBER,
    BadArchive,
    Entry,
    TotalExceeded,
    Unpack,
    refuse,
    too_large,
)

_BLOCK = tarfile.BLOCKSIZE
_FAULTS = (tarfile.TarError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError)


def is_tar(data: bytes) -> bool:
    """Is the first block a header whose checksum holds?"""
    try:
        tarfile.TarInfo.frombuf(data[:_BLOCK], "utf-8", "surrogateescape")
    except _FAULTS:
        return False
    return True


def list_tar(data: bytes) -> Iterator[Entry]:
    """The members in order.

    Raises:
        BadArchive: a damaged header; what follows it is lost.
    """
    try:
        with tarfile.TarFile(
            fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape"
        ) as archive:
            while (info := archive.next()) is not None:
                yield _to_entry(data, info)
                if info.offset_data + info.size > len(data):
                    return  # its reject says that it is cut short; behind it is nothing
            rest = archive.offset
    except _FAULTS as error:
        raise BadArchive("malformed", f"a damaged header ({str(error)[:100]})") from None
    if data[rest:].strip(b"\x00"):
        raise BadArchive("malformed", f"a damaged header at byte {rest}; what follows is lost")


def _to_entry(data: bytes, info: tarfile.TarInfo) -> Entry:
    name = info.name.encode("utf-8", "surrogateescape")
    return Entry(name, info.isdir(), _find_problem(info) or partial(_unpack, data, info))


def _find_problem(info: tarfile.TarInfo) -> Unpack | None:
    if info.issparse():
        return refuse("not_regular", "a sparse file, which can claim any size")
    if not info.isreg():
        return refuse("not_regular", "a link or a device, not a file")
    return too_large(info.size) if info.size > MAX_MEMBER else None


def _unpack(data: bytes, info: tarfile.TarInfo, left: int) -> bytes:
    end = info.offset_data + info.size
    if info.size < 0 or end > len(data):
        raise BadArchive("malformed", "the member is cut short")
    if info.size > left:
        raise TotalExceeded
    return data[info.offset_data : end]
