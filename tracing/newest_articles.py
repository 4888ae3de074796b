"""The newest articles of the lake, or of some of it, found from the newest day back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
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
        rows = pinned.read("articles", _COLUMNS, where, mine)
        for row in _newest_first(rows, most):
            if row["article_id"] not in unseen:
                found.setdefault(row["article_id"], row)
            if len(found) == most:
                break
        at_once = min(2 * at_once, _MOST_DAYS)
    return list(found.values())


def _newest_first(rows: pa.Table, at_once: int) -> Iterator[Row]:
    """Rows by time, claimed or else seen; few of many become Python's."""
    times = pc.coalesce(rows["published"], rows["first_seen"])
    by_time = [("time", "descending"), ("version_id", "descending")]
    ordered = rows.append_column("time", times).sort_by(by_time).select(_COLUMNS)
    for start in range(0, len(ordered), at_once):
        yield from ordered.slice(start, at_once).to_pylist()
