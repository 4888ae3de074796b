"""Coverage health: which outlets and feeds were silent when, and on which days nobody looked.

Absence in the data is not absence in the world. An outlet's day is told by the dates of its
articles (`articles.date`), so that archives have a rhythm, too. A day without any is a day of
silence only if it was looked at: a run that began on it or the day after would have brought what
the outlet had, or articles of that day came later from elsewhere, as out of an archive. Nothing is
concluded from a day that has neither run nor article.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lake.embargo import embargoed_articles
from lake.feeds import list_path, read_health
from lake.tables import Snapshot
from lake.where import is_any
from tracing.coverage_model import Coverage, Day, FeedCoverage, OutletCoverage
from tracing.day_tallies import DayTally, files_by_day, tally_days
from tracing.missing import missing_tables
from tracing.runs import INTAKE, newest_intake, runs_since
from tracing.silence import find_rhythm

DAYS = 28
# Outlets that are told of; of more nobody reads a table.
_MOST_OUTLETS = 200
# News come in day by day if of the newest day's articles one at least came so soon.
_LIVE = dt.timedelta(days=2)
_DAY = dt.timedelta(days=1)
# One of them has an article that is under no embargo.
_NEWEST = 3
Row = Mapping[str, Any]


def read_coverage(pinned: Snapshot, *, embargo_at: dt.datetime | None) -> Coverage:
    """The last `DAYS` days, up to the newest run where news come in day by day.

    Articles whose embargo ends after `embargo_at` do not count; None counts all.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    return cover(pinned, unseen)


def cover(pinned: Snapshot, unseen: Collection[str], outlet: str | None = None) -> Coverage:
    """The same without articles that are `unseen`; of one outlet, if it is named."""
    missing = missing_tables(pinned, "articles", "sightings")
    last_run = newest_intake(pinned)
    if last_run is None:
        return Coverage(
            sequence=pinned.sequence, is_live=False, days=(), outlets=(), more_outlets=0, feeds=(),
            missing=missing,
        )  # fmt: skip
    files = files_by_day(pinned, "articles")
    known = [day for day in files if day <= last_run.date()]
    newest = tally_days(pinned, {day: files[day] for day in known[-_NEWEST:]}, unseen)
    # What claims no time is dated by when it was seen, and would make an archive look live.
    claimed = [day for day, tally in newest.items() if tally.is_claimed]
    last = max(claimed or newest, default=None)
    is_live = last is not None and _is_live(pinned, last, newest[last])
    end = last_run.date() if is_live or last is None else last
    days = [end - back * _DAY for back in reversed(range(DAYS))]
    tallies = tally_days(pinned, {day: files[day] for day in days if day in files}, unseen)
    runs = runs_since(pinned, _midnight(days[0]), ["command", "counts"])
    told = tell_days(days, tallies, runs)
    seen = _last_seen(pinned, days, unseen)
    outlets = tell_outlets(told, tallies, seen)
    if outlet is not None:
        outlets = [one for one in outlets if one.outlet == outlet]
    feeds, bad_list = _feeds(pinned, runs, told)
    return Coverage(
        sequence=pinned.sequence,
        is_live=is_live,
        days=tuple(told),
        outlets=tuple(outlets[:_MOST_OUTLETS]),
        more_outlets=max(0, len(outlets) - _MOST_OUTLETS),
        feeds=feeds,
        missing=(*missing, *bad_list),
    )


def tell_days(
    days: Sequence[dt.date], tallies: Mapping[dt.date, DayTally], runs: Sequence[Row]
) -> list[Day]:
    """Of each day its runs and articles, and whether it was looked at."""
    begun = Counter(run["started"].date() for run in runs if run["command"] in INTAKE)
    told = []
    for day in days:
        articles = tallies[day].outlets.total() if day in tallies else 0
        looked = "run" if begun[day] or begun[day + _DAY] else "later" if articles else "not looked"
        told.append(Day(day, begun[day], articles, looked))
    return told


def tell_outlets(
    days: Sequence[Day], tallies: Mapping[dt.date, DayTally], seen: Mapping[str, dt.datetime]
) -> list[OutletCoverage]:
    """Each outlet that has an article on one of the days: the silent ones first, then by articles.

    `seen`: when something of an outlet was last delivered.
    """
    looked = [day for day in days if day.looked != "not looked"]
    counted = {day: tally.outlets for day, tally in tallies.items()}
    names = {outlet: name for tally in tallies.values() for outlet, name in tally.names.items()}
    found = []
    for outlet in {outlet for counts in counted.values() for outlet in counts}:
        counts = {day: mine[outlet] for day, mine in counted.items()}
        rhythm = find_rhythm([d.day for d in looked], [counts.get(d.day, 0) for d in looked])
        found.append(
            OutletCoverage(
                outlet=outlet,
                outlet_name=names.get(outlet),
                counts=tuple(counts.get(day.day, 0) for day in days),
                articles=sum(counts.values()),
                last=max((day for day, count in counts.items() if count), default=None),
                last_seen=seen.get(outlet),
                usual_pause=rhythm.usual_pause,
                state=rhythm.state,
                silences=rhythm.silences,
            )
        )
    return sorted(found, key=lambda one: (one.state != "silent", -one.articles, one.outlet))


def _is_live(pinned: Snapshot, day: dt.date, tally: DayTally) -> bool:
    """Whether a run that began within `_LIVE` of a day brought articles of it."""
    until = _midnight(day) + _LIVE
    runs = runs_since(pinned, _midnight(day), ["run_id"])
    return any(run["started"] < until and run["run_id"] in tally.run_ids for run in runs)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _last_seen(
    pinned: Snapshot, days: Sequence[dt.date], unseen: Collection[str]
) -> Mapping[str, dt.datetime]:
    """By outlet the newest delivery of these days, of whatever article."""
    some = pinned.files_on("sightings", days)
    where = ~is_any("article_id", unseen) if unseen else None
    rows = pinned.read("sightings", ["outlet", "last_seen_at"], where, some)
    newest = rows.group_by("outlet").aggregate([("last_seen_at", "max")]).to_pylist()
    return {row["outlet"]: row["last_seen_at_max"] for row in newest}


def _feeds(
    pinned: Snapshot, runs: Sequence[Row], days: Sequence[Day]
) -> tuple[tuple[FeedCoverage, ...], tuple[str, ...]]:
    """How the feeds did; and what of the lake's list cannot be read."""
    health = read_health(pinned.lake, pinned.sequence)
    if not health and not list_path(pinned.lake).exists():
        return (), ()
    # It takes a fifth of a second to load.
    from tracing.feeds import cover_feeds, known_health, listed_feeds
    from transforms.feeds.feed_list import BadFeedList, FeedList

    bad: tuple[str, ...] = ()
    try:
        listed = listed_feeds(pinned.lake)
    except (BadFeedList, OSError, UnicodeDecodeError):
        listed, bad = FeedList(), (list_path(pinned.lake).name,)
    return cover_feeds(listed, known_health(pinned.lake, pinned.sequence), runs, days), bad
