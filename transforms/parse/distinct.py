"""Lists as an `Item` keeps them: each value once, as the document orders them, and none empty."""

from __future__ import annotations

from collections.abc import Iterable


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Each of these values once."""
    return tuple(dict.fromkeys(value for value in values if value))


def distinct_parts(stated: str | None) -> tuple[str, ...]:
    """Each of the values that a string holds, separated by commas, once."""
    return distinct(part.strip() for part in (stated or "").split(","))
