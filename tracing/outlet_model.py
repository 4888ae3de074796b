"""What the page of an outlet is made of, and the list of outlets: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracing.coverage_model import Day, FeedCoverage, OutletCoverage
from tracing.listed_model import Count, DayCount, ListedArticle
from tracing.uncredited_line import UncreditedLine


@dataclass(frozen=True, slots=True)
class Copied:
    """How many articles of one outlet have text of the other: with a credit, without.

    `asserted`, `likely`, `unknown`: the same articles by how it is known who has it from whom.
    """

    outlet: str
    credited: int
    uncredited: int
    asserted: int
    likely: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletPage:
    """An outlet as of a run.

    `articles` are all that the lake has of it, `days` and `languages` by what; `newest` the newest.
    `agency`: its id, if it is one. `credits`: whom it credits; `credited_by`: outlets that credit
    it; an article counts once for each, whichever version does. `copies_from`: whose text it has;
    `copies_to`: who has its text; `uncredited` as `wiretrace uncredited` lists it. All these are of
    articles dated `since` to `until`, None: of all that the lake has. `coverage`: None if it has
    nothing on the days that are told of. `coverage_days` are what `coverage` and `feeds` count
    by.
    """

    sequence: int
    outlet: str
    outlet_name: str | None
    agency: str | None
    country: str
    articles: int
    days: tuple[DayCount, ...]
    languages: tuple[Count, ...]
    newest: tuple[ListedArticle, ...]
    since: dt.date | None
    until: dt.date | None
    credits: tuple[Count, ...]
    credited_by: tuple[Count, ...]
    copies_from: tuple[Copied, ...]
    copies_to: tuple[Copied, ...]
    uncredited: tuple[UncreditedLine, ...]
    coverage: OutletCoverage | None
    coverage_days: tuple[Day, ...]
    feeds: tuple[FeedCoverage, ...]
    missing: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletLine:
    """An outlet in a list: all its articles in the lake, and the newest day that has one."""

    outlet: str
    outlet_name: str | None
    country: str
    articles: int
    languages: tuple[str, ...]
    last_day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """Every outlet of the lake, the most articles first."""

    sequence: int
    outlets: tuple[OutletLine, ...]
    missing: tuple[str, ...]
