"""`Item`: what of an article stories are told by, gathered from its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of an entity; columns as in `schemas.entity`."""

    entity_id: str | None
    kind: str
    surface: str
    field: str
    method: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A number with its unit, or a day; columns as in `schemas.fact`."""

    kind: str
    value: str | None
    unit: str | None
    date_value: dt.date | None
    field: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Quoted words; columns as in `schemas.quote`."""

    text: str
    speaker: str | None
    speaker_entity_id: str | None
    quote_key: str


@dataclass(frozen=True, slots=True)
class Item:
    """A version of an article with what its text names, states, quotes and credits.

    Texts are empty where there are none. `day` is the column `date`, UTC; `published` what the
    article claims. `sources` are the ids that its citations credit, attribute words to, or name as
    carriers, its own outlet's aside.
    """

    article_id: str
    version_id: str
    language: str
    outlet: str
    day: dt.date
    published: dt.datetime | None = None
    headline: str = ""
    description_text: str = ""
    body_text: str = ""
    url: str | None = None
    entities: tuple[Named, ...] = ()
    facts: tuple[Stated, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    sources: tuple[str, ...] = ()
