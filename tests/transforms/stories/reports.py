"""Fictional reports for tests of stories, as profiles."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from transforms.stories.claims import Claims
from transforms.stories.item import Item
from transforms.stories.profile import Profile
from transforms.stories.terms import make_terms

NOON = dt.datetime(2024, 5, 6, 12, tzinfo=dt.UTC)

FERRY = (
    ("Ferry Marelda runs aground off Tolvik", "The ferry Marelda ran aground on rocks off Tolvik on"
     " Monday with 214 passengers aboard, the coastguard said. Lifeboats took them ashore."),
    ("Passengers rescued after Marelda ferry hits rocks near Tolvik", "Lifeboats brought all 214"
     " passengers of the ferry Marelda ashore after it hit rocks off Tolvik, the coastguard said."),
    ("Grounded Tolvik ferry: all 214 aboard the Marelda safe", "All passengers are safe after the"
     " Marelda, a ferry, ran aground near Tolvik. The coastguard sent lifeboats to the rocks."),
)  # fmt: skip
BUDGET = (
    ("Parliament of Ostravia passes budget", "Lawmakers in Ostravia approved a budget with higher"
     " fuel taxes after a night of debate, the finance ministry said."),
    ("Ostravia adopts budget with higher fuel taxes", "After a night of debate parliament adopted"
     " the budget of Ostravia. Fuel taxes will rise, according to the finance ministry."),
)  # fmt: skip


def item(name: str, headline: str = "", body: str = "", **more: Any) -> Item:
    """An English item of an outlet, published at noon."""
    given: dict[str, Any] = {
        "article_id": name, "version_id": name, "language": "en", "outlet": "example.org",
        "day": NOON.date(), "published": NOON, "headline": headline, "body_text": body,
    }  # fmt: skip
    return Item(**{**given, **more})


def profile(name: str, headline: str = "", body: str = "", **more: Any) -> Profile:
    """Its profile, without claims, which nothing looks at within a language."""
    made = item(name, headline, body, **more)
    return Profile(
        made.article_id, made.version_id, made.language, made.outlet, made.day, made.published,
        make_terms(made), cast(Claims, None),
    )  # fmt: skip
