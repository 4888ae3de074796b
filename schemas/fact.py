"""`facts`: numbers with their units and days that a text states, in one form for all languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

KINDS = ("number", "percent", "money", "measure", "count", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number or day, where a version first states it."""

    article_id: A[str, C("The article.", "DESIGN §4.2")]
    version_id: A[str, C("The version.", "DESIGN §4.3")]
    field: A[str, C("headline, description_text or body_text.", "DESIGN §3")]
    start: A[int, C("Offset in code points.", "DESIGN §3")]
    end: A[int, C("Offset in code points, exclusive.", "DESIGN §3")]
    surface: A[str, C("The words as they stand there.", "DESIGN §3")]
    kind: A[str, C("number, percent, money, measure, count or date.", "docs/facts.md")]
    value: A[str | None, C("The number in decimal digits; null for a date.", "docs/facts.md")] = (
        None
    )
    unit: A[str | None, C("ISO 4217 code, CLDR unit or what is counted.", "docs/facts.md")] = None
    date_value: A[dt.date | None, C("The day, as the text or its date tells.", "ISO 8601")] = None
    date: A[dt.date, C("The article's date.", "DESIGN §3")]


FACTS = Table(
    name="facts",
    row=Fact,
    version=1,
    partition_by=("date",),
    sort_by=("article_id", "version_id", "field", "start"),
)
