"""What somebody asks for as text that every table can be asked with."""

from __future__ import annotations


def as_text(asked: str) -> str:
    """The same without what is no character: a shell or an address may give bytes of no text."""
    return asked.encode("utf-8", "replace").decode()
