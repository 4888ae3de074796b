"""`citations`: words in an article that credit, attribute to, or name a source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.article import ROLES
from schemas.definition import Column as C
from schemas.definition import Table

# What the text says, then what the wire states beside it (`articles.provenance`).
CREDITING = ("credit", "attribution", "via")
KINDS = (*CREDITING, "mention", *ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One naming of an agency or outlet as a source, in one field of one version."""

    article_id: A[str, C("The citing article.", "DESIGN §4.2")]
    version_id: A[str, C("Its version.", "DESIGN §4.3")]
    agency: A[str, C("Id of the source: agency's short name or outlet.", "DESIGN §3")]
    surface: A[str, C("The source's name as it stands there.", "DESIGN §3")]
    phrase: A[str, C("The whole crediting phrase.", "DESIGN §3")]
    field: A[str, C("The field that holds it; `provenance`: its names, a line each.", "DESIGN §3")]
    start: A[int, C("Offset of `surface` in code points.", "DESIGN §3")]
    end: A[int, C("Offset in code points, exclusive.", "DESIGN §3")]
    kind: A[str, C("credit, attribution, via, mention; hop, infosource, source.", "DESIGN §3")]
    score: A[float, C("Confidence, 0 to 1.", "DESIGN §3")]
    date: A[dt.date, C("The article's date.", "DESIGN §3")]


CITATIONS = Table(
    name="citations",
    row=Citation,
    version=1,
    partition_by=("date",),
    sort_by=("article_id", "version_id", "field", "start"),
)
