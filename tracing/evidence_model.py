"""What an edge's evidence is made of: two texts with their spans; plain values, ready for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracing.listed_model import ListedArticle

# What a span shows: a passage that both texts have, a rewritten part of one; words that credit the
# other's outlet; a name that the other has, too.
MARKS = ("shared", "rewritten", "credit", "name")


@dataclass(frozen=True, slots=True)
class Mark:
    """Code points `start` to `end` of a field; `kind` is one of `MARKS`.

    `number`: of the passage, from 1, the same on both sides, in the order of the later text; of
    credits and names 0. `what`: the source's id, the entity's id; of passages empty.
    """

    field: str
    start: int
    end: int
    kind: str
    number: int
    what: str


@dataclass(frozen=True, slots=True)
class FieldText:
    """A field of a version and what stands there; fields as in `schemas.article`."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class CreditOfOther:
    """A citation of this side that may mean the other's outlet.

    `is_exact`: by the outlet's own name, not by a part or the sound of it.
    """

    agency: str
    kind: str
    phrase: str
    field: str
    start: int
    end: int
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One version: `texts` in reading order, without empty ones; marks by field and place.

    Marks of one kind never overlap, but a name may stand in a passage. `article` is the article as
    it is now, `version_id` what is shown. `words`: of the compared text; `contained`: which share
    of them stands in the other.
    """

    article: ListedArticle
    version_id: str
    is_current: bool
    published: dt.datetime | None
    published_tz_known: bool | None
    versioncreated: dt.datetime | None
    first_seen: dt.datetime
    compared_field: str
    texts: tuple[FieldText, ...]
    marks: tuple[Mark, ...]
    credits: tuple[CreditOfOther, ...]
    words: int
    contained: float


@dataclass(frozen=True, slots=True)
class SharedName:
    """An entity that both name: how often each does."""

    entity_id: str
    kind: str
    times: int
    other_times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Both texts, what they share, and why the direction is what it is.

    `later` is what was asked for first; `is_in_order`: whether it is the later one, None if that is
    not known. `direction` and `direction_reason` are of the row of `links_now`, if there is one
    (`link_kind`; `link_versions`: those it compares, the later first), else decided by credits and
    times, in the words of docs/copies.md. `hours`: from the claim of `earlier` to that of `later`;
    None where one claims none. `equal` and `longest` count words that stand in both.
    """

    sequence: int
    later: Side
    earlier: Side
    link_kind: str | None
    link_versions: tuple[str, str] | None
    direction: str
    direction_reason: str
    is_in_order: bool | None
    hours: float | None
    passages: int
    equal: int
    longest: int
    names: tuple[SharedName, ...]
    story_id: str | None
    missing: tuple[str, ...]
