"""Where the records of a JSON document are: it is one, a list of them, or something around them.

APIs put what was asked for into objects of their own (`data`, `response`, `items`), some deep. An
object that says something itself, or that no name leads on from, is a record.
"""

from __future__ import annotations

from typing import Final

# What such objects call what they hold: the APIs of agencies, publishers and search engines.
_HOLDERS: Final = (
    "item", "items", "_items", "newsitems", "article", "articles", "story", "stories", "news",
    "posts", "documents", "docs", "entries", "results", "hits", "data", "response", "_source",
)  # fmt: skip
# With one of these an object speaks for itself.
_OWN: Final = (
    "uri", "guid", "headline", "headlines", "title", "body_text", "body_html", "bodies", "text",
    "body", "content",
)  # fmt: skip
_MAX_DEPTH: Final = 4


def find_records(value: object, depth: int = 0) -> list[object] | None:
    """The records that lists and wrappers hold; None where the value is one itself."""
    if isinstance(value, list):
        return [record for held in value for record in _held_by(held, depth + 1)]
    if not isinstance(value, dict) or depth > _MAX_DEPTH or any(value.get(key) for key in _OWN):
        return None
    for key in _HOLDERS:
        held = value.get(key)
        if isinstance(held, dict):
            return _held_by(held, depth + 1)
        if isinstance(held, list) and any(isinstance(one, dict) for one in held):
            return find_records(held, depth)
    return None


def _held_by(value: object, depth: int) -> list[object]:
    """What an object leads to, else itself; a list within a list is no record."""
    return (find_records(value, depth) if isinstance(value, dict) else None) or [value]
