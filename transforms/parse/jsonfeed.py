"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).

Covered: items with id, url, external_url, title, content_html, content_text, summary, image,
banner_image, attachments, dates, author(s), tags, language. Not covered: hubs, next_url (paging is
for whoever fetches), extensions. An item of the wrong shape is that item's reject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from schemas.article import Media
from transforms.parse.distinct import distinct
from transforms.parse.item import Item, ItemReject, ParseContext
from transforms.parse.json_text import BadJson, load_json
from transforms.parse.markup import html_to_text
from transforms.parse.record import to_name

FORMAT = "jsonfeed"
VERSIONS: Final = "1.0, 1.1"
KEPT: Final = {
    "feed": "feed_url",
    "feed_title": "title of the feed",
    "guid": "id",
    "url": "url, else an id that is an address, else external_url",
    "headline": "title",
    "description_text": "summary",
    "body_text": "content_html, else content_text",
    "authors": "authors, author; of the feed where the item has none",
    "language_declared": "language",
    "published_raw": "date_published",
    "versioncreated_raw": "date_modified",
    "keywords": "tags",
    "media": "image, banner_image, attachments",
}
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"")
_VERSION = re.compile(rb"[{,]\s*\"version\"\s*:\s*\"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org")
# Generators write "version": "1.1" as well; no record of a drop has an array `items`.
_ITEMS = re.compile(rb"[{,]\s*\"items\"\s*:\s*\[")

Json = dict[str, Any]


def sniff(head: bytes) -> bool:
    """An object with JSON Feed's `version`, or with an array `items`."""
    return bool(_OBJECT.match(head) and (_VERSION.search(head) or _ITEMS.search(head)))


def parse(data: bytes, context: ParseContext) -> Iterator[Item | ItemReject]:
    """An item for each object in `items`."""
    try:
        feed, encoding, warnings = load_json(data, context.charset)
    except BadJson as error:
        yield ItemReject(reason=error.reason, message=error.message)
        return
    entries = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(entries, list):
        yield ItemReject(reason="malformed", message="a JSON Feed without an array `items`")
        return
    if not entries:
        yield ItemReject(reason="no_items", message="the feed has no items")
    for number, entry in enumerate(entries, context.first_record):
        yield _parse_entry(entry, feed, number, encoding, warnings)


def _parse_entry(
    entry: object, feed: Json, number: int, encoding: str, warnings: tuple[str, ...]
) -> Item | ItemReject:
    if not isinstance(entry, dict):
        message = f"item {number} is a {type(entry).__name__}, no object"
        return ItemReject(reason="malformed", message=message, record=number)
    headline, (summary, body) = _text(entry, "title"), find_texts(entry)
    if not (headline or summary or body):
        message = f"item {number} has neither title nor text"
        return ItemReject(reason="empty", message=message, record=number)
    return Item(
        source_format=FORMAT,
        record=number,
        encoding=encoding,
        feed=_text(feed, "feed_url"),
        feed_title=_text(feed, "title"),
        guid=find_guid(entry),
        url=find_url(entry),
        headline=headline,
        description_text=summary,
        body_text=body,
        authors=find_authors(entry) or find_authors(feed),
        language_declared=_text(entry, "language") or _text(feed, "language"),
        published_raw=_text(entry, "date_published"),
        versioncreated_raw=_text(entry, "date_modified"),
        keywords=_names(entry.get("tags")),
        media=tuple(find_media(entry)),
        warnings=warnings,
    )


def _text(record: Json, key: str) -> str | None:
    value = record.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _names(values: object) -> tuple[str, ...]:
    entries = values if isinstance(values, list) else [values]
    return distinct(map(to_name, entries))


def find_guid(entry: Json) -> str | None:
    """`id`; a number is to be read as a string (1.1, "items": id)."""
    value = entry.get("id")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return _text(entry, "id")


def find_url(entry: Json) -> str | None:
    """`url`, else an id that is an address, else what a linklog points to (1.1, "items")."""
    guid = find_guid(entry) or ""
    permalink = guid if guid.startswith(("http://", "https://")) else None
    return _text(entry, "url") or permalink or _text(entry, "external_url")


def find_texts(entry: Json) -> tuple[str | None, str | None]:
    """Standfirst and body. HTML first: `content_text` is often its shortened echo."""
    markup = _text(entry, "content_html")
    body = (html_to_text(markup) if markup else None) or _text(entry, "content_text")
    return _text(entry, "summary"), body


def find_authors(entry: Json) -> tuple[str, ...]:
    """`authors` (1.1), else the deprecated `author` (1.0)."""
    return _names(entry.get("authors")) or _names(entry.get("author"))


def find_media(entry: Json) -> Iterator[Media]:
    """Image, banner and attachments, each address once."""
    seen = set()
    for key in ("image", "banner_image"):
        url = _text(entry, key)
        if url and url not in seen:
            seen.add(url)
            yield Media("image", url, None, None)
    attachments = entry.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        url = _text(attachment, "url") if isinstance(attachment, dict) else None
        if url and url not in seen:
            seen.add(url)
            kind = _text(attachment, "mime_type") or ""
            yield Media(kind.split("/")[0] or None, url, _text(attachment, "title"), None)
