"""The front page: the latest stories, what the lake holds, and who was silent when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from tracing.front_model import Front, FrontStory
from tracing.page.absent import absent
from tracing.page.coverage_rows import outlet_rows, silent_outlets, troubled_feeds
from tracing.page.links import Links
from tracing.page.render import render
from tracing.page.sparkline import WITHIN, Sparkline, sparkline_of

# Outlets whose days are shown here; `/outlets` has all. Silent ones come first.
_MOST_OUTLETS: Final = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """A story and how it grew, by what its articles claim; `undated` of them claim nothing."""

    story: FrontStory
    growth: Sparkline | None
    undated: int


def front_page(front: Front, links: Links, now: dt.datetime) -> str:
    """The front page as HTML."""
    coverage = front.coverage
    return render(
        "front.html.j2",
        sequence=front.sequence,
        front=front,
        coverage=coverage,
        entries=[_entry(story) for story in front.stories],
        within=WITHIN,
        rows=outlet_rows(coverage.outlets[:_MOST_OUTLETS], coverage.days),
        silent=silent_outlets(coverage),
        troubled=troubled_feeds(coverage),
        absent=absent(front.missing),
        links=links,
        now=now,
        is_exported=False,
    )


def _entry(story: FrontStory) -> Entry:
    # What claims no time has the one when it was seen, which may be years after.
    last = story.last_claimed
    times = [time for time in story.times if last is not None and time <= last]
    growth = sparkline_of(times) if times else None
    return Entry(story, growth, story.articles - len(times))
