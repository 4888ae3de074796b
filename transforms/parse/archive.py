"""Archives, ZIP, tar and WARC: their members one after another, in memory, never unpacked to disk.

A member is read like a container: gzipped or not, of any format, but no archive itself. What is
wrong with one member is its reject, and the others live. Members are numbered in the archive's own
order. Directories, and what desktops leave behind (`__MACOSX/`, `._*`, `.DS_Store`, `Thumbs.db`,
`desktop.ini`), are passed over and counted as nothing. Names are never used to open anything; one
that could be (absolute, with `..`) is the mark of an attack and rejected. Bytes of a name that are
no UTF-8, and control characters, stand as `\\xNN`, as they do for files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final

from transforms.parse.item import ItemReject
from transforms.parse.packing import MAX_TOTAL, BadArchive, Entry, TotalExceeded
from transforms.parse.tar_archive import is_tar, list_tar
from transforms.parse.warc import is_warc, read_payloads
from transforms.parse.zip_archive import is_zip, list_zip

FORMATS: Final = ("tar", "warc", "zip")
MAX_MEMBERS: Final = 10_000
MAX_NAME: Final = 1024
_LISTERS: Final[dict[str, Callable[[bytes], Iterator[Entry]]]] = {"tar": list_tar, "zip": list_zip}
_LEFT_BEHIND: Final = frozenset((".DS_Store", "Thumbs.db", "desktop.ini"))
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A member that could be unpacked: its name, printable, and its bytes.

    Of a web archive also the address it was had from, and the charset that came with it.
    """

    name: str
    data: bytes
    url: str | None = None
    charset: str | None = None


def find_kind(data: bytes) -> str | None:
    """`zip`, `tar`, `warc`, or None; by content."""
    return "zip" if is_zip(data) else "tar" if is_tar(data) else "warc" if is_warc(data) else None


def read_members(
    archive: bytes, kind: str, first: int = 0
) -> Iterator[tuple[int, Member | ItemReject]]:
    """Members from number `first` on, or a reject where one cannot be had, with their numbers.

    A reject without `member` is about the archive, whose other members are not read: it is damaged,
    or beyond `MAX_MEMBERS` or `MAX_TOTAL`.
    """
    if kind == "warc":
        yield from _read_records(archive, first)
        return
    seen: set[str] = set()
    left, number = MAX_TOTAL, -1
    try:
        for number, entry in enumerate(islice(_LISTERS[kind](archive), MAX_MEMBERS + 1)):
            if number == MAX_MEMBERS:
                raise BadArchive("too_large", f"more than {MAX_MEMBERS} members; the rest is lost")
            name = to_printable(entry.name)
            if entry.is_folder or is_left_behind(name):
                continue
            try:
                _check_name(name, seen)
                data = entry.unpack(left)
                found: Member | ItemReject = Member(name, data)
                left -= len(data)
            except BadArchive as error:
                # Once too much, nothing more: each try would unpack what is left for nothing.
                left = 0 if isinstance(error, TotalExceeded) else left
                found = _reject(error, name[:MAX_NAME])
            seen.add(name)
            if number >= first:
                yield number, found
    except BadArchive as error:
        yield number + 1, _reject(error, None)


def _read_records(archive: bytes, first: int) -> Iterator[tuple[int, Member | ItemReject]]:
    """Records are named by date and address, which may well come twice and open no file."""
    number = -1
    try:
        for number, (name, url, charset, data) in enumerate(read_payloads(archive)):
            if number == MAX_MEMBERS:
                raise BadArchive("too_large", f"more than {MAX_MEMBERS} records; the rest is lost")
            if number >= first:
                yield number, Member(name, data, url, charset)
    except BadArchive as error:
        yield number + 1, _reject(error, None)


def _check_name(name: str, seen: Set[str]) -> None:
    if is_unsafe(name):
        raise BadArchive("unsafe_name", "an absolute name, one with `..`, or an endless one")
    if name in seen:
        raise BadArchive("duplicate_name", "an earlier member has this name; which one is meant?")


def _reject(error: BadArchive, member: str | None) -> ItemReject:
    return ItemReject(reason=error.reason, message=error.message, member=member)


def to_printable(name: bytes) -> str:
    """A member's name as it stands in addresses, without a leading `./`."""
    text = name.decode("utf-8", "backslashreplace").removeprefix("./")
    return _UNPRINTABLE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def is_left_behind(name: str) -> bool:
    """Is it what a desktop adds to archives for itself?"""
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last in _LEFT_BEHIND or last.startswith("._")


def is_unsafe(name: str) -> bool:
    """Would a program that unpacks it write outside of its folder?"""
    parts = re.split(r"[/\\]", name)
    return not name or len(name) > MAX_NAME or ".." in parts or bool(_ABSOLUTE.match(name))
