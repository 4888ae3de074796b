"""A container's bytes to results, through gunzip, archive, format choice and reader: for the child.

An archive is read member by member; what a member holds is chosen like the format of a container.
Archives within archives are not opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import orjson

from schemas.article import Media, Station
from transforms.parse import archive
from transforms.parse.archive import Member, find_kind, read_members
from transforms.parse.gunzip import DecompressionFailed, gunzip, is_gzip
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.mojibake import mend
from transforms.parse.sniff import HEAD_BYTES, Reader, choose_reader, forced_reader
from transforms.parse.warc import is_warc

Result = Item | ItemReject
MAX_TEXT: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """The results of a container, or of one member of an archive, read when asked for.

    `number` is the member's place in the archive, from 0; `member` is None where it has no bytes;
    `is_whole` where the container is no archive, so that nothing follows.
    """

    results: Iterator[Result]
    number: int = 0
    member: Member | None = None
    is_whole: bool = False


def parse_document(data: bytes, context: ParseContext, forced: str | None) -> Iterator[Result]:
    """Results for one container; strings are valid Unicode, together at most `MAX_TEXT` as JSON."""
    for part in parse_parts(data, context, forced):
        yield from part.results


def parse_parts(data: bytes, context: ParseContext, forced: str | None) -> Iterator[Part]:
    """The same, one part for each member of an archive that can be unpacked."""
    yield from _parse_parts(data, context, forced, _Budget())


def _parse_parts(
    data: bytes, context: ParseContext, forced: str | None, budget: _Budget
) -> Iterator[Part]:
    packed = is_gzip(data) and not is_warc(data)
    try:
        content = gunzip(data) if packed else data
    except DecompressionFailed as error:
        yield _rejected("decompression_failed", str(error), context)
        return
    kind = find_kind(content)
    if kind is None and context.first_member == 0:
        yield Part(budget.bound(_parse_content(content, context, forced, packed)), is_whole=True)
    elif kind is not None and context.member is not None:
        yield _rejected("too_deep", f"a {kind} archive within an archive", context)
    elif kind is not None:
        yield from _parse_members(content, kind, context, forced, budget)


def _parse_members(
    data: bytes, kind: str, context: ParseContext, forced: str | None, budget: _Budget
) -> Iterator[Part]:
    inner = None if forced in archive.FORMATS else forced
    for number, found in read_members(data, kind, context.first_member):
        if isinstance(found, ItemReject):
            yield Part(iter([found]), number)
            continue
        charset = found.charset or context.charset
        of_member = replace(
            context, member=found.name, first_member=0, url=found.url, charset=charset
        )
        for part in _parse_parts(found.data, of_member, inner, budget):
            yield Part(part.results, number, found)


def _parse_content(
    data: bytes, context: ParseContext, forced: str | None, packed: bool
) -> Iterator[Result]:
    reader = _find_reader(data, context, forced)
    results = iter([reader]) if isinstance(reader, ItemReject) else reader.parse(data, context)
    for result in results:
        if packed or context.member is not None:
            # Positions in unpacked bytes say nothing about the container's own.
            span = None if packed else result.raw_span
            result = replace(result, raw_span=span, member=context.member)
        if context.url and isinstance(result, Item) and result.record is None and not result.url:
            result = replace(result, url=context.url)
        yield mend(result) if isinstance(result, Item) else result


def _rejected(reason: str, message: str, context: ParseContext) -> Part:
    return Part(iter([ItemReject(reason=reason, message=message, member=context.member)]))


def _find_reader(data: bytes, context: ParseContext, forced: str | None) -> Reader | ItemReject:
    if forced in (None, "auto"):
        return choose_reader(data[:HEAD_BYTES], context.address)
    reader = forced_reader(forced or "")
    if forced in archive.FORMATS:
        return ItemReject(reason="malformed", message=f"{context.address} is no {forced} archive")
    if reader is None:
        return ItemReject(reason="unknown_format", message=f"no reader is called {forced!r}")
    if not data.strip():
        return ItemReject(reason="empty", message=f"{context.address} is empty")
    return reader


class _Budget:
    """What the results of one container may be together, as JSON."""

    def __init__(self) -> None:
        self.left = MAX_TEXT

    def bound(self, results: Iterator[Result]) -> Iterator[Result]:
        """The results that fit, made valid, then one reject that says that there were more."""
        for found in results:
            result, size = to_valid(found)
            self.left -= size
            if self.left < 0:
                message = f"more than {MAX_TEXT >> 20} MiB of results; split the container"
                yield ItemReject(reason="too_large", message=message, member=result.member)
                return
            yield result


def to_valid(result: Result) -> tuple[Result, int]:
    """The result with lone surrogates as U+FFFD, and its size as JSON.

    Lone surrogates (RFC 8259 §8.2) pass `json` and kill Arrow. orjson refuses them, and is faster
    than looking at each field.
    """
    try:
        return result, len(orjson.dumps(result))
    except TypeError:
        changed = {
            name: _scrubbed(getattr(result, name))
            for name in (field.name for field in fields(result))
            if _scrubbed(getattr(result, name)) != getattr(result, name)
        }
    if isinstance(result, Item):
        changed["warnings"] = (*changed.get("warnings", result.warnings), "lone_surrogate_replaced")
    scrubbed = replace(result, **changed)
    return scrubbed, len(orjson.dumps(scrubbed))


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Media | Station):
        return replace(value, **{f.name: _scrubbed(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, tuple):
        return tuple(_scrubbed(entry) for entry in value)
    return value
