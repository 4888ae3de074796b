"""The front page: the newest stories, what the lake holds, and who was silent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection

from lake.current import read_versions
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from tracing.coverage import cover
from tracing.day_tallies import files_by_day
from tracing.front_model import Front, LakeCounts
from tracing.listed import list_articles
from tracing.listed_model import Count, ListedArticle
from tracing.missing import missing_tables
from tracing.newest_articles import newest_articles
from tracing.newest_stories import read_newest_stories
from tracing.runs import count_runs, newest_intake, run_line
from tracing.story_rows import has_stories

_MOST = 30


def read_front(pinned: Snapshot, *, embargo_at: dt.datetime | None) -> Front:
    """The lake as of its newest run; only its newest days are read.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all. What claims a later day than the newest run is in no list.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    intake = newest_intake(pinned)
    until = intake.date() if intake else dt.date.max
    told = has_stories(pinned)
    return Front(
        sequence=pinned.sequence,
        newest_run=run_line(pinned.run) if pinned.run else None,
        counts=_count(pinned, unseen),
        stories=read_newest_stories(pinned, until, _MOST, unseen) if told else (),
        articles=() if told else _newest(pinned, until, unseen),
        coverage=cover(pinned, unseen),
        missing=missing_tables(pinned, "articles", "story_members"),
        left_out=len(unseen),
    )


def _newest(pinned: Snapshot, until: dt.date, unseen: Collection[str]) -> tuple[ListedArticle, ...]:
    files = {day: some for day, some in files_by_day(pinned, "articles").items() if day <= until}
    rows = newest_articles(pinned, files, _MOST, unseen)
    return tuple(list_articles(pinned, {row["article_id"] for row in rows}).values())


def _count(pinned: Snapshot, unseen: Collection[str]) -> LakeCounts:
    """By what the log says of files, which are not opened."""
    languages, days = Counter[str](), Counter[str]()
    for file in pinned.files("articles"):
        languages[file.partition["language"]] += file.rows
        days[file.partition["date"]] += file.rows
    if unseen:
        for row in read_versions(pinned, unseen, ["language", "date"]).to_pylist():
            languages[row["language"]] -= 1
            days[row["date"].isoformat()] -= 1
    dates = [dt.date.fromisoformat(day) for day, rows in days.items() if rows]
    by_number = sorted(languages.items(), key=lambda one: (-one[1], one[0]))
    return LakeCounts(
        versions=languages.total(),
        languages=tuple(Count(language, rows) for language, rows in by_number if rows),
        first_day=min(dates, default=None),
        last_day=max(dates, default=None),
        runs=count_runs(pinned),
    )
