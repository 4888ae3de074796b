"""Outlets and feeds with their days, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracing.coverage_model import Coverage, Day, FeedCoverage, OutletCoverage
from tracing.page.day_strip import Strip, strip_of


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet with its days drawn; `silence` is the one that lasts, None if it is not silent."""

    outlet: OutletCoverage
    days: Strip
    silent_days: int | None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed with the days on which runs took something new from it."""

    feed: FeedCoverage
    days: Strip


def outlet_rows(outlets: Iterable[OutletCoverage], days: Sequence[Day]) -> list[OutletRow]:
    """Each of the outlets; `days` are those of the coverage."""
    return [
        OutletRow(
            one,
            strip_of(days, one.counts, one.silences),
            next((silence.days for silence in one.silences if silence.is_now), None),
        )
        for one in outlets
    ]


def feed_rows(feeds: Iterable[FeedCoverage], days: Sequence[Day]) -> list[FeedRow]:
    """Each of the feeds; a day without a run is one on which nobody looked."""
    polled = [
        Day(day.day, day.runs, day.articles, "run" if day.runs else "not looked") for day in days
    ]
    return [FeedRow(one, strip_of(polled, one.counts)) for one in feeds]


def silent_outlets(coverage: Coverage) -> list[OutletCoverage]:
    """Who is silent now, as far as is told."""
    return [one for one in coverage.outlets if one.state == "silent"]


def troubled_feeds(coverage: Coverage) -> list[FeedCoverage]:
    """Feeds that fail or are silent now."""
    return [one for one in coverage.feeds if one.state in ("failing", "silent")]
