"""Staged deliveries read back: what identifies them, then the articles that were decided on."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyarrow.parquet as pq

from schemas.article import Article
from schemas.ids import hash_id
from transforms.delivery import ARTICLE_COLUMNS, SIGHTED_COLUMNS, Sighted, sighted, to_article


def sighted_in(
    path: str, days: tuple[int, int], buckets: tuple[int, int]
) -> Iterator[tuple[str, list[Sighted]]]:
    """The deliveries of a staged file that belong to a chunk, by outlet.

    `days` are event days as ordinals and `buckets` a stretch of the 256 buckets of outlets, both
    inclusive (`outlet_bucket`).
    """
    found: dict[str, list[Sighted]] = defaultdict(list)
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        rows = file.read(columns=SIGHTED_COLUMNS)
    # The file is in order of day. Every chunk opens every file, so only its own stretch may cost.
    dates = rows["date"].to_pylist()
    first = bisect_left(dates, dt.date.fromordinal(days[0]))
    last = bisect_right(dates, dt.date.fromordinal(days[1]))
    for number, row in enumerate(rows.slice(first, last - first).to_pylist(), first):
        if buckets[0] <= outlet_bucket(row["outlet"]) <= buckets[1]:
            found[row["outlet"]].append(sighted(row, path, number))
    yield from found.items()


def outlet_bucket(outlet: str) -> int:
    """One of 256 buckets, the same in every process."""
    return int(hash_id("bucket", outlet)[:2], 16)


def articles_at(path: str, decided: Iterable[tuple[int, str, str]]) -> Iterator[Article]:
    """The articles of a staged file that were decided on: (row, article id, version id)."""
    wanted = {row: (article_id, version_id) for row, article_id, version_id in decided}
    first = 0
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            here = sorted(row for row in wanted if first <= row < first + size)
            if here:
                rows = file.read_row_group(group, ARTICLE_COLUMNS).take([row - first for row in here])
                for number, row in zip(here, rows.to_pylist(), strict=True):
                    yield to_article(row, *wanted[number])
            first += size
