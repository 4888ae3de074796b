"""JSON Lines drops (https://jsonlines.org): one record a line, UTF-8.

A bad line is that record's reject; its neighbours live. Records are numbered by non-blank lines. A
lone line that is an API's answer, with records somewhere in it, is read as `json_document.py` does.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from transforms.parse import json_document
from transforms.parse.decoding import Undecodable, decode, find_mark
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.json_text import BadJson, load_json
from transforms.parse.json_wrapper import find_records
from transforms.parse.record import KEPT, Span, parse_record

__all__ = ["FORMAT", "KEPT", "VERSIONS", "parse", "parse_json_record", "sniff"]

FORMAT = "jsonl"
VERSIONS: Final = "one record a line"
MAX_LINE = 8 << 20
_OBJECT_START = re.compile(rb"\{\s*(\"|\})")
_GOES_ON = (b"[", b"{", b",", b":")
_BLANK = b" \t\r\x0b\x0c"


def sniff(head: bytes) -> bool:
    """An object that is alone on the first line, or that others follow line by line."""
    lines = [line.strip() for line in head.removeprefix(codecs.BOM_UTF8).split(b"\n")]
    filled = [line for line in lines if line]
    if not filled or not _OBJECT_START.match(filled[0]):
        return False
    if len(filled) == 1 or filled[0].endswith(b"}"):
        return True
    if filled[0].endswith(_GOES_ON):
        return False
    return _OBJECT_START.match(filled[1]) is not None


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """A record a line; `raw_span` is the line without its end."""
    answer = read_answer(data, context.charset)
    if answer is not None:
        yield from json_document.parse_value(*answer, context)
        return
    marked = find_mark(data)
    if marked is None or marked[0] == "utf-8":
        yield from _parse_lines(data, marked[1] if marked else 0, context)
        return
    try:
        decoded = decode(data)
    except Undecodable as error:
        yield ItemReject(reason="undecodable", message=str(error))
        return
    # Positions in the recoded text say nothing about the original bytes: no spans.
    for result in _parse_lines(decoded.text.encode("utf-8", "replace"), 0, context):
        if isinstance(result, Item):
            yield replace(result, raw_span=None, encoding=decoded.encoding)
        else:
            yield replace(result, raw_span=None)


def read_answer(data: bytes, charset: str | None) -> tuple[object, str, tuple[str, ...]] | None:
    """Value, encoding and warnings of what is one line with an object that holds the records."""
    if len(data) > MAX_LINE or b"\n" in data.strip():
        return None
    try:
        value, encoding, warnings = load_json(data, charset)
    except BadJson:
        return None
    return None if find_records(value) is None else (value, encoding, warnings)


def _parse_lines(data: bytes, start: int, context: ParseContext) -> Iterator[Item | ItemReject]:
    number = context.first_record
    found = False
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        span = _trim(data, start, end)
        if span[0] < span[1]:
            yield _parse_line(data, span, number, context)
            number += 1
            found = True
        start = end + 1
    if not found:
        yield ItemReject(reason="no_items", message="no line holds a record")


def _trim(data: bytes, start: int, end: int) -> tuple[int, int]:
    line = data[start:end]
    left = len(line) - len(line.lstrip(_BLANK))
    return (start + left, start + max(left, len(line.rstrip(_BLANK))))


def _parse_line(
    data: bytes, span: tuple[int, int], number: int, context: ParseContext
) -> Item | ItemReject:
    if span[1] - span[0] > MAX_LINE:
        message = f"a line of {span[1] - span[0]} bytes; at most {MAX_LINE} are read"
        return ItemReject(reason="too_large", message=message, record=number, raw_span=span)
    return parse_json_record(data[span[0] : span[1]], number, FORMAT, span, context.charset)


def parse_json_record(
    data: bytes, number: int | None, source_format: str, span: Span, charset: str | None
) -> Item | ItemReject:
    """The item of the bytes of one JSON object."""
    try:
        value, encoding, warnings = load_json(data, charset)
    except BadJson as error:
        return ItemReject(reason=error.reason, message=error.message, record=number, raw_span=span)
    result = parse_record(value, number, source_format, span)
    if isinstance(result, Item):
        return replace(result, encoding=encoding, warnings=warnings + result.warnings)
    return result
