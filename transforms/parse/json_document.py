"""A JSON file that is one record, an array of them or a wrapper, with the keys of a JSONL drop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.json_text import BadJson, load_json
from transforms.parse.json_wrapper import find_records
from transforms.parse.record import KEPT, parse_record

__all__ = ["FORMAT", "KEPT", "VERSIONS", "parse", "sniff"]

FORMAT = "json"
VERSIONS: Final = "one record, an array of records, or an object around either"
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")


def sniff(head: bytes) -> bool:
    """Starts like a JSON object, or like an array of what could be records."""
    return _START.match(head) is not None


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """One item, or one for each record that is held."""
    try:
        value, encoding, warnings = load_json(data, context.charset)
    except BadJson as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    yield from parse_value(value, encoding, warnings, context)


def parse_value(
    value: object, encoding: str, warnings: tuple[str, ...], context: ParseContext
) -> Iterator[Item | ItemReject]:
    """The same of a document that is decoded."""
    if value == []:
        yield ItemReject(reason="no_items", message="the array is empty")
        return
    held = find_records(value)
    for number, record in enumerate(held or [value], context.first_record):
        result = parse_record(record, None if held is None else number, FORMAT)
        if isinstance(result, Item):
            result = replace(result, encoding=encoding, warnings=warnings + result.warnings)
        yield result
