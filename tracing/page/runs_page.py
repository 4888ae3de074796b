"""The page of all runs: what each saw, and what became of it."""

from __future__ import annotations

import datetime as dt

from tracing.page.absent import absent
from tracing.page.links import Links
from tracing.page.render import render
from tracing.runs_model import Runs


def runs_page(runs: Runs, links: Links, now: dt.datetime) -> str:
    """Runs as HTML."""
    return render(
        "runs.html.j2",
        sequence=runs.sequence,
        page=runs,
        absent=absent(() if runs.runs else ("runs",)),
        links=links,
        now=now,
        is_exported=False,
    )
