"""The page of a run: its ledger, by source and reason, and what it rejected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemas.run import OUTCOMES
from tracing.page.links import Links
from tracing.page.render import render
from tracing.runs_model import RunLine, RunPage

# What the outcomes of an item are called.
WORDS: Final = {
    "new": "new",
    "revised": "revised",
    "duplicate": "known already",
    "control": "messages",
    "rejected": "rejected",
}
# The picture of the ledger, in units of its `viewBox`.
WIDTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """An outcome, its items, and its place in the bar of all that was seen."""

    outcome: str
    items: int
    x: float
    width: float


def run_page(run: RunPage, links: Links, now: dt.datetime) -> str:
    """A run as HTML."""
    return render(
        "run.html.j2",
        sequence=run.sequence,
        page=run,
        run=run.run,
        shares=list(_shares(run.run)),
        words=WORDS,
        links=links,
        now=now,
        is_exported=False,
    )


def _shares(run: RunLine) -> Iterator[Share]:
    numbers = {outcome: getattr(run, outcome) for outcome in OUTCOMES}
    total = sum(numbers.values())
    x = 0.0
    for outcome, items in numbers.items():
        width = round(WIDTH * items / total, 1) if total else 0.0
        yield Share(outcome, items, round(x, 1), width)
        x += width
