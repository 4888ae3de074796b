"""`story_members`: which articles belong to a story, as joins and leaves in order of the runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

# Why an article is in a story: it founded it, or is near enough to its members; why it left.
REASONS = ("founds", "joins", "moved", "gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article that joins, or leaves, a story of its language."""

    story_id: A[str, C("The story; which are one across languages: `story_aliases`.", "DESIGN §4")]
    article_id: A[str, C("The article.", "DESIGN §4.2")]
    op: A[str, C("join or leave.", "DESIGN §3")]
    joined_at: A[dt.datetime, C("When the run began that says so.", "DESIGN §3")]
    score: A[float, C("How sure that it reports the story's event, 0 to 1.", "docs/stories.md")]
    reason: A[str, C("founds, joins; moved, gone.", "docs/stories.md")]
    language: A[str, C("Primary subtag, as in `articles`.", "BCP 47")]
    day: A[dt.date | None, C("The day it was placed on; null if it claims none.", "DESIGN §4.8")]
    sequence: A[int, C("The run's sequence: the newest row of an article holds.", "DESIGN §5")]
    run_id: A[str, C("The run that said so.", "DESIGN §3")]
    date: A[dt.date, C("The article's date.", "DESIGN §3")]


STORY_MEMBERS = Table(
    name="story_members",
    row=StoryMember,
    version=1,
    partition_by=("date",),
    sort_by=("story_id", "article_id", "op"),
)
