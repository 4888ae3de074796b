"""ninjs 1.0 to 3.1 of the IPTC (https://www.iptc.org/std/ninjs/): a document, or what holds some.

Covered: what `record.py` reads of a drop, in the flat form of 1.x and the lists of 2.x and 3.x
(`ninjs_flat.py`); associations, as media of their item, and as items of their own where they have
an id and a headline. A composite that carries text items is no item beside them. Not covered:
persons, organisations, events and objects, which our own tagging finds in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from transforms.parse.decoding import decode_head
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.json_text import BadJson, load_json
from transforms.parse.json_wrapper import find_records
from transforms.parse.markup import without_headline
from transforms.parse.ninjs_flat import flatten
from transforms.parse.record import KEPT, parse_record

__all__ = ["FORMAT", "KEPT", "VERSIONS", "parse", "sniff"]

FORMAT = "ninjs"
VERSIONS: Final = "1.0 to 1.6, 2.0 to 2.2, 3.0 and 3.1"
MAX_ASSOCIATIONS: Final = 200
_OBJECT = re.compile(r"\s*\[?\s*\{")
_ID = re.compile(r"\"(?:uri|guid)\"\s*:\s*\"")
# What only ninjs has: its types, and from 2.0 on its lists and camelCase.
_TELLING = re.compile(
    r"\"type\"\s*:\s*\"(?:text|audio|video|picture|graphic|composite|component|planning)\""
    r"|\"(?:headlines|bodies)\"\s*:\s*\["
    r"|\"(?:versionCreated|pubStatus|representationType)\"\s*:"
)

Json = dict[str, Any]


def sniff(head: bytes) -> bool:
    """An object, or a list of them, with an id and a key that only ninjs has; no JSON Lines."""
    text = decode_head(head)
    if not (_OBJECT.match(text) and _ID.search(text) and _TELLING.search(text)):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    is_whole = lines[0].startswith("{") and lines[0].endswith("}")
    return not (len(lines) > 1 and is_whole and lines[1].startswith("{"))


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each document, then for each of its associations that is one."""
    try:
        value, encoding, warnings = load_json(data, context.charset)
    except BadJson as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    records = [part for document in find_records(value) or [value] for part in find_parts(document)]
    if not records:
        yield ItemReject(reason="no_items", message="the document carries no item")
    for number, record in enumerate(records, context.first_record):
        result = parse_record(record, number if len(records) > 1 else None, FORMAT)
        if isinstance(result, Item):
            body = without_headline(result.body_text, result.headline)
            warned = warnings + result.warnings
            result = replace(result, body_text=body, encoding=encoding, warnings=warned)
        yield result


def find_parts(document: object) -> list[object]:
    """The document, and its associations that are items; a composite only without text items."""
    if not isinstance(document, dict):
        return [document]
    parts = [one for one in find_associations(document) if is_item(one)]
    has_text = any(_type(one) == "text" for one in parts)
    whole = [] if has_text and _type(document) == "composite" else [document]
    return [*whole, *parts]


def find_associations(document: Json) -> list[Json]:
    """Associations of 1.x (an object) and 2.x (a list), flat."""
    held = document.get("associations")
    values = list(held.values()) if isinstance(held, dict) else held
    listed = values[:MAX_ASSOCIATIONS] if isinstance(values, list) else []
    return [flatten(one) for one in listed if isinstance(one, dict)]


def is_item(association: Json) -> bool:
    """Has it an id and a headline of its own?"""
    has_id = any(isinstance(association.get(key), str) for key in ("uri", "guid"))
    headline = association.get("headline")
    return has_id and isinstance(headline, str) and bool(headline.strip())


def _type(record: Json) -> str:
    value = record.get("type")
    return value.casefold() if isinstance(value, str) else ""
