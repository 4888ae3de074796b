"""What stands in brackets before a headline."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from schemas.article import NOTICES
from tracing.harmless import minute

if TYPE_CHECKING:
    from tracing.trace_model import Line


def marks_of(line: Line, now: dt.datetime) -> list[str]:
    """What a reader must know first: killed or withheld, under embargo, or no story at all."""
    marks = [] if line.pubstatus == "usable" else [line.pubstatus]
    if line.embargoed is not None and line.embargoed > now:
        marks.append(f"embargoed until {minute(line.embargoed)}")
    if line.is_embargo_open:
        marks.append("embargoed, until when is not stated")
    marks += [line.genre] if line.genre in NOTICES else []
    return [f"[{mark}]" for mark in marks]
