"""Which reader reads these bytes: by content; the name only helps people in messages.

The registry: readers in the order in which they are asked, from the most telling form to the least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final, Protocol, cast

from transforms.parse import (
    agency_xml,
    anpa1312,
    archive,
    feed,
    html_page,
    iptc7901,
    json_document,
    jsonfeed,
    jsonl,
    mail,
    newsml1,
    newsml_g2,
    ninjs,
    nitf,
    opml,
    plaintext,
    sitemap_news,
    wxr,
)
from transforms.parse.decoding import decode_head
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.xml_root import find_root

HEAD_BYTES: Final = 1 << 16


class Reader(Protocol):
    """A module of this package that reads one wire format."""

    FORMAT: str
    VERSIONS: str
    KEPT: Mapping[str, str]

    def sniff(self, head: bytes) -> bool:
        """Does the content look like this format?"""

    def parse(self, data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
        """Items and rejects of a container."""


def _readers(*modules: ModuleType) -> tuple[Reader, ...]:
    return tuple(cast(Reader, module) for module in modules)


# XML by its root element, JSON by its first keys, the others by the form of their first lines.
(_FEED,) = _readers(feed)
_XML = (*_readers(newsml_g2, newsml1, nitf, wxr), _FEED, *_readers(sitemap_news, opml))
_OTHER_XML = _readers(agency_xml)[0]
_JSON = _readers(ninjs, jsonfeed, jsonl, json_document)
_LINES = _readers(anpa1312, iptc7901, mail)
_PAGE, _TEXT = _readers(html_page, plaintext)
READERS: Final = (*_XML, _PAGE, _OTHER_XML, *_JSON, *_LINES, _TEXT)
_BY_NAME: Final[dict[str, Reader]] = {
    **{reader.FORMAT: reader for reader in READERS},
    **dict.fromkeys(feed.FORMATS, _FEED),
}
FORMATS: Final = ("auto", *sorted((*_BY_NAME, *archive.FORMATS)))
# Containers that news is sent in, and that this version does not open.
_FOREIGN: Final = (
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "gzip within gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"{\\rtf", "RTF"),
)


def choose_reader(head: bytes, name: str) -> Reader | ItemReject:
    """The reader for a container that starts with `head` (up to `HEAD_BYTES`)."""
    if not head.strip():
        return _reject("empty", f"{name} is empty")
    for reader in (*_XML, _PAGE, _OTHER_XML):
        if reader.sniff(head):
            return reader
    foreign = next((kind for magic, kind in _FOREIGN if head.startswith(magic)), None)
    root = None if foreign else find_root(head)
    if root is not None:
        foreign = f"XML with the root <{root[:60]}>"
    if foreign:
        return _reject("unknown_format", f"{name} is {foreign}, which no reader knows")
    unmarked = decode_head(head).encode("utf-8", "replace")  # UTF-16 is JSON too
    found = next((reader for reader in (*_JSON, *_LINES) if reader.sniff(unmarked)), None)
    if found is not None:
        return found
    if _TEXT.sniff(head):
        return _TEXT
    return _reject("binary", f"{name} holds no text in any encoding")


def forced_reader(name: str) -> Reader | None:
    """The reader that `--format` names."""
    return _BY_NAME.get(name)


def _reject(reason: str, message: str) -> ItemReject:
    return ItemReject(reason=reason, message=message)
