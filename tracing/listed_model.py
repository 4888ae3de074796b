"""What lists of articles and counts are made of on every page: plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles have `name`; of what it is a name the field says that holds it."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many articles are dated a day."""

    day: dt.date
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article in a list, as its current version says; of a killed one the last that is none.

    `published` is what it claims, None if nothing. `pubstatus` is what it is now. `story_id` is
    None where it is in no story, and where the lake has none.
    """

    article_id: str
    version_id: str
    outlet: str
    outlet_name: str | None
    language: str
    headline: str | None
    url: str | None
    published: dt.datetime | None
    published_tz_known: bool | None
    first_seen: dt.datetime
    pubstatus: str
    embargoed: dt.datetime | None
    is_embargo_open: bool
    story_id: str | None

    @property
    def time(self) -> dt.datetime:
        """By what lists are ordered: the claim, else when it was first seen."""
        return self.published or self.first_seen
