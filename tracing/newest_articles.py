"""The newest articles of the lake, or of some of it, found from the newest day back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow.compute as pc

from lake.data_file import DataFile
from lake.tables import Snapshot

_COLUMNS = ["article_id", "version_id", "published", "first_seen", "date"]
# Days that are read at once: twice as many each time, as there may be hundreds without a match.
_FIRST, _MOST_DAYS = 1, 64
Row = dict[str, Any]


def newest_articles(
    pinned: Snapshot,
    files: Mapping[dt.date, Sequence[DataFile]],
    most: int,
    unseen: Collection[str] = (),
    where: pc.Expression | None = None,
) -> list[Row]:
    """A row for each of the `most` newest articles: the version that claims the latest time.

    `files` are those of `articles` by day. A row has the ids, `published`, `first_seen` and `date`.
    """
    days = iter(sorted(files, reverse=True))
    at_once = _FIRST
    found: dict[str, Row] = {}
    while len(found) < most and (some := list(islice(days, at_once))):
        mine = [file for day in some for file in files[day]]
        for row in pinned.read("articles", _COLUMNS, where, mine).to_pylist():
            known = found.get(row["article_id"])
            if row["article_id"] not in unseen and (known is None or _time(known) < _time(row)):
                found[row["article_id"]] = row
        at_once = min(2 * at_once, _MOST_DAYS)
    return sorted(found.values(), key=_time, reverse=True)[:most]


def _time(row: Row) -> tuple[dt.datetime, str]:
    return row["published"] or row["first_seen"], row["version_id"]
