"""What the readers of ZIP and tar have in common: entries, limits, and why one cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_MEMBER: Final = 16 << 20
MAX_TOTAL: Final = 64 << 20


class BadArchive(Exception):
    """A member, or the rest of an archive, cannot be read; `reason` as in `schemas.reject`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message


class TotalExceeded(BadArchive):
    """A member that would take the archive's members beyond what they may be together."""

    def __init__(self) -> None:
        message = f"the members are more than {MAX_TOTAL} bytes together; split the archive"
        super().__init__("too_large", message)


Unpack = Callable[[int], bytes]
"""Gives a member's bytes, at most as many as told; raises BadArchive."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an archive's directory says of a member, and how to read it."""

    name: bytes
    is_folder: bool
    unpack: Unpack


def refuse(reason: str, message: str) -> Unpack:
    """The `unpack` of a member that is not read."""

    def unpack(left: int) -> bytes:
        raise BadArchive(reason, message)

    return unpack


def too_large(size: int) -> Unpack:
    """The `unpack` of a member that says itself how large it is."""
    return refuse("too_large", f"a member of {size} bytes; at most {MAX_MEMBER} are read")
