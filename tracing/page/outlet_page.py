"""The page of an outlet: its articles by day, whom it credits, whose text it has, who has its."""

from __future__ import annotations

import datetime as dt

from tracing.listed_model import DayCount
from tracing.outlet_model import OutletPage
from tracing.page.absent import absent
from tracing.page.coverage_rows import feed_rows, outlet_rows
from tracing.page.links import Links
from tracing.page.render import render


def outlet_page(outlet: OutletPage, links: Links, now: dt.datetime) -> str:
    """An outlet as HTML."""
    days = outlet.coverage_days
    return render(
        "outlet.html.j2",
        sequence=outlet.sequence,
        page=outlet,
        days=days,
        rows=outlet_rows((outlet.coverage,) if outlet.coverage else (), days),
        feeds=feed_rows(outlet.feeds, days),
        months=_months(outlet.days),
        absent=absent(outlet.missing),
        links=links,
        now=now,
        is_exported=False,
    )


def _months(days: tuple[DayCount, ...]) -> list[tuple[str, int]]:
    """Articles by month (`2024-03`), the newest first."""
    found: dict[str, int] = {}
    for one in days:
        month = f"{one.day:%Y-%m}"
        found[month] = found.get(month, 0) + one.articles
    return sorted(found.items(), reverse=True)
