"""`links`: which article has its text from which earlier one, with the words that show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

# A `form` claims nothing: the same form, filled with other data. Kept because by the days on which
# a form recurs the views tell that what agrees in its data may be a form, too.
FORM = "form"


@dataclass(frozen=True, slots=True)
class Aligned:
    """Spans of two texts that are the same passage, in code points, ends exclusive."""

    from_start: int
    from_end: int
    to_start: int
    to_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A claim that an article depends on an earlier one: its text, or a part of it, is the same."""

    from_article_id: A[str, C("The later article, if either is known to be.", "DESIGN §3")]
    to_article_id: A[str, C("The earlier one.", "DESIGN §3")]
    from_version_id: A[str, C("The version of the later one that has the text.", "DESIGN §3")]
    to_version_id: A[str, C("The version of the earlier one.", "DESIGN §3")]
    kind: A[str, C("resend, reprint, embedded, excerpt, updates, form.", "DESIGN §1")]
    score: A[float, C("How sure that text was copied, 0 to 1.", "docs/copies.md")]
    jaccard: A[float, C("Of the sets of five-word shingles, 0 to 1.", "Broder 1997")]
    containment_from: A[float, C("Share of the later one's words in the other.", "DESIGN §3")]
    containment_to: A[float, C("Share of the earlier one's words in the other.", "DESIGN §3")]
    longest: A[int, C("Words of the longest run that both have.", "docs/copies.md")]
    direction: A[str, C("asserted, likely or unknown.", "DESIGN §3")]
    direction_reason: A[str, C("credit, time, shape; or why it is unknown.", "docs/copies.md")]
    credited: A[bool, C("Whether the later one names the earlier one's outlet.", "DESIGN §3")]
    credit: A[str | None, C("The words that do.", "DESIGN §3")]
    from_field: A[str, C("The field of the later one that holds the text.", "DESIGN §3")]
    to_field: A[str, C("The field of the earlier one.", "DESIGN §3")]
    evidence: A[tuple[Aligned, ...], C("The longest 32 passages; they may nest.", "DESIGN §3")]
    from_date: A[dt.date, C("The later one's `date`.", "DESIGN §3")]
    to_date: A[dt.date, C("The earlier one's `date`.", "DESIGN §3")]
    hours_apart: A[float | None, C("Between the claimed times; null without.", "docs/copies.md")]
    withdrawn: A[bool, C("Whether the run takes back what an earlier one said.", "DESIGN §3")]
    as_of: A[dt.datetime, C("When the run began.", "DESIGN §3")]
    run_id: A[str, C("The run that said so.", "DESIGN §3")]
    month: A[str, C("Month of the run, YYYY-MM.", "DESIGN §3")]


LINKS = Table(
    name="links",
    row=Link,
    version=1,
    partition_by=("month",),
    sort_by=("from_article_id", "to_article_id", "from_version_id", "to_version_id"),
)
