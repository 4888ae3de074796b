"""The page of a quotation: who carried it when, and how its words changed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tracing.page.absent import absent
from tracing.page.links import Links
from tracing.page.render import render
from tracing.quote_model import QuotePage

# How a variant differs, by its `kind`.
VARIANTS: Final = {
    "respelled": "the same words, written otherwise",
    "shorter": "shortened",
    "longer": "longer",
    "changed": "changed",
}


def quote_page(quote: QuotePage, links: Links, now: dt.datetime) -> str:
    """A quotation as HTML."""
    return render(
        "quote.html.j2",
        sequence=quote.sequence,
        page=quote,
        variants=VARIANTS,
        absent=absent(quote.missing),
        links=links,
        now=now,
        is_exported=False,
    )
