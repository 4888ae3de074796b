"""How many articles of each outlet are dated a day, remembered by the files of that day.

Data files never change, so what was counted once in a process holds as long as the lake pins the
same files: after a run only the days are read that it added to.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern

import pyarrow.compute as pc

from lake.current import versions_of
from lake.data_file import DataFile
from lake.tables import Lake, Snapshot
from lake.where import is_any

_COLUMNS = ["article_id", "outlet", "outlet_name", "language", "published", "run_id"]
# Some 20 kB each for two hundred outlets.
_MOST_DAYS = 2_048


@dataclass(frozen=True, slots=True)
class DayTally:
    """Articles dated a day by outlet and language; an article counts once in each.

    `names`: what outlets are called there. `run_ids`: the runs that brought them. `is_claimed`:
    one of them claims a time; the others are dated by when they were seen.
    """

    articles: Mapping[tuple[str, str], int]
    names: Mapping[str, str]
    run_ids: frozenset[str]
    is_claimed: bool

    @property
    def outlets(self) -> Counter[str]:
        """Articles by outlet."""
        found = Counter[str]()
        for (outlet, _), articles in self.articles.items():
            found[outlet] += articles
        return found


def files_by_day(pinned: Snapshot, table: str) -> Mapping[dt.date, Sequence[DataFile]]:
    """The files of a table that is laid out by `date`, by it, in order."""
    days: dict[str, list[DataFile]] = defaultdict(list)
    for file in pinned.files(table):
        days[file.partition["date"]].append(file)
    return {dt.date.fromisoformat(day): days[day] for day in sorted(days)}


def tally_days(
    pinned: Snapshot,
    files: Mapping[dt.date, Sequence[DataFile]],
    unseen: Collection[str],
) -> Mapping[dt.date, DayTally]:
    """What the `articles` of some days hold, by day; days on which nobody may be seen are left out.

    Articles that are `unseen` do not count.
    """
    hidden = {row["date"] for row in versions_of(pinned, unseen).values()} if unseen else set()
    found = {}
    for day, mine in files.items():
        if day in hidden:
            tally = _read(pinned.lake, mine, unseen)
        else:
            tally = _remembered(_Day(tuple(file.path for file in mine), pinned.lake, tuple(mine)))
        if tally is not None:
            found[day] = tally
    return found


@dataclass(frozen=True, slots=True)
class _Day:
    """The files of a day: their paths hold the hashes of their bytes, and say all."""

    paths: tuple[str, ...]
    lake: Lake
    files: tuple[DataFile, ...] = field(compare=False)


@lru_cache(_MOST_DAYS)
def _remembered(day: _Day) -> DayTally | None:
    return _read(day.lake, day.files)


def _read(lake: Lake, files: Sequence[DataFile], unseen: Collection[str] = ()) -> DayTally | None:
    where = ~is_any("article_id", unseen) if unseen else None
    rows = Snapshot(lake, 0, {}).read("articles", _COLUMNS, where, files)
    if not len(rows):
        return None
    counted = rows.group_by(["outlet", "language"]).aggregate(
        [("article_id", "count_distinct"), ("outlet_name", "max")]
    )
    articles, names = {}, {}
    for row in counted.to_pylist():
        outlet, language = intern(row["outlet"]), intern(row["language"])
        articles[outlet, language] = row["article_id_count_distinct"]
        if row["outlet_name_max"]:
            names[outlet] = intern(row["outlet_name_max"])
    run_ids = frozenset(map(intern, pc.unique(rows["run_id"]).to_pylist()))
    return DayTally(articles, names, run_ids, rows["published"].null_count < len(rows))
