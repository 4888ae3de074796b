"""`Terms`: the words of an article, weighed, for comparison within its language."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.stories.item import Item


@dataclass(frozen=True, slots=True)
class Terms:
    """To be filled."""


def make_terms(item: Item) -> Terms:
    """The terms of an item."""
    raise NotImplementedError
