"""`Arrival`, a container as a stream hears of it, and `Received`, what its bytes turned out to be.

An engine that restarts may send the same arrival twice, in another window even. Its `mark` is what
the lake knows it by: a commit leaves out what was committed before (DESIGN.md §6).
"""

from __future__ import annotations

import datetime as dt
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.ids import hash_id
from schemas.reject import Reject
from transforms.delivery import Delivery
from transforms.read.segment import Segment


@dataclass(frozen=True, slots=True)
class Cut:
    """A file that arrives in so many `stretches`, each with a mark of its own.

    `mark` is the file's. The lake holds it once it holds those of all stretches; until then a
    source that begins without state sends the file once more, and what is missing is taken in.
    """

    mark: str
    stretches: int

    def marks(self) -> list[str]:
        """The marks of the stretches, in the order of the file."""
        return [
            hash_id("stretch", self.mark, f"{number} of {self.stretches}")
            for number in range(1, self.stretches + 1)
        ]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A container, or a stretch of the one that was `cut`, that arrived `at` a time (UTC)."""

    mark: str
    segment: Segment
    at: dt.datetime
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """All that came of one arrival; `containers` is 1 where it counts as one, else 0."""

    mark: str
    containers: int
    deliveries: tuple[Delivery, ...]
    rejects: tuple[Reject, ...]
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A source's sign of life in a window; `stopped` when it was asked to end, and has."""

    source: str
    stopped: bool


def pack(values: Sequence[Any]) -> bytes:
    """Values on their way to the commit of their window, which an engine keeps until then."""
    return zlib.compress(pickle.dumps(tuple(values), pickle.HIGHEST_PROTOCOL), 1)


def unpack(data: bytes) -> tuple[Any, ...]:
    """What was packed, by our own process: never called on what came from outside."""
    values: tuple[Any, ...] = pickle.loads(zlib.decompress(data))
    return values
