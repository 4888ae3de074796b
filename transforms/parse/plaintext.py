"""Plain text drops: headline, standfirst, byline, dateline and body, found by their form.

Nothing is invented: what has not the form of a headline stays body. The text of a dateline stays
in the body too, as written. Blocks are what blank lines separate; without blank lines, the lines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from transforms.parse.decoding import Undecodable, decode
from transforms.parse.item import Item, ItemReject, ParseContext

FORMAT = "text"
VERSIONS: Final = "any text"
KEPT: Final = {
    "headline": "first line, where it has a headline's form",
    "description_text": "paragraph between headline and body that is not the body's first",
    "body_text": "the rest",
    "dateline": "place, date and agency that the body opens with; it stays there too",
    "byline": "a line of its own below the headline or the standfirst",
}
# The longest headlines of wires have about 200 characters; a lead has more, or ends a sentence.
MAX_HEADLINE = 250
MAX_STANDFIRST = 600
# A first paragraph that ends like a sentence is a standfirst only if clearly shorter than the rest.
_STANDFIRST_SHARE = 0.6
_MAX_CONTROLS_SHARE = 0.01

_FORMS = tomllib.loads(Path(__file__).with_name("plaintext_forms.toml").read_text("utf-8"))
_DATELINES: Final = tuple(re.compile(form) for form in _FORMS["datelines"])
_BYLINES: Final = tuple(re.compile(form) for form in _FORMS["bylines"])
_PARTICLES: Final = frozenset(_FORMS["particles"])
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CLOSERS = "\"'’”»)）」』]"
_STOPS = (".", "。", "．", "।", "۔")
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
_MIN_WRAP, _MAX_WRAP = 40, 100


def sniff(head: bytes) -> bool:
    """Text in some encoding; the last reader asked, since nearly everything is text."""
    try:
        return not is_binary(decode(head).text)
    except Undecodable:
        return False


def is_binary(text: str) -> bool:
    """NULs, or more than one control character in a hundred, are no text."""
    return "\x00" in text or len(_CONTROLS.findall(text)) > _MAX_CONTROLS_SHARE * len(text)


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """One item: the file."""
    try:
        decoded = decode(data, context.charset)
    except Undecodable as error:
        yield ItemReject(reason="undecodable", message=str(error))
        return
    if is_binary(decoded.text):
        yield ItemReject(reason="binary", message="control characters, so it is no text")
        return
    parts = find_parts(split_blocks(decoded.text))
    if not (parts.headline or parts.body):
        yield ItemReject(reason="empty", message="the text has only white space")
        return
    yield Item(
        source_format=FORMAT,
        record=None,
        encoding=decoded.encoding,
        headline=parts.headline,
        description_text=parts.standfirst,
        body_text="\n\n".join(parts.body) or None,
        dateline=parts.dateline,
        byline=parts.byline,
        warnings=decoded.warnings,
    )


@dataclass(slots=True)
class Parts:
    """What the blocks of a text are."""

    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None
    dateline: str | None = None
    body: list[str] = field(default_factory=list)


def split_blocks(text: str) -> list[str]:
    """Paragraphs, wrapped lines joined."""
    lines = [line.strip() for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text)]
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    filled = [group for group in groups if group]
    if len(filled) == 1 and not _is_wrapped(filled[0]):
        return filled[0]
    return [block for group in filled for block in _to_blocks(group)]


def _to_blocks(group: list[str]) -> list[str]:
    if len(group) == 1:
        return group
    if any(is_byline(line) for line in group[:3]) and not _is_wrapped(group):
        return group
    return [_join(group) if _is_wrapped(group) else "\n".join(group)]


def _is_wrapped(lines: list[str]) -> bool:
    full = [len(line) for line in lines[:-1]]
    if not full or max(full) > _MAX_WRAP:
        return False
    return min(full) >= min(_MIN_WRAP, 0.5 * max(full)) and max(full) >= _MIN_WRAP / 2


def _join(lines: list[str]) -> str:
    joined = lines[0]
    for line in lines[1:]:
        is_ideographic = _WITHOUT_SPACES.match(joined[-1]) and _WITHOUT_SPACES.match(line)
        joined += line if is_ideographic else " " + line
    return joined


def find_parts(blocks: list[str]) -> Parts:
    """Headline first, byline where it stands alone, then standfirst, then body."""
    parts, rest = Parts(), list(blocks)
    if rest and is_headline(rest[0]):
        parts.headline = " ".join(rest.pop(0).split())
    parts.byline = _take_byline(rest)
    if parts.headline and is_standfirst(rest):
        parts.standfirst = rest.pop(0)
        parts.byline = parts.byline or _take_byline(rest)
    parts.body = rest
    parts.dateline = find_dateline(rest[0]) if rest else None
    return parts


def _take_byline(rest: list[str]) -> str | None:
    return rest.pop(0) if len(rest) > 1 and is_byline(rest[0]) else None


def is_byline(line: str) -> bool:
    """A whole line of the form `By …`, `Par …`, `Автор: …`, without a sentence's end."""
    return not ends_sentence(line) and any(form.fullmatch(line) for form in _BYLINES)


def is_headline(block: str) -> bool:
    """One line, no dateline, and either no full stop at its end or short and a single sentence."""
    if "\n" in block or len(block) > MAX_HEADLINE or find_dateline(block) or is_byline(block):
        return False
    inner = block.rstrip(_CLOSERS)[:-1]
    is_one_sentence = not any(stop + " " in inner for stop in _STOPS) and "。" not in inner
    return not ends_sentence(block) or (len(block) <= MAX_HEADLINE / 2.5 and is_one_sentence)


def is_standfirst(rest: list[str]) -> bool:
    """A paragraph between headline and body that is not the body's first one.

    Signs: the next paragraph opens with a dateline; or it does not end like a sentence; or it is
    clearly shorter than the paragraphs of the body.
    """
    if len(rest) < 2 or "\n" in rest[0] or len(rest[0]) > MAX_STANDFIRST:
        return False
    if find_dateline(rest[0]):
        return False
    following = rest[2] if is_byline(rest[1]) and len(rest) > 2 else rest[1]
    if find_dateline(following) or is_byline(rest[1]):
        return True
    typical = median(len(block) for block in rest[1:])
    if not ends_sentence(rest[0], strictly=False):
        return len(rest[0]) <= typical or len(rest) > 3
    return len(rest[0]) <= _STANDFIRST_SHARE * typical


def ends_sentence(text: str, *, strictly: bool = True) -> bool:
    """A full stop at the end, closing quotes aside; not an ellipsis; `strictly`: nor ? or !."""
    end = text.rstrip().rstrip(_CLOSERS)
    if end.endswith("..."):
        return not strictly
    return end.endswith(_STOPS if strictly else (*_STOPS, "?", "!", "…", "？", "！", "؟", ":"))


def find_dateline(paragraph: str) -> str | None:
    """Place, date and agency that the paragraph opens with, without the dash."""
    for form in _DATELINES:
        match = form.match(paragraph)
        if match and _names_place(match):
            return match[0].rstrip(" —–:-")
    return None


def _names_place(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    if groups.get("upper"):
        return groups["upper"].isupper()
    words = (groups.get("place") or "").replace("-", " ").split()
    return len(words) <= 6 and not any(w[0].islower() and w not in _PARTICLES for w in words)
