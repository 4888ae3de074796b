"""`quotes`: quoted words, with the speaker where the text states one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One quotation in one field of one version."""

    article_id: A[str, C("The article.", "DESIGN §4.2")]
    version_id: A[str, C("The version.", "DESIGN §4.3")]
    field: A[str, C("The article's field that holds it.", "DESIGN §3")]
    start: A[int, C("Offset in code points.", "DESIGN §3")]
    end: A[int, C("Offset in code points, exclusive.", "DESIGN §3")]
    text: A[str, C("The quoted words without the marks.", "DESIGN §3")]
    speaker: A[str | None, C("Who said it, as written.", "DESIGN §3")] = None
    speaker_entity_id: A[str | None, C("The speaker's canonical id.", "DESIGN §3")] = None
    quote_key: A[str, C("Hash blind to re-punctuation.", "DESIGN §3")]
    date: A[dt.date, C("The article's date.", "DESIGN §3")]


QUOTES = Table(
    name="quotes",
    row=Quote,
    version=1,
    partition_by=("date",),
    sort_by=("article_id", "version_id", "field", "start"),
)
