"""`Claims`: what an article says in any language: ids, numbers, days, quotes, sources."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.stories.item import Item


@dataclass(frozen=True, slots=True)
class Claims:
    """To be filled."""


def make_claims(item: Item) -> Claims:
    """The claims of an item."""
    raise NotImplementedError
