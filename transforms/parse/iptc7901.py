"""IPTC 7901, the text transmission format (https://www.iptc.org/std/IPTC7901/).

Covered: the header line (service, number, priority, category, words, source), keyword line, takes,
headline, byline, text, and the date after ETX; with or without the control bytes, several messages
in one file. Sections after the text (`# Notebook`, `* * * *`) are for editors, as are their signs.
Keyword lines are shared by different stories of a day, so they identify none: the uri is service,
number and date, and is left out where the date cannot be read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from transforms.dates import parse_date
from transforms.parse.decoding import Undecodable, decode, decode_head
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.plaintext import find_dateline, is_byline, split_blocks

FORMAT = "iptc7901"
VERSIONS: Final = "IPTC 7901, 5th edition"
KEPT: Final = {
    "provider": "header: source",
    "guid": "service, number and date of the message",
    "uri": "service, number and date of the message",
    "headline": "lines between keyword line and `=`",
    "body_text": "the text",
    "slugline": "keyword line",
    "dateline": "what the text opens with; it stays there too",
    "byline": "line below the headline",
    "ednote": "sections after the text, signs of the editors",
    "published_raw": "day, time, zone, month and year after ETX",
    "versioncreated_raw": "day, time, zone, month and year after ETX",
    "urgency": "header: priority",
    "subjects": "header: category",
    "wordcount_stated": "header: words",
    "takekey": "lines above the headline",
    "provider_sequence": "header: number",
}
_SOH, _STX, _ETX = "\x01", "\x02", "\x03"
_HEADER = re.compile(
    r"(?P<service>[A-Za-z]{2,4}) ?(?P<number>[0-9]{3,5}) +(?P<priority>[1-9]) +"
    r"(?P<category>[A-Za-z]{1,4}) +(?P<words>[0-9]{1,5})(?=[ \n]|$)(?P<rest>[^\n]{0,80})"
)
_SOURCE = re.compile(r"(?P<source>[A-Za-z][A-Za-z-]{1,15})(?: +[0-9]{3,5})?\s*$")
_DATE = re.compile(
    r"(?P<day>[0-9]{2})(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})\s+(?:(?P<zone>[A-Z]{3,4})\s+)?"
    r"(?P<month>[^\W\d_]{3,4})\.?\s+(?P<year>[0-9]{2})\b"
)
_SECTION = re.compile(r"^(?:#{1,2} |(?:\* ){2,}\*\s*$)", re.MULTILINE)
_SIGNS = re.compile(r"[a-z]{2,8}(?: [a-z0-9]{1,4}){1,7}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAKES: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in tomllib.loads(Path(__file__).with_name("take_words.toml").read_text("utf-8"))[
        "take_lines"
    ]
)
_MAX_TAKES: Final = 4
_CENTURY: Final = "20"


def sniff(head: bytes) -> bool:
    """Is the first line that holds text a header of 7901?"""
    text = _CONTROLS.sub("", decode_head(head)).lstrip()
    line = text.partition("\n")[0].rstrip()
    return _HEADER.match(line) is not None


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each message."""
    try:
        decoded = decode(data, context.charset)
    except Undecodable as error:
        yield ItemReject(reason="undecodable", message=str(error))
        return
    messages = split_messages(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, message in enumerate(messages, context.first_record):
        record = number if len(messages) > 1 else None
        yield read_message(message, record, decoded.encoding, decoded.warnings)


def split_messages(text: str) -> list[str]:
    """What begins with SOH, or with a header line where there is none."""
    parts = [part for part in text.split(_SOH) if _CONTROLS.sub("", part).strip()]
    return parts or [text]


def is_take(line: str) -> bool:
    """Does the whole line say which take, lead or the like the message is?"""
    return len(line) <= 40 and any(form.fullmatch(line) for form in _TAKES)


def read_message(
    message: str, record: int | None, encoding: str, warnings: tuple[str, ...]
) -> Item | ItemReject:
    """The item of one message."""
    header = _HEADER.match(_CONTROLS.sub("", message).lstrip())
    if header is None:
        text = "no header of IPTC 7901: service and number, priority, category, words"
        return ItemReject(reason="malformed", message=text, record=record)
    before, _, trailer = message.partition(_ETX)
    slugline, heading, text = split_parts(before, header)
    takes, headline, byline = read_heading(heading)
    body, ednote = split_notes(text)
    if not (headline or body):
        says = "the message has neither headline nor text"
        return ItemReject(reason="empty", message=says, record=record)
    date = find_date(trailer or before[-200:])
    identity = ":".join((FORMAT, header["service"].casefold(), header["number"]))
    guid = f"{identity}:{date[0]}" if date else None
    source = _SOURCE.search(header["rest"])
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=source["source"] if source else None,
        guid=guid,
        uri=guid,
        headline=headline,
        body_text=body,
        slugline=slugline,
        dateline=find_dateline(body.partition("\n\n")[0]) if body else None,
        byline=byline,
        ednote=ednote,
        published_raw=date[1] if date else None,
        versioncreated_raw=date[1] if date else None,
        urgency=header["priority"],
        subjects=(f"category:{header['category']}",),
        wordcount_stated=header["words"],
        takekey=" ".join(takes) or None,
        provider_sequence=header["number"],
        warnings=warnings,
    )


def split_parts(message: str, header: re.Match[str]) -> tuple[str | None, list[str], str]:
    """Keyword line, lines of the heading, text."""
    _, _, rest = message.partition(header[0].rstrip())
    keywords, stx, after = rest.partition(_STX)
    if not stx:
        lines = _CONTROLS.sub("", rest).lstrip("\n")
        keywords, _, after = lines.partition("\n")
        if not keywords.rstrip().endswith("/"):
            keywords, after = "", lines
    slugline = " ".join(_CONTROLS.sub("", keywords).split()).strip("/ ") or None
    return (slugline, *_split_heading(_CONTROLS.sub("", after)))


def _split_heading(text: str) -> tuple[list[str], str]:
    """The heading ends with a line that ends with `=`, else before the first blank line."""
    heading: list[str] = []
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    for at in range(start, len(lines)):
        line = lines[at].strip()
        if not line:
            break
        heading.append(line.removesuffix("=").rstrip())
        if line.endswith("="):
            return heading, "\n".join(lines[at + 1 :])
    else:
        at = len(lines)
    # Without `=`, a first paragraph of several lines is the text already.
    if len(heading) > _MAX_TAKES:
        return [], text
    return heading, "\n".join(lines[at:])


def read_heading(lines: list[str]) -> tuple[list[str], str | None, str | None]:
    """Take lines, headline, byline."""
    takes: list[str] = []
    while len(lines) > 1 and len(takes) < _MAX_TAKES and is_take(lines[0]):
        takes.append(lines[0])
        lines = lines[1:]
    byline = lines[-1] if len(lines) > 1 and is_byline(lines[-1]) else None
    headline = " ".join(lines[:-1] if byline else lines)
    return takes, headline or None, byline


def split_notes(text: str) -> tuple[str | None, str | None]:
    """The text, and what follows it for editors: sections, signs, a date without ETX."""
    section = _SECTION.search(text)
    body, notes = (
        (text, "") if section is None else (text[: section.start()], text[section.start() :])
    )
    blocks = split_blocks(body)
    signs = []
    while blocks and (_SIGNS.fullmatch(blocks[-1]) or _DATE.fullmatch(blocks[-1].strip())):
        signs.append(blocks.pop())
    signs = [sign for sign in signs if not _DATE.fullmatch(sign)]
    said = "\n".join(filter(None, (line.strip() for line in notes.split("\n"))))
    return "\n\n".join(blocks) or None, "\n".join(filter(None, (said, *signs))) or None


def find_date(trailer: str) -> tuple[str, str] | None:
    """The day in ISO 8601, and the moment as text that `transforms/dates.py` reads."""
    found = _DATE.search(trailer)
    if found is None:
        return None
    day = f"{found['day']} {found['month']} {_CENTURY}{found['year']}"
    clock = f"{found['hour']}:{found['minute']}"
    parsed = parse_date(day, None).value
    if parsed is None:
        return None
    return parsed.date().isoformat(), " ".join(filter(None, (day, clock, found["zone"])))
