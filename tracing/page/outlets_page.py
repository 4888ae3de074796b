"""The page of all outlets and feeds: what of them is here, by day, and who is silent."""

from __future__ import annotations

import datetime as dt

from tracing.coverage_model import Coverage
from tracing.outlet_model import Outlets
from tracing.page.absent import absent
from tracing.page.coverage_rows import feed_rows, outlet_rows, silent_outlets, troubled_feeds
from tracing.page.links import Links
from tracing.page.render import render


def outlets_page(outlets: Outlets, coverage: Coverage, links: Links, now: dt.datetime) -> str:
    """All outlets as HTML."""
    return render(
        "outlets.html.j2",
        sequence=outlets.sequence,
        outlets=outlets.outlets,
        coverage=coverage,
        rows=outlet_rows(coverage.outlets, coverage.days),
        feeds=feed_rows(coverage.feeds, coverage.days),
        silent=silent_outlets(coverage),
        troubled=troubled_feeds(coverage),
        absent=absent(dict.fromkeys((*outlets.missing, *coverage.missing))),
        links=links,
        now=now,
        is_exported=False,
    )
