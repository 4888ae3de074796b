"""What the front page is made of: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracing.coverage_model import Coverage
from tracing.listed_model import Count, ListedArticle
from tracing.runs_model import RunLine


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontStory:
    """A story in a line. `first` is its article with the earliest claim, else the first seen.

    `languages` and `outlets` are in order of their first article. `times`: of all its articles,
    claimed or else seen, in order. `first_claimed`, `last_claimed`: None if nothing is claimed.
    """

    story_id: str
    first: ListedArticle
    languages: tuple[str, ...]
    outlets: tuple[str, ...]
    articles: int
    first_claimed: dt.datetime | None
    last_claimed: dt.datetime | None
    times: tuple[dt.datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeCounts:
    """What the lake holds: versions of articles, by language too, most first; runs.

    `first_day` and `last_day` are the least and greatest date that articles have.
    """

    versions: int
    languages: tuple[Count, ...]
    first_day: dt.date | None
    last_day: dt.date | None
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The front page as of a run (`sequence`; `newest_run` None if there was none).

    `stories`: with the newest claim first; those of two outlets and more, and then others while
    there is room. `articles`: the newest ones, where the lake has no stories. `missing` are tables
    that have no row. `left_out`: how many articles of the lake are under embargo.
    """

    sequence: int
    newest_run: RunLine | None
    counts: LakeCounts
    stories: tuple[FrontStory, ...]
    articles: tuple[ListedArticle, ...]
    coverage: Coverage
    missing: tuple[str, ...]
    left_out: int
