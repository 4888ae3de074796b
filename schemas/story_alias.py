"""`story_aliases`: stories that turned out to be one, across languages or within one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

# `translated`: the same event in another language; `merged`: a later article showed two to be one.
REASONS = ("translated", "merged")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that two stories share: what kind, what it is, and how much it says."""

    kind: str
    what: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAlias:
    """A story that is another one, which is older; or no longer is."""

    story_id: A[str, C("The younger story.", "DESIGN §4.7")]
    alias_of: A[str, C("The older one.", "DESIGN §4.7")]
    language: A[str, C("The younger one's, as in `articles`.", "BCP 47")]
    alias_language: A[str, C("The older one's.", "BCP 47")]
    reason: A[str, C("translated or merged.", "docs/stories.md")]
    score: A[float, C("How sure, 0 to 1.", "docs/stories.md")]
    evidence: A[tuple[Sign, ...], C("What both share, the weightiest first.", "docs/stories.md")]
    day: A[dt.date | None, C("The day on which it showed; null for undated ones.", "DESIGN §4.8")]
    withdrawn: A[bool, C("Whether the run takes back what an earlier one said.", "DESIGN §3")]
    as_of: A[dt.datetime, C("When the run began.", "DESIGN §3")]
    sequence: A[int, C("The run's sequence: the newest row of a pair holds.", "DESIGN §5")]
    run_id: A[str, C("The run that said so.", "DESIGN §3")]
    month: A[str, C("Month of the run, YYYY-MM.", "DESIGN §3")]


STORY_ALIASES = Table(
    name="story_aliases",
    row=StoryAlias,
    version=1,
    partition_by=("month",),
    sort_by=("story_id", "alias_of"),
)
