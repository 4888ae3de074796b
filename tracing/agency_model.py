"""What the page of an agency is made of: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracing.listed_model import Count, ListedArticle
from tracing.trace_model import Words


@dataclass(frozen=True, slots=True)
class CitingArticle:
    """An article that credits the agency: in which way, and with which words."""

    article: ListedArticle
    kind: str
    phrase: str
    words: Words


@dataclass(frozen=True, slots=True)
class CitingCell:
    """How many articles of outlets of a country, in a language, credit the agency."""

    country: str
    language: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPage:
    """An agency, or an outlet as a source, as of a run.

    `outlets`: those of the lake that are it, by `same_source`, with their articles. `cited_by`:
    articles that credit it, by outlet; `countries` and `languages` the same, `cells` by both.
    `kinds`: by how. `newest` are the newest citing articles. `since`: counts are of articles dated
    from then on; None: of all.
    """

    sequence: int
    agency: str
    names: tuple[str, ...]
    country: str
    outlets: tuple[Count, ...]
    articles: int
    cited_by: tuple[Count, ...]
    countries: tuple[Count, ...]
    languages: tuple[Count, ...]
    cells: tuple[CitingCell, ...]
    kinds: tuple[Count, ...]
    newest: tuple[CitingArticle, ...]
    since: dt.date | None
    missing: tuple[str, ...]
    left_out: int
