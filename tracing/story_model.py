"""What a story is made of when it is read: plain values, ready for JSON. Hours may be negative."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from schemas.link import Aligned
from tracing.story_rows import Tie
from tracing.trace_model import Line, Words
from tracing.uncredited_line import UncreditedLine


@dataclass(frozen=True, slots=True)
class Part:
    """The story in one language, and its articles."""

    part_id: str
    language: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Citing:
    """An article credits the outlet of another one, which is not younger, with its words.

    `is_exact`: by the outlet's own name, not by a part or the sound of it. `doubt`: why the cited
    one may be the younger all the same, None if it cannot.
    """

    article_id: str
    cited_id: str
    agency: str
    kind: str
    phrase: str
    words: Words
    is_exact: bool
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Dangling:
    """A credit whose article is not in the story; `later_original`: one of the source's that is.

    It claims a later time than the credit, so it cannot be meant.
    """

    article_id: str
    agency: str
    kind: str
    phrase: str
    words: Words
    later_original: str | None


@dataclass(frozen=True, slots=True)
class Copying:
    """A row of `links_now` between two articles of the story; columns as in `schemas.link`."""

    from_article_id: str
    to_article_id: str
    from_version_id: str
    to_version_id: str
    from_field: str
    to_field: str
    evidence: tuple[Aligned, ...]
    kind: str
    direction: str
    direction_reason: str
    credited: bool
    credit: str | None
    containment_from: float
    containment_to: float
    longest: int


@dataclass(frozen=True, slots=True)
class First:
    """Who was first, by `time`; ahead of `next_id`, the first of another outlet, by `hours`.

    `doubts`: why another may have been; empty if nothing speaks for that.
    """

    article_id: str
    outlet: str
    time: dt.datetime
    next_id: str | None
    hours: float | None
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """The first article of a language by its claim, and whose report it credits (`derives`).

    `article_id`: None if no article of it claims a time. `from_ids` is empty where it is not known
    how the story came into the language; `is_origin`: it claims to be the first of all.
    """

    language: str
    article_id: str | None
    published: dt.datetime | None
    is_origin: bool
    from_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lag:
    """How many hours after the story's first claim an outlet's first claim is; None: no time.

    `doubt`: why that may be off.
    """

    outlet: str
    article_id: str
    published: dt.datetime | None
    hours: float | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """One story over outlets and languages, as of a run.

    Lines and edges are by time. `cites` is within a language, `derives` across two; `copies` and
    `updates` are of equal words. `left_out` counts articles that are under embargo.
    """

    asked: str
    story_id: str
    sequence: int
    parts: tuple[Part, ...] = ()
    ties: tuple[Tie, ...] = ()
    lines: tuple[Line, ...] = ()
    first_claimed: First | None = None
    first_seen: First | None = None
    cites: tuple[Citing, ...] = ()
    derives: tuple[Citing, ...] = ()
    copies: tuple[Copying, ...] = ()
    updates: tuple[Copying, ...] = ()
    dangling: tuple[Dangling, ...] = ()
    missing_credit: tuple[UncreditedLine, ...] = ()
    languages: tuple[Arrival, ...] = ()
    lags: tuple[Lag, ...] = ()
    left_out: int = 0
