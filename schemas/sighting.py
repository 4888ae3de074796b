"""`sightings`: that a version was seen in a source. Every delivery of a known version counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One version seen in one source by one run, with the number of deliveries."""

    article_id: A[str, C("The article.", "DESIGN §4.2")]
    version_id: A[str, C("The version.", "DESIGN §4.3")]
    outlet: A[str, C("The article's outlet.", "DESIGN §4.1")]
    source_uri: A[str, C("Container, then `!member`; no record number.", "DESIGN §3")]
    feed: A[str | None, C("The feed's own address, where known.", "RFC 4287 §4.2.7")] = None
    first_seen_at: A[dt.datetime, C("First delivery in this run.", "DESIGN §3")]
    last_seen_at: A[dt.datetime, C("Last delivery in this run.", "DESIGN §3")]
    deliveries: A[int, C("Deliveries counted in this row.", "DESIGN §1")]
    claimed_published: A[dt.datetime | None, C("Latest date that they claimed.", "DESIGN §4.3")] = (
        None
    )
    run_id: A[str, C("The run that saw it.", "DESIGN §3")]
    date: A[dt.date, C("UTC date of `first_seen_at`.", "DESIGN §3")]


SIGHTINGS = Table(
    name="sightings",
    row=Sighting,
    version=1,
    partition_by=("date",),
    sort_by=("article_id", "version_id", "source_uri"),
)
