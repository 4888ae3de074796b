"""What every line and list says of an article, from its row of `articles_now`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that `Line` and `ListedArticle` share, of a row that `versions_now` gave."""
    return {
        "article_id": row["current_article_id"],
        "version_id": row["version_id"],
        "outlet": row["outlet"],
        "outlet_name": row["outlet_name"],
        "language": row["language"],
        "headline": row["headline"],
        "url": row["url"],
        "published": utc(row["published"]),
        "published_tz_known": row["published_tz_known"],
        "first_seen": utc(row["first_seen"]),
        "pubstatus": row["effective_pubstatus"],
        "embargoed": utc(row["effective_embargoed"]),
        "is_embargo_open": bool(row["is_embargo_open"]),
    }


def utc(time: dt.datetime | None) -> dt.datetime | None:
    """A time of a row in UTC, whatever the zone that it was read in."""
    return None if time is None else time.astimezone(dt.UTC)
