"""`Profile`: all of an article that stories are told by, in small: what is kept of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.stories.claims import Claims, make_claims
from transforms.stories.item import Item
from transforms.stories.terms import Terms, make_terms


@dataclass(frozen=True, slots=True)
class Profile:
    """An article in a few kB; `terms` are compared within a language, `claims` across."""

    article_id: str
    version_id: str
    language: str
    outlet: str
    day: dt.date
    published: dt.datetime | None
    terms: Terms
    claims: Claims


def make_profile(item: Item) -> Profile:
    """The profile of an item."""
    return Profile(
        item.article_id,
        item.version_id,
        item.language,
        item.outlet,
        item.day,
        item.published,
        make_terms(item),
        make_claims(item),
    )
