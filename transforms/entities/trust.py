"""Which mentions other steps may build on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

_BY_SHAPE = "rule:shape"


class _Found(Protocol):
    @property
    def method(self) -> str: ...


M = TypeVar("M", bound=_Found)


def sure(mentions: Iterable[M]) -> list[M]:
    """Without those that only their shape makes names: no speaker of a quote, no source's rival."""
    return [mention for mention in mentions if mention.method != _BY_SHAPE]
