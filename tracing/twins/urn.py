"""Names for things of a lake that hold outside of it, wherever the lake or its pages are."""

from __future__ import annotations

from urllib.parse import quote


def urn(kind: str, id_: str) -> str:
    """Of a `story`, an `article` or an `outlet`, by its id."""
    return f"urn:x-wiretrace:{kind}:{quote(id_.encode('utf-8', 'replace'), safe='')}"
