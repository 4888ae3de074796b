"""ANPA 1312 (ANPA 84-2, "Text transmission"), the format of American wires.

Covered: service level and number, priority, category, keyword with take key, draft date and word
count; the lines between `^` and `<` or `=`; text, sign-off with agency and date; several messages
in one file. The format's character set has a dash at `_` and double quotes as pairs: they are read
as such. The keyword names a story within its cycle, so that with agency and day it is the uri, and
writethrus are versions; but keywords of what recurs (`anpa1312.toml`) name no story, and there the
number stands for it. No uri where the sign-off does not say the day. An alert without a headline
has its first sentence as one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schemas.article import Media
from transforms.parse.decoding import Undecodable, decode, decode_head
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.plaintext import MAX_HEADLINE, find_dateline, is_byline

FORMAT = "anpa1312"
VERSIONS: Final = "ANPA 1312 of 1984"
KEPT: Final = {
    "provider": "sign-off: agency",
    "guid": "agency, keyword and day of the sign-off; of what recurs the number",
    "uri": "agency, keyword and day of the sign-off; of what recurs the number",
    "version_stated": "number of the take key, else 0",
    "headline": "first line after the keyword that is no note or paragraph; of an alert a sentence",
    "description_text": "a further such line",
    "body_text": "the text",
    "slugline": "keyword line, without cycle",
    "dateline": "what the text opens with; it stays there too",
    "byline": "line that ends with `=` and is a byline",
    "ednote": "lines that begin with Eds or Editor's note",
    "published_raw": "sign-off",
    "versioncreated_raw": "sign-off",
    "media": "lines that name pictures",
    "wordcount_stated": "header: word count",
    "urgency": "header: priority",
    "subjects": "header: category",
    "takekey": "header: version",
    "provider_sequence": "header: number",
}
_TABLE: Final = tomllib.loads(Path(__file__).with_name("anpa1312.toml").read_text("utf-8"))
_URGENCY: Final[dict[str, int]] = _TABLE["urgency"]
_RECURRING: Final = re.compile("|".join(_TABLE["recurring"]), re.IGNORECASE)
_START = re.compile(r"\x16{0,4}\x01")
_HEADER = re.compile(
    r"\s*(?P<level>[A-Za-z])(?P<number>[0-9]{4})[\x1f-]?(?P<selector>[^\s]{0,10})[^\n]{0,20}\n"
    r"\s*(?P<priority>[A-Za-z]) (?P<category>[A-Za-z])(?P<format>[\x0e-\x1f]{0,3}) ?"
    r"(?P<rest>[^\n]{0,120})"
)
_DRAFT = re.compile(r"(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})\s+(?P<words>[0-9]{3,5})\s*$")
_SIGN_OFF = re.compile(
    r"\x03?(?P<agency>[A-Z][A-Za-z]{0,9})-(?P<desk>[A-Za-z]{1,6})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})-"
    r"(?P<year>[0-9]{2}) (?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<zone>[A-Z]{2,4})?<?"
)
_CYCLE = re.compile(r"(?:AM|PM|BC)-(?:[A-Z]{2,4}--)?")
_KEYWORD_END = re.compile(
    r",\s?(?:[0-9]|[A-Z][a-z]{2,12}-?[0-9]|(?i:writethru|correction|kill|add|advisory)).*$"
)
_NOTE = re.compile(r"\(?(?:Eds?|EDITORS?(?:'S)? NOTE|Editors?(?:'s)? note)\s?[:_–-]\s?(?P<text>.+)")
_PICTURES = re.compile(r"[A-Z]{2,8} (?:Photo|Video|Graphic|Audio|Interactive)s?\b.*")
_TAKE_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_DASH = re.compile(r"(?<= )_(?= )")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SENTENCE = re.compile(r"[^.!?]{10,300}(?:\.[^\s.!?]{1,20}){0,9}[.!?](?=\s|$)")
_CENTURY: Final = "20"


def sniff(head: bytes) -> bool:
    """Two header lines as ANPA 1312 has them, and a line between `^` and `<` or text after STX."""
    text = decode_head(head)
    header = _HEADER.match(_after_start(text))
    return header is not None and ("\x02" in text[:2000] or "\n^" in text[:2000])


def _after_start(text: str) -> str:
    start = _START.search(text[:20])
    return text[start.end() :] if start else text


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each message."""
    try:
        decoded = decode(data, context.charset)
    except Undecodable as error:
        yield ItemReject(reason="undecodable", message=str(error))
        return
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    messages = [part for part in _START.split(text) if _CONTROLS.sub("", part).strip()]
    if not messages:
        yield ItemReject(reason="empty", message="the file holds control characters alone")
    for number, message in enumerate(messages, context.first_record):
        record = number if len(messages) > 1 else None
        yield read_message(message, record, decoded.encoding, decoded.warnings)


@dataclass(slots=True)
class Lines:
    """What the marked lines of a message say."""

    keyword: str | None = None
    headline: str | None = None
    description: str | None = None
    byline: str | None = None
    notes: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def read_message(
    message: str, record: int | None, encoding: str, warnings: tuple[str, ...]
) -> Item | ItemReject:
    """The item of one message."""
    header = _HEADER.match(message)
    if header is None:
        says = "no header of ANPA 1312: level and number, then priority, category, keyword"
        return ItemReject(reason="malformed", message=says, record=record)
    content = message[header.end() :]
    lines = read_lines(content)
    take_unmarked(lines, header["rest"])
    body = "\n\n".join(to_paragraphs(lines.text)) or None
    headline = lines.headline or find_alert(body)
    if not (headline or body):
        says = "the message has neither headline nor text"
        return ItemReject(reason="empty", message=says, record=record)
    take, draft = find_take(header["rest"]), _DRAFT.search(header["rest"])
    sign_off = _SIGN_OFF.search(content)
    slugline = find_slugline(lines.keyword or header["rest"])
    uri = find_uri(sign_off, slugline, header["number"])
    moment = to_moment(sign_off)
    return Item(
        source_format=FORMAT,
        record=record,
        encoding=encoding,
        provider=sign_off["agency"] if sign_off else None,
        guid=uri,
        uri=uri,
        version_stated=find_version(take),
        headline=headline,
        description_text=lines.description,
        body_text=body,
        slugline=slugline,
        dateline=find_dateline(body.partition("\n\n")[0]) if body else None,
        byline=lines.byline,
        ednote="\n".join(lines.notes) or None,
        published_raw=moment,
        versioncreated_raw=moment,
        urgency=_to_urgency(header["priority"]),
        subjects=(f"anpa-category:{header['category']}",),
        media=tuple(Media("image", None, text, None) for text in lines.pictures),
        wordcount_stated=draft["words"] if draft else None,
        takekey=take,
        provider_sequence=header["number"],
        warnings=warnings,
    )


def _to_urgency(priority: str) -> str | None:
    urgency = _URGENCY.get(priority.casefold())
    return str(urgency) if urgency else None


def read_lines(content: str) -> Lines:
    """Lines between `^` and `<` or `=` by what they say; all others are text."""
    lines = Lines()
    for raw in content.split("\n"):
        if _SIGN_OFF.search(raw):
            break
        text = to_unicode(_CONTROLS.sub("", raw).rstrip())
        mark = text[-1:]
        if text.startswith("^") and mark in ("<", "=") and len(text) > 2:
            _read_marked(text.rpartition("^")[2][:-1].strip(), mark, lines)
        elif text.strip("^ \t"):
            lines.text.append(text.strip("^"))
    return lines


def _read_marked(text: str, mark: str, lines: Lines) -> None:
    note = _NOTE.fullmatch(text)
    if lines.keyword is None:
        lines.keyword = text
    elif note:
        lines.notes.append(f"({note['text']}" if text.startswith("(") else note["text"])
    elif _PICTURES.fullmatch(text):
        lines.pictures.append(text)
    elif lines.text:
        # What is marked within the text is a heading, or its end.
        if text.upper() != "END":
            lines.text.append(f"\t{text}")
    elif mark == "=":
        # Below a byline stands whose writer it is.
        if is_byline(text) and lines.byline is None:
            lines.byline = text
        elif lines.byline is None and lines.headline is None:
            lines.headline = text
    elif lines.headline is None:
        lines.headline = text
    elif lines.description is None:
        lines.description = text


def take_unmarked(lines: Lines, keyword: str) -> None:
    """Keyword and headline of who marks no lines: the one as in the header, the other not indented.

    The headline is a lone line before the first paragraph; a `+` may end it.
    """
    name = _CYCLE.sub("", (keyword.split() or [""])[0])
    if lines.keyword is None and name and lines.text and name in lines.text[0]:
        lines.keyword = lines.text.pop(0).strip()
    first, second = (*lines.text[:2], "", "")[:2]
    if lines.headline is None and first[:1].strip() and second[:1] in (" ", "\t"):
        lines.headline = lines.text.pop(0).rstrip("+").strip()


def to_unicode(text: str) -> str:
    """The dash and the double quotes of ANPA's character set."""
    return _DASH.sub("–", text.replace("``", "“").replace("''", "”"))


def to_paragraphs(lines: list[str]) -> Iterator[str]:
    """An indented line begins a paragraph; where none is, each line is one."""
    indented = any(line[:1] in "\t " for line in lines)
    paragraph: list[str] = []
    for line in lines:
        if paragraph and (line[:1] in "\t " or not indented):
            yield " ".join(paragraph)
            paragraph = []
        if line.strip():
            paragraph.append(line.strip())
    if paragraph:
        yield " ".join(paragraph)


def find_alert(body: str | None) -> str | None:
    """The text of an alert, without its dateline; of a long one the first sentence."""
    if body is None or "\n\n" in body:
        return None
    rest = body.removeprefix(find_dateline(body) or "").lstrip(" –-")
    sentence = _SENTENCE.match(rest) if len(rest) > MAX_HEADLINE else None
    return sentence[0] if sentence else rest or None


def find_take(rest: str) -> str | None:
    """What stands between the keyword and the draft date."""
    keyword = _DRAFT.sub("", _CONTROLS.sub("", rest)).split()
    return " ".join(keyword[1:]) or None


def find_version(take: str | None) -> str:
    """The number of a lead or writethru; what states none is the first."""
    number = _TAKE_NUMBER.search(take or "")
    return number[1] if number else "0"


def find_slugline(keyword: str) -> str | None:
    """The keyword without cycle, take and count of words."""
    words = _DRAFT.sub("", _CONTROLS.sub("", keyword)).strip()
    without_end = _KEYWORD_END.sub("", words)
    return _CYCLE.sub("", without_end, count=1).strip(" ,") or None


def find_uri(sign_off: re.Match[str] | None, slugline: str | None, number: str) -> str | None:
    """Agency, keyword and day; the number where the keyword is that of many a day."""
    if sign_off is None or slugline is None:
        return None
    day = f"{_CENTURY}{sign_off['year']}-{sign_off['month']}-{sign_off['day']}"
    story = number if _RECURRING.search(slugline) else slugline.casefold()
    return ":".join((FORMAT, sign_off["agency"].casefold(), story, day))


def to_moment(sign_off: re.Match[str] | None) -> str | None:
    """The sign-off's date in ISO 8601, with its zone."""
    if sign_off is None:
        return None
    day = f"{_CENTURY}{sign_off['year']}-{sign_off['month']}-{sign_off['day']}"
    clock = f"{sign_off['hour']}:{sign_off['minute']}"
    return " ".join(filter(None, (day, clock, sign_off["zone"])))
