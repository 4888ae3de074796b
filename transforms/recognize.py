"""`RecognizeTexts`: which texts of a stream need tagging, before their window is committed.

A feed shows an entry for days, so most of what a stream receives is known. What the lake knows is
looked up; what is on its way there is remembered in Beam's state, by outlet, until its window is
certainly committed. Both are hints: the commit identifies every delivery under the lease, and tags
what was left out here by mistake (docs/decisions/0019-a-window-is-identified-at-its-commit.md).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.coders import FastPrimitivesCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import (
    ReadModifyWriteStateSpec,
    RuntimeTimer,
    TimerSpec,
    on_timer,
)
from apache_beam.utils.timestamp import Timestamp

from lake.keys import KeyState
from lake.newest_keys import newest_keys
from lake.present import root_of
from lake.sorted_runs import StateDamaged
from lake.store import StoreUnavailable
from lake.tables import Lake, LakeDamaged
from schemas.article import Article
from schemas.ids import hash_id
from transforms.delivery import Delivery
from transforms.fingerprint import is_truncation
from transforms.identify_outlets import known_version

# Windows after its own in which what is on its way counts as such.
_WINDOWS_KEPT = 3
_REFRESH_SECONDS = 5.0


def text_id(delivery: Delivery) -> str:
    """What one text of an outlet is remembered by: its strongest key, content and control."""
    return hash_id(
        "text", delivery.keys[0].hash, delivery.article.content_hash, delivery.control_hash
    )


def is_known(delivery: Delivery, state: KeyState) -> bool:
    """Does the lake have this version, or one that it is a truncation of?"""
    entries = state.articles([key.hash for key in delivery.keys])
    versions = state.versions(sorted({entry.article_id for entry in entries.values()}))
    return any(
        version.control_hash == delivery.control_hash
        and (
            version.content_hash == delivery.article.content_hash
            or is_truncation(delivery.fingerprint, version.fingerprint)
        )
        for found in versions.values()
        for version in map(known_version, found)
    )


def still_waiting(until: Mapping[str, float], now: float) -> dict[str, float]:
    """Without what is certainly committed; times in seconds of the stream."""
    return {text: end for text, end in until.items() if end > now}


class _Recognize(beam.DoFn):
    WAITING = ReadModifyWriteStateSpec("waiting", FastPrimitivesCoder())
    FORGET = TimerSpec("forget", TimeDomain.WATERMARK)

    def __init__(self, lake: str, window: float) -> None:
        self.lake = lake
        self.kept = _WINDOWS_KEPT * window
        self.state: KeyState | None = None
        self.looked = -_REFRESH_SECONDS

    def process(
        self,
        element: tuple[str, Delivery],
        timestamp: Timestamp = beam.DoFn.TimestampParam,
        waiting: Any = beam.DoFn.StateParam(WAITING),
        forget: RuntimeTimer = beam.DoFn.TimerParam(FORGET),
    ) -> Iterator[Article]:
        _, delivery = element
        now = float(timestamp)
        texts = still_waiting(waiting.read() or {}, now)
        text = text_id(delivery)
        if text in texts or self._has(delivery):
            return
        texts[text] = now + self.kept
        waiting.write(texts)
        forget.set(Timestamp(max(texts.values())))
        yield delivery.article

    @on_timer(FORGET)
    def forget(self, waiting: Any = beam.DoFn.StateParam(WAITING)) -> None:
        """Nothing of this outlet is on its way any more."""
        waiting.clear()

    def _has(self, delivery: Delivery) -> bool:
        # What cannot be read now is tagged once more than needed.
        with suppress(StateDamaged, LakeDamaged, StoreUnavailable, OSError):
            if self.state is None or time.monotonic() - self.looked >= _REFRESH_SECONDS:
                self.state = newest_keys(Lake(root_of(self.lake)))
                self.looked = time.monotonic()
            return is_known(delivery, self.state)
        return False


def _by_outlet(delivery: Delivery) -> tuple[str, Delivery]:
    return delivery.article.outlet, delivery


@dataclass
class RecognizeTexts(beam.PTransform):
    """`Delivery` elements to the `Article`s, ids still empty, that are new to the lake.

    Attributes:
        lake: what `lake.present.named` gave.
        window: seconds of one window.
    """

    lake: str
    window: float

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, texts: beam.PCollection) -> beam.PCollection:
        """Remember by outlet."""
        keyed = texts | "ByOutlet" >> beam.Map(_by_outlet).with_output_types(tuple[str, Delivery])
        recognize = beam.ParDo(_Recognize(self.lake, self.window)).with_output_types(Article)
        return keyed | "RecognizeText" >> recognize
