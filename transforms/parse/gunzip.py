"""Bounded gzip decompression (RFC 1952): 1 MB may unpack to 4 GB, so size and ratio are capped.

One level only: a gzip inside a gzip stays bytes, which no reader recognizes.
"""

from __future__ import annotations

import zlib

MAGIC = b"\x1f\x8b\x08"
MAX_BYTES = 64 << 20
# News text packs 3 to 10 times, repetitive JSONL up to about 50; zeros pack 1,000 times.
MAX_RATIO = 200
RATIO_FROM = 1 << 20
_STEP = 1 << 16
_GZIP_WINDOW = 31


class DecompressionFailed(Exception):
    """The stream is damaged, cut short, or unpacks beyond a limit; the text says which."""


def is_gzip(data: bytes) -> bool:
    """Does the content start like a gzip stream? (The file name is not asked.)"""
    return data.startswith(MAGIC)


def gunzip(data: bytes, max_bytes: int = MAX_BYTES, max_ratio: int = MAX_RATIO) -> bytes:
    """The unpacked bytes of all members; padding and foreign bytes after the last are dropped.

    Raises:
        DecompressionFailed: damaged, truncated, over `max_bytes`, or over `max_ratio` beyond 1 MiB.
    """
    limit = min(max_bytes, max(RATIO_FROM, max_ratio * len(data)))
    unpacked = bytearray()
    rest = data
    while is_gzip(rest):
        rest = _unpack_member(rest, unpacked, limit)
    return bytes(unpacked)


def _unpack_member(packed: bytes, unpacked: bytearray, limit: int) -> bytes:
    member = zlib.decompressobj(_GZIP_WINDOW)
    pending = packed
    while not member.eof:
        try:
            unpacked += member.decompress(pending, _STEP)
        except zlib.error as error:
            raise DecompressionFailed(f"the gzip stream is damaged ({error})") from None
        if len(unpacked) > limit:
            raise DecompressionFailed(
                f"unpacks to more than {limit} bytes (limit: {MAX_BYTES} bytes or "
                f"{MAX_RATIO} times the packed size)"
            )
        pending = member.unconsumed_tail
        if not pending and not member.eof:
            raise DecompressionFailed("the gzip stream is cut short")
    return member.unused_data
