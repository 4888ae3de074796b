"""A copy that names nobody for its text, as `tracing/find_uncredited.py` finds it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UncreditedLine:
    """An article, and the earliest other one that has its text.

    `share_of_it`: of the article's words, 0 to 1; `passage` is the longest that both have.
    """

    article_id: str
    published: dt.datetime
    headline: str | None
    source_article_id: str
    source: str
    source_headline: str | None
    hours_later: float
    kind: str
    share_of_it: float
    longest_run: int
    passage: str
