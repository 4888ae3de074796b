"""Ids: lower-case hex of a 128-bit hash (DESIGN.md §3).

BLAKE2b rather than a faster non-cryptographic hash: the input is hostile, and whoever could craft
two texts of one hash could make a lake take one article for another.
"""

from __future__ import annotations

import hashlib


def hash_id(*parts: str) -> str:
    """An id over the parts, each length-prefixed so that no two lists of parts collide."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def key_id(outlet: str, kind: str, value: str) -> str:
    """Hash of one identity key: uri, guid, url or content, within one outlet (DESIGN.md §4.2)."""
    return hash_id("key", outlet, kind, value)


def content_tombstone(outlet: str, content_hash: str) -> str:
    """The hash that keeps a forgotten text of an outlet out, under whatever address it returns."""
    return hash_id("tombstone", outlet, content_hash)


def distrust_mark(source: str, key_hash: str) -> str:
    """The hash under which the key state keeps that a source's key is not trusted (§4.2)."""
    return hash_id("distrust", source, key_hash)


def drop_mark(path: str, signature: str) -> str:
    """The hash under which the key state keeps that a dropped file was taken in, as it was then."""
    return hash_id("drop", path, signature)


def message_mark(subscription: str, message_id: str) -> str:
    """The hash under which the key state keeps that a Pub/Sub message was taken in."""
    return hash_id("message", subscription, message_id)


def show_mark(source: str, key_hash: str, content_hash: str, control_hash: str) -> str:
    """A short hash of what a feed shows: an entry with this content."""
    return hash_id("show", source, key_hash, content_hash, control_hash)[:16]


def page_mark(key_hash: str, content_hash: str) -> str:
    """The hash under which the key state keeps that an entry's page was asked for, for good."""
    return hash_id("page", key_hash, content_hash)
