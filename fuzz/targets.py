"""What is fuzzed: each format of the registry through its reader, and normalization.

A check takes bytes as somebody may send them, and raises what must not be raised: any exception
of the code under test, or `AssertionError` where its answer breaks a promise. What a reader cannot
make sense of is an `ItemReject`, what cannot be stored an `EmptyItem`; those are answers. Nothing
here needs atheris, so that what it found is a test (`tests/fuzz/crashes`).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from typing import Any, Final

from schemas.article import ROLES, Media, Station
from schemas.parse_warning import is_known
from schemas.reject import REASONS
from transforms.delivery import Delivery, sighted, to_article, to_staged
from transforms.normalize import EmptyItem, Provenance, normalize
from transforms.parse import archive
from transforms.parse.document import parse_document
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.messages import decode_results, encode_results
from transforms.parse.sniff import FORMATS

NORMALIZE: Final = "normalize"
HANG_SECONDS: Final = 5
"""What takes longer has hung."""
_NOON: Final = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
_PROVENANCE: Final = Provenance(
    source="x", source_uri="x#1", raw_sha256="0" * 64, seen_at=_NOON, run_id="fuzz"
)
_TUPLES: Final = {
    "signals": str, "authors": str, "subjects": str, "keywords": str, "places": str,
    "media": Media, "provenance": Station,
}  # fmt: skip
_LINES: Final = tuple(
    field.name
    for field in fields(Item)
    if field.name not in _TUPLES
    and field.name not in ("record", "raw_span", "member", "raw", "warnings")
)
_MAY_BE_ARCHIVES: Final = ("auto", *archive.FORMATS)
FIELDS: Final = (*_LINES, *_TUPLES)
"""Names of what `to_item` reads."""


def check_reader(name: str, data: bytes) -> None:
    """The reader of a format gives items and rejects of the closed lists, and they can be sent."""
    results = list(parse_document(data, ParseContext(source_uri="x"), name))
    # Of an archive without any the child says `no_items` (transforms/parse/child.py).
    assert results or name in _MAY_BE_ARCHIVES, "a container without any result"
    for result in results:
        if isinstance(result, ItemReject):
            assert result.reason in REASONS, result.reason
        else:
            assert [w for w in result.warnings if not is_known(w)] == []
        whole = data if result.member is None else result.raw
        if result.raw_span is not None and whole is not None:
            start, end = result.raw_span
            assert 0 <= start <= end <= len(whole), result.raw_span
    assert decode_results(bytearray(encode_results(results))) == results


def check_normalize(data: bytes) -> None:
    """Any item becomes a delivery that can be stored, clean, and that comes back from the store."""
    try:
        delivery = normalize(to_item(data), _PROVENANCE)
    except EmptyItem:
        return
    (row,) = to_staged([delivery]).to_pylist()
    assert sighted(row, "staged", 0).keys == delivery.keys
    assert to_article(row, "", "") == delivery.article
    for text in _texts(delivery):
        assert unicodedata.is_normalized("NFC", text), text
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text if c not in "\n\t")


def _texts(delivery: Delivery) -> Iterator[str]:
    article = delivery.article
    lines = (article.headline, article.description_text, article.body_text, article.byline)
    yield from (text for text in (*lines, *article.authors, *article.keywords) if text)


def to_item(data: bytes) -> Item:
    """An item from bytes: `field=value` pieces between zero bytes; what names no field is left out.

    The values of a medium or a station stand in lines.
    """
    given: dict[str, Any] = {"source_format": "jsonl", "record": 1}
    for piece in data.split(b"\0"):
        name, _, value = piece.decode("utf-8", "replace").partition("=")
        if name in _LINES:
            given[name] = value
        elif name in _TUPLES:
            given[name] = (*given.get(name, ()), _value(name, value))
    return Item(**given)


def from_item(item: Item) -> bytes:
    """The bytes that `to_item` makes such an item of."""
    pieces = []
    for name in FIELDS:
        value = getattr(item, name)
        values = value if name in _TUPLES else [value] if value else []
        pieces += [f"{name}={_line(one)}".encode("utf-8", "replace") for one in values]
    return b"\0".join(pieces)


def _value(name: str, text: str) -> object:
    if name == "media":
        return Media(*(text.split("\n", 3) + [""] * 4)[:4])
    if name == "provenance":
        return Station(next(iter(ROLES)), *(text.split("\n", 2) + [""] * 3)[:3])
    return text


def _line(value: object) -> str:
    if isinstance(value, Media):
        return "\n".join(
            text or "" for text in (value.kind, value.url, value.caption, value.credit)
        )
    if isinstance(value, Station):
        return "\n".join(text or "" for text in (value.name, value.uri, value.at))
    return str(value)


CHECKS: Final[dict[str, Callable[[bytes], None]]] = {
    **{name: partial(check_reader, name) for name in FORMATS},
    NORMALIZE: check_normalize,
}
"""By name of the target: every name that `--format` takes, and `normalize`."""
