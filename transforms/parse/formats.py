"""What is read, in which versions, and how much of it: for `wiretrace formats` and its page."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from transforms.parse import archive
from transforms.parse.item import Item
from transforms.parse.sniff import READERS, Reader

# Fields of an item that say how it was read rather than what the delivery states.
_OF_READING: Final = frozenset(
    ("source_format", "record", "raw_span", "member", "raw", "encoding", "warnings")
)
ITEM_FIELDS: Final = tuple(field.name for field in fields(Item) if field.name not in _OF_READING)
# The column that a field becomes, where it has another name.
COLUMN_OF: Final = {
    "feed": "sightings.feed",
    "feed_title": "outlet_name",
    "source_url": "outlet",
    "published_raw": "published",
    "versioncreated_raw": "versioncreated",
    "embargoed_raw": "embargoed",
    "expires_raw": "expires",
}


VERSIONS: Final = {
    "tar": "ustar, pax, GNU",
    "warc": "1.0 and 1.1",
    "zip": "APPNOTE 6.3, stored or deflated",
}
COLUMNS: Final = tuple(dict.fromkeys(COLUMN_OF.get(field, field) for field in ITEM_FIELDS))


def kept_by_column(reader: Reader) -> dict[str, str]:
    """Where a format keeps what becomes a column of `articles`, in the order of the columns."""
    kept: dict[str, str] = {}
    for field in ITEM_FIELDS:
        if field in reader.KEPT:
            column = COLUMN_OF.get(field, field)
            kept[column] = "; ".join(filter(None, (kept.get(column), reader.KEPT[field])))
    return kept


def list_formats() -> list[dict[str, Any]]:
    """Each format with its versions and its columns; archives have none of their own."""
    read = [
        {"format": reader.FORMAT, "versions": reader.VERSIONS, "fields": kept_by_column(reader)}
        for reader in READERS
    ]
    archives: list[dict[str, Any]] = [
        {"format": name, "versions": VERSIONS[name], "fields": {}} for name in archive.FORMATS
    ]
    return [*read, *archives]
