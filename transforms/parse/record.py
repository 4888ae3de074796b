"""One JSON object of a drop to an `Item`: keys are `articles` columns or ninjs names.

The table of keys is `record_keys.toml`. A key nobody knows and a value of the wrong type are
warnings; `headline` or a body is enough, and a kill or release needs only what it is about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from schemas.article import Media, Station
from transforms.parse.control import says_something
from transforms.parse.distinct import distinct
from transforms.parse.item import Item, ItemReject
from transforms.parse.markup import html_to_text
from transforms.parse.ninjs_flat import flatten

_KEYS: Final = tomllib.loads(Path(__file__).with_name("record_keys.toml").read_text("utf-8"))
KEPT: Final = {
    field: ", ".join(keys)
    for kind in ("text", "text_or_number", "name", "names", "coded", "provenance")
    for field, keys in _KEYS[kind].items()
} | {
    "body_text": ", ".join(_KEYS["body"]["plain"] + _KEYS["body"]["markup"]),
    "media": ", ".join(_KEYS["media"]["media"] + _KEYS["media"]["renditions"]),
}
KNOWN: Final = frozenset(key for table in _KEYS.values() for keys in table.values() for key in keys)
# ninjs allows a name, a code or only an address; people read names.
# `type` of ninjs for what is no text; it stands in where no genre is stated.
_KINDS: Final = ("picture", "video", "audio", "graphic", "composite")
_CODE_KEYS = ("code", "literal", "qcode")
_NAME_KEYS = ("name", "value", "title", "literal", "rel", "code", "uri")
_MAX_NAMES = 1000
_MAX_UNKNOWN = 20
_KEY_LENGTH = 40

Span = tuple[int, int] | None


def parse_record(
    record: object, number: int | None, source_format: str, span: Span = None
) -> Item | ItemReject:
    """The item of one decoded JSON value; a reject where it is no object or holds no text."""
    if not isinstance(record, dict):
        return ItemReject(
            reason="malformed",
            message=f"a JSON object was expected, not {type(record).__name__}",
            record=number,
            raw_span=span,
        )
    fields = _Fields(flatten(record))
    item = fields.to_item(number, source_format, span)
    if says_something(item):
        return item
    return ItemReject(
        reason="empty",
        message="neither headline nor text; give it `headline` or `body_text`",
        record=number,
        raw_span=span,
    )


def to_name(value: object) -> str | None:
    """A name from a string or from an object that has one (ninjs subject, author, provider)."""
    if isinstance(value, str):
        return value.strip() or None
    if not isinstance(value, dict):
        return None
    named = (value.get(key) for key in _NAME_KEYS)
    return next((name.strip() for name in named if isinstance(name, str) and name.strip()), None)


def to_coded(value: object) -> str | None:
    """Code, blank, name of a subject or a place; either may be missing."""
    name = to_name(value)
    if not isinstance(value, dict) or name is None:
        return name
    codes = (_text_of(value, key) for key in _CODE_KEYS)
    code = next((code for code in codes if code and code != name), None)
    return f"{code} {name}" if code else name


def to_station(value: object) -> Station | None:
    """A source from its name or its address, or from an object."""
    name = to_name(value)
    uri = _text_of(value, "uri", "literal", "code") if isinstance(value, dict) else None
    if name is None:
        return None
    if name.startswith(("http://", "https://")):
        return Station("infosource", None, name, None)
    return Station("infosource", name, None if uri == name else uri, None)


def to_media(value: object) -> Iterator[Media]:
    """Pictures and the like from a list of addresses or objects, or a ninjs `associations`."""
    if isinstance(value, dict):
        value = [value] if "url" in value or "href" in value else list(value.values())
    if not isinstance(value, list):
        return
    for entry in value[:_MAX_NAMES]:
        if isinstance(entry, str) and entry.strip():
            yield Media(None, entry.strip(), None, None)
        elif isinstance(entry, dict):
            entry = flatten(entry)
            media = Media(
                _text_of(entry, "kind", "type"),
                _text_of(entry, "url", "href") or _rendition(entry),
                _text_of(entry, "caption", "description_text", "headline"),
                _text_of(entry, "credit", "creditline", "byline"),
            )
            if media.url or media.caption:
                yield media


def _text_of(entry: dict[str, Any], *keys: str) -> str | None:
    values = (entry.get(key) for key in keys)
    return next((v.strip() for v in values if isinstance(v, str) and v.strip()), None)


def _rendition(entry: dict[str, Any]) -> str | None:
    """The address of the widest rendition."""
    renditions = entry.get("renditions")
    if isinstance(renditions, dict):
        renditions = list(renditions.values())
    if not isinstance(renditions, list):
        return None
    found = [
        (width if isinstance(width := r.get("width"), int) else 0, url)
        for r in renditions[:_MAX_NAMES]
        if isinstance(r, dict) and (url := _text_of(r, "href", "url"))
    ]
    return max(found, key=lambda one: one[0], default=(0, None))[1]


class _Fields:
    """Typed reading of one record; what was odd gathers in `warnings`."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        unknown = sorted(key for key in record if key not in KNOWN)
        self.warnings = [f"unknown_key:{key[:_KEY_LENGTH]}" for key in unknown[:_MAX_UNKNOWN]]

    def to_item(self, number: int | None, source_format: str, span: Span) -> Item:
        fields: dict[str, Any] = {}
        for field, keys in _KEYS["text"].items():
            fields[field] = self._text(keys, (str,))
        for field, keys in _KEYS["text_or_number"].items():
            fields[field] = self._text(keys, (str, int, float))
        for field, keys in _KEYS["name"].items():
            names = self._names(keys)
            fields[field] = ", ".join(names) or None
        for field, keys in _KEYS["names"].items():
            fields[field] = self._names(keys)
        for field, keys in _KEYS["coded"].items():
            fields[field] = self._names(keys, to_coded)
        fields["genre"] = fields["genre"] or self._kind()
        return Item(
            source_format=source_format,
            record=number,
            raw_span=span,
            body_text=self._body(),
            media=self._media(),
            provenance=self._provenance(),
            warnings=tuple(self.warnings),
            **fields,
        )

    def _wrong(self, key: str) -> None:
        self.warnings.append(f"wrong_type:{key}")

    def _values(self, keys: list[str]) -> Iterator[tuple[str, Any]]:
        for key in keys:
            if self.record.get(key) is not None:
                yield key, self.record[key]

    def _text(self, keys: list[str], types: tuple[type, ...]) -> str | None:
        for key, value in self._values(keys):
            if isinstance(value, types) and not isinstance(value, bool):
                if str(value).strip():
                    return str(value)
            else:
                self._wrong(key)
        return None

    def _body(self) -> str | None:
        plain = self._text(_KEYS["body"]["plain"], (str,))
        if plain:
            return plain
        markup = self._text(_KEYS["body"]["markup"], (str,))
        return (html_to_text(markup) or None) if markup else None

    def _kind(self) -> str | None:
        kind = self.record.get("type")
        return kind if kind in _KINDS else None

    def _provenance(self) -> tuple[Station, ...]:
        found: dict[Station, None] = {}
        for key, value in self._values(_KEYS["provenance"]["provenance"]):
            entries = value if isinstance(value, list) else [value]
            stations = [to_station(entry) for entry in entries[:_MAX_NAMES]]
            if None in stations and any(e not in ("", None) for e in entries):
                self._wrong(key)
            found |= dict.fromkeys(one for one in stations if one)
        return tuple(found)

    def _names(
        self, keys: list[str], to_text: Callable[[object], str | None] = to_name
    ) -> tuple[str, ...]:
        for key, value in self._values(keys):
            entries = value if isinstance(value, list) else [value]
            names = [to_text(entry) for entry in entries[:_MAX_NAMES]]
            if None in names and any(e not in ("", None) for e in entries):
                self._wrong(key)
            if any(names):
                return distinct(names)
        return ()

    def _media(self) -> tuple[Media, ...]:
        for key, value in self._values(_KEYS["media"]["media"]):
            media = tuple(to_media(value))
            if media:
                return media
            if value not in ([], {}):
                self._wrong(key)
        return tuple(to_media([self.record])) if _rendition(self.record) else ()
