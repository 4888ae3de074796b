"""WARC 1.0 and 1.1 (ISO 28500), web archives, through warcio; also gzipped, whole or by record.

Members are the payloads of responses with status 200, of resources and of conversions, where their
media type is one that can be news (`_NEWS_TYPES`); each is read by what its content shows, with the
charset of its HTTP header, and its address stands in where a page states none. A member is named by
date and address. Requests, revisits, errors, scripts and pictures are passed over. A file that is
cut short is read as far as it goes, and a reject says where it ends.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from transforms.parse.gunzip import DecompressionFailed, gunzip, is_gzip
from transforms.parse.packing import MAX_MEMBER, MAX_TOTAL, BadArchive, TotalExceeded
from transforms.urls import redact_url

FORMAT = "warc"
MAGIC: Final = b"WARC/"
MAX_ADDRESS: Final = 900
_MEMBER_TYPES: Final = ("response", "resource", "conversion")
_NEWS_TYPES = re.compile(
    r"(?:text/(?:html|xml|plain)|application/(?:[\w.-]{1,40}\+)?(?:xml|json)|application/xhtml\+xml"
    r"|application/(?:rss|atom|rdf|feed))",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f]")
_GZIP_WINDOW: Final = 31
_STEP: Final = 1 << 16
# What warcio was seen to raise, or lets through from its readers, on damaged records.
_FAULTS = (
    ArchiveLoadFailed,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    TypeError,
    UnicodeError,
    ValueError,
    zlib.error,
)


class _Complaint:
    """Stands in for warcio's message about a record that does not end where its length says.

    It would go to the user's terminal, with bytes of the file; here it is kept for a reject.
    """

    def __init__(self) -> None:
        self.offset: int | None = None

    def format(self, offset: int, remainder: bytes) -> str:
        """Nothing to print; the first offset is kept."""
        self.offset = offset if self.offset is None else self.offset
        return ""


def is_warc(data: bytes) -> bool:
    """Does the content, gzipped or not, start like a WARC record?"""
    if not is_gzip(data):
        return data.startswith(MAGIC)
    try:
        head = zlib.decompressobj(_GZIP_WINDOW).decompress(data[:4096], len(MAGIC))
    except zlib.error:
        return False
    return head == MAGIC


def read_payloads(data: bytes) -> Iterator[tuple[str, str | None, str | None, bytes]]:
    """Name, address, charset and bytes of each member.

    Raises:
        BadArchive: damaged or cut short, after what could be read; or beyond a limit.
    """
    try:
        content = gunzip(data) if is_gzip(data) else data
    except DecompressionFailed:
        content = data  # record by record, as far as it goes
    left, complaint = MAX_TOTAL, _Complaint()
    try:
        records = ArchiveIterator(io.BytesIO(content))
        records.INC_RECORD = complaint
        for record in records:
            payload = _payload(record) if _is_news(record) else None
            if payload is not None:
                left -= len(payload)
                if left < 0:
                    raise TotalExceeded
                yield (*_describe(record), payload)
            if _is_cut(record):
                raise BadArchive("malformed", "the last record is cut short")
    except _FAULTS as error:
        raise BadArchive("malformed", f"a damaged record ({str(error)[:100]})") from None
    if complaint.offset is not None:
        says = f"the record before byte {complaint.offset} does not end where its length says"
        raise BadArchive("malformed", says)


def _is_news(record: Any) -> bool:
    status = record.http_headers.get_statuscode() if record.http_headers else None
    if record.rec_type not in _MEMBER_TYPES or (record.rec_type == "response" and status != "200"):
        return False
    return _NEWS_TYPES.match(_media_type(record)) is not None


def _media_type(record: Any) -> str:
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    return (headers.get_header("Content-Type") or "").strip()


def _payload(record: Any) -> bytes:
    payload: bytes = record.content_stream().read(MAX_MEMBER + 1)
    if len(payload) > MAX_MEMBER:
        raise BadArchive("too_large", f"a record of more than {MAX_MEMBER} bytes")
    return payload


def _is_cut(record: Any) -> bool:
    """Whether less follows than the record's length says."""
    while record.raw_stream.read(_STEP):
        pass
    return bool(getattr(record.raw_stream, "limit", 0))


def _describe(record: Any) -> tuple[str, str | None, str | None]:
    headers = record.rec_headers
    address = (headers.get_header("WARC-Target-URI") or "").strip("<> ")
    url = redact_url(address) if address.startswith(("http://", "https://")) else None
    digits = re.sub(r"\D", "", headers.get_header("WARC-Date") or "")[:14]
    name = _CONTROLS.sub("", "/".join(filter(None, (digits, url or address))))[:MAX_ADDRESS]
    charset = _CHARSET.search(_media_type(record))
    return name or "record", url, charset[1] if charset else None
