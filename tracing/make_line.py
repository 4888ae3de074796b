"""A line of a trace or a story from its row of `articles_now`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from tracing.model import Credit, Line, Reason, Unreached


def make_line(
    row: Mapping[str, Any],
    credits: Iterable[Credit],
    reasons: Iterable[Reason],
    unreached: Iterable[Unreached],
) -> Line:
    """The line of a row that `lake.current.versions_now` gave."""
    return Line(
        article_id=row["current_article_id"],
        version_id=row["version_id"],
        outlet=row["outlet"],
        outlet_name=row["outlet_name"],
        language=row["language"],
        headline=row["headline"],
        url=row["url"],
        published=utc(row["published"]),
        published_tz_known=row["published_tz_known"],
        first_seen=utc(row["first_seen"]) or dt.datetime.min.replace(tzinfo=dt.UTC),
        genre=row["genre"],
        pubstatus=row["effective_pubstatus"],
        embargoed=utc(row["effective_embargoed"]),
        is_embargo_open=bool(row["is_embargo_open"]),
        credits=tuple(credits),
        reasons=tuple(reasons),
        unreached=tuple(unreached),
    )


def utc(time: dt.datetime | None) -> dt.datetime | None:
    """A time of a row in UTC, whatever the zone that it was read in."""
    return None if time is None else time.astimezone(dt.UTC)
