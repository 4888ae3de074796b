"""Mail with a story in it (RFC 5322, MIME), one message or an mbox (RFC 4155).

Covered: subject, sender, date, message id, encoded words, transfer encodings, charsets as
`decoding.py` repairs them; plain text before HTML, `format=flowed`, the signature after `-- ` left
out. Attachments are media by their names. Reports of delivery are no stories. An In-Reply-To is no
identity: a correction comes as a message of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Final

from schemas.article import Media
from transforms.parse.decoding import Undecodable, decode, decode_head, find_codec
from transforms.parse.distinct import distinct_parts
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.markup import html_to_text
from transforms.parse.plaintext import find_dateline, split_blocks

FORMAT = "mail"
VERSIONS: Final = "RFC 5322 with MIME, mbox"
KEPT: Final = {
    "provider": "domain of From",
    "guid": "Message-ID",
    "headline": "Subject",
    "body_text": "text/plain, else text/html",
    "dateline": "what the text opens with; it stays there too",
    "authors": "name of From",
    "byline": "name of From",
    "language_declared": "Content-Language",
    "published_raw": "Date",
    "keywords": "Keywords",
    "media": "attachments",
}
# Headers that a message has, and no note or file of key and value pairs.
_KNOWN: Final = frozenset(
    ("content-transfer-encoding", "content-type", "date", "delivered-to", "from", "message-id",
     "mime-version", "received", "reply-to", "return-path", "sender", "subject", "to", "x-mailer")
)  # fmt: skip
_LEAST_KNOWN: Final = 3
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):(?:[ \t][^\n]*)?$")
_MBOX = re.compile(rb"^From \S{1,200} [^\n]{10,60}\n", re.MULTILINE)
# A line of text that begins with `From ` is quoted by one more `>` (mboxrd).
_QUOTED = re.compile(rb"^>(>{0,20}From )", re.MULTILINE)
_MAX_PARTS: Final = 200
_MAX_HEADER_LINES: Final = 200
_PARSER = BytesParser(policy=policy.default.clone(max_line_length=None))
# What the standard library was seen to raise on headers and bodies that break the rules.
_FAULTS = (MessageError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def sniff(head: bytes) -> bool:
    """A block of header lines, at least three of names that a message has."""
    text = decode_head(head).replace("\r\n", "\n")
    lines = text.split("\n", _MAX_HEADER_LINES)
    if lines and lines[0].startswith("From "):
        lines = lines[1:]
    known = set()
    for line in lines:
        if not line or line[0] in " \t":
            if not line:
                break
            continue
        name = _HEADER.match(line)
        if name is None:
            return False
        known.add(name[1].casefold())
    return len(known & _KNOWN) >= _LEAST_KNOWN


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each message."""
    messages = split_mbox(data)
    for number, message in enumerate(messages, context.first_record):
        record = number if len(messages) > 1 else None
        try:
            yield _read_message(message, record)
        except _FAULTS as error:
            says = f"no readable message: {type(error).__name__} {str(error)[:150]}"
            yield ItemReject(reason="malformed", message=says, record=record)


def split_mbox(data: bytes) -> list[bytes]:
    """The messages of an mbox; a file without `From ` lines is one message."""
    if not data.startswith(b"From "):
        return [data]
    normal = data.replace(b"\r\n", b"\n")
    ends = [match.span() for match in _MBOX.finditer(normal)]
    if not ends:  # it opens with the word, and not with such a line
        return [data]
    starts = [end for _, end in ends]
    stops = [start for start, _ in ends[1:]] + [len(normal)]
    messages = [normal[start:stop] for start, stop in zip(starts, stops, strict=True)]
    return [_QUOTED.sub(rb"\1", message) for message in messages]


def _read_message(data: bytes, record: int | None) -> Item | ItemReject:
    message = _PARSER.parsebytes(data)
    if not isinstance(message, EmailMessage) or message.get_content_type() == "multipart/report":
        says = "a report of delivery, no story"
        return ItemReject(reason="no_article", message=says, record=record)
    headline = _header(message, "Subject")
    body, encoding, warnings = find_text(message)
    if not (headline or body):
        says = "the message has neither subject nor text"
        return ItemReject(reason="empty", message=says, record=record)
    name, address = find_sender(_header(message, "From"))
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=address.rpartition("@")[2] or None,
        guid=(_header(message, "Message-ID") or "").strip("<>") or None,
        headline=headline,
        body_text=body,
        dateline=find_dateline(body.partition("\n\n")[0]) if body else None,
        authors=(name,) if name else (),
        byline=name,
        language_declared=_header(message, "Content-Language"),
        published_raw=find_date(message),
        keywords=distinct_parts(_header(message, "Keywords")),
        media=tuple(find_media(message)),
        warnings=warnings,
    )


def _header(message: EmailMessage, name: str) -> str | None:
    value = message.get(name)
    return " ".join(str(value).split()) or None if value is not None else None


def find_date(message: EmailMessage) -> str | None:
    """The date as written: the standard library's form of it has lost the zone's name."""
    found = (str(value) for name, value in message.raw_items() if name.casefold() == "date")
    return " ".join(next(found, "").split()) or None


def find_sender(sender: str | None) -> tuple[str | None, str]:
    """Name and address of the first sender."""
    found = getaddresses([sender[:1000]]) if sender else []
    name, address = found[0] if found else ("", "")
    return " ".join(name.split()) or None, address.casefold()


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number == _MAX_PARTS:
            return
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def find_text(message: EmailMessage) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The text, its encoding and warnings: the first plain part with text, else the first HTML."""
    for wanted in ("text/plain", "text/html"):
        for part in _parts(message):
            if part.get_content_type() != wanted or part.get_filename():
                continue
            text, encoding, warnings = _decoded(part)
            body = html_to_text(text) if wanted == "text/html" else to_paragraphs(text, part)
            if body:
                return body, encoding, warnings
    return None, None, ()


def _decoded(part: EmailMessage) -> tuple[str, str | None, tuple[str, ...]]:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return "", None, ()
    stated = part.get_content_charset()
    try:
        # US-ASCII is what a part has that states nothing (RFC 2045 §5.2), and often is wrong.
        decoded = decode(payload, None if stated == "us-ascii" else stated)
    except Undecodable:
        return "", None, ()
    warnings = decoded.warnings if find_codec(stated) or not stated else ()
    return decoded.text, decoded.encoding, warnings


def to_paragraphs(text: str, part: EmailMessage) -> str | None:
    """Paragraphs of plain text, flowed lines joined (RFC 3676), without a signature."""
    lines = text.replace("\r\n", "\n").split("\n")
    end = next((at for at, line in enumerate(lines) if line == "-- "), len(lines))
    if "format=flowed" in str(part.get("Content-Type", "")).casefold():
        joined = (line if line.endswith(" ") else f"{line}\n" for line in lines[:end])
        lines, end = "".join(joined).split("\n"), -1
    kept = "\n".join(lines if end < 0 else lines[:end])
    return "\n\n".join(split_blocks(kept)) or None


def find_media(message: EmailMessage) -> Iterator[Media]:
    """Attachments: what they are, and their names."""
    for part in _parts(message):
        name = part.get_filename()
        if name:
            yield Media(part.get_content_maintype(), None, " ".join(name.split()), None)
