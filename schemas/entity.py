"""`entities`: a row per mention of a person, organization, place or event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

KINDS = ("person", "organization", "place", "event", "other")
FIELDS = ("headline", "description_text", "body_text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One mention in one field of one version."""

    article_id: A[str, C("The article.", "DESIGN §4.2")]
    version_id: A[str, C("The version.", "DESIGN §4.3")]
    field: A[str, C("headline, description_text or body_text.", "DESIGN §3")]
    start: A[int, C("Offset in code points.", "DESIGN §3")]
    end: A[int, C("Offset in code points, exclusive.", "DESIGN §3")]
    surface: A[str, C("The words as they stand there.", "DESIGN §3")]
    kind: A[str, C("person, organization, place, event or other.", "DESIGN §3")]
    entity_id: A[str | None, C("Canonical id, scheme first: `iso3166:ML`.", "docs/entities.md")] = (
        None
    )
    method: A[str, C("What found it: gazetteer, rule or a model.", "docs/entities.md")]
    score: A[float, C("Confidence, 0 to 1.", "DESIGN §3")]
    date: A[dt.date, C("The article's date.", "DESIGN §3")]


ENTITIES = Table(
    name="entities",
    row=Entity,
    version=1,
    partition_by=("date",),
    sort_by=("article_id", "version_id", "field", "start", "end"),
)
