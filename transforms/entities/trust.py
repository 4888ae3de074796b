"""Which mentions other steps may build on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

# The method of a place inside a longer name.
WITHIN = "gazetteer:within"
_NOT_SURE = frozenset({"rule:shape", WITHIN})


class _Found(Protocol):
    @property
    def method(self) -> str: ...


M = TypeVar("M", bound=_Found)


def sure(mentions: Iterable[M]) -> list[M]:
    """Without those that only their shape makes names, and without places inside another name.

    Neither is a speaker of a quote or a source's rival; what is left does not overlap.
    """
    return [mention for mention in mentions if mention.method not in _NOT_SURE]
