"""A container's bytes to results, through gunzip, format choice and reader: what the child runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final

import orjson

from schemas.article import Media
from transforms.parse.gunzip import DecompressionFailed, gunzip, is_gzip
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.sniff import HEAD_BYTES, Reader, choose_reader, forced_reader

Result = Item | ItemReject
MAX_TEXT: Final = 64 << 20


def parse_document(data: bytes, context: ParseContext, forced: str | None) -> Iterator[Result]:
    """Results for one container; strings are valid Unicode, together at most `MAX_TEXT` as JSON."""
    packed = is_gzip(data)
    if packed:
        try:
            data = gunzip(data)
        except DecompressionFailed as error:
            yield ItemReject(reason="decompression_failed", message=str(error))
            return
    reader = _find_reader(data, context, forced)
    if isinstance(reader, ItemReject):
        yield reader
        return
    yield from _bounded(reader.parse(data, context), packed)


def _find_reader(data: bytes, context: ParseContext, forced: str | None) -> Reader | ItemReject:
    if forced in (None, "auto"):
        return choose_reader(data[:HEAD_BYTES], context.source_uri)
    reader = forced_reader(forced or "")
    if reader is None:
        return ItemReject(reason="unknown_format", message=f"no reader is called {forced!r}")
    if not data.strip():
        return ItemReject(reason="empty", message=f"{context.source_uri} is empty")
    return reader


def _bounded(results: Iterator[Result], packed: bool) -> Iterator[Result]:
    budget = MAX_TEXT
    for result in results:
        # Positions in unpacked bytes say nothing about the container's own.
        result = replace(scrub(result), raw_span=None) if packed else scrub(result)
        budget -= len(orjson.dumps(result))
        if budget < 0:
            message = f"more than {MAX_TEXT >> 20} MiB of results; split the container"
            yield ItemReject(reason="too_large", message=message)
            return
        yield result


def scrub(result: Result) -> Result:
    """Lone surrogates (RFC 8259 §8.2) become U+FFFD: they pass `json` and kill Arrow."""
    if _is_valid(result):
        return result
    changed = {
        name: _scrubbed(getattr(result, name))
        for name in (field.name for field in fields(result))
        if _scrubbed(getattr(result, name)) != getattr(result, name)
    }
    if isinstance(result, Item):
        changed["warnings"] = (*changed.get("warnings", result.warnings), "lone_surrogate_replaced")
    return replace(result, **changed)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return (
            value
            if _is_valid(value)
            else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    if isinstance(value, Media):
        return Media(*(_scrubbed(getattr(value, field.name)) for field in fields(Media)))
    if isinstance(value, tuple):
        return tuple(_scrubbed(entry) for entry in value)
    return value


def _is_valid(value: Any) -> bool:
    # orjson refuses lone surrogates, and is faster than looking at each field.
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True
