"""The page of a search: the articles that have the words that were asked for."""

from __future__ import annotations

import datetime as dt

from tracing.page.absent import absent
from tracing.page.links import Links
from tracing.page.render import render
from tracing.search_model import Search


def search_page(found: Search, links: Links, now: dt.datetime) -> str:
    """What was found as HTML."""
    return render(
        "search.html.j2",
        sequence=found.sequence,
        page=found,
        query=found.asked,
        absent=absent(found.missing),
        links=links,
        now=now,
        is_exported=False,
    )
