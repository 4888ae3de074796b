"""`controls`: messages about an article rather than an article."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated as A

from schemas.definition import Column as C
from schemas.definition import Table

KINDS = ("kill", "withhold", "release", "embargo", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control message without text of its own."""

    uri: A[str, C("The wire uri, guid or address that it names.", "NewsML-G2 @guid")]
    article_id: A[str, C("The article of that uri, known yet or not.", "DESIGN §4.2")]
    kind: A[str, C("kill, withhold, release, embargo or correction.", "DESIGN §3")]
    at: A[
        dt.datetime | None, C("From when; for an embargo, until when.", "NewsML-G2 embargoed")
    ] = None
    reason: A[str | None, C("The note that came with it.", "ninjs ednote")] = None
    any_outlet: A[
        bool | None,
        C(
            "Whether it reaches whoever has that uri: its outlet is not told, or minted it. "
            "Null in rows older than this column, which did if the uri has a colon.",
            "docs/control.md",
        ),
    ] = None
    source_uri: A[str, C("Container, then `!member`, then `#n`.", "DESIGN §3")]
    run_id: A[str, C("The run that read it.", "DESIGN §3")]
    month: A[str, C("Month of the run, YYYY-MM.", "DESIGN §3")]


CONTROLS = Table(
    name="controls",
    row=Control,
    version=1,
    partition_by=("month",),
    sort_by=("article_id", "kind", "source_uri"),
)
