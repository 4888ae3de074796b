"""The stories that have the newest articles, found from the newest day back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lake.checked import is_any
from lake.data_file import DataFile
from lake.tables import Snapshot
from tracing.day_tallies import files_by_day
from tracing.front_model import FrontStory
from tracing.listed import list_articles
from tracing.listed_model import ListedArticle
from tracing.newest_articles import newest_articles
from tracing.story_rows import Told, stories_near

# A story that one outlet alone tells is news of that outlet (tracing/changes.py).
_LEAST_OUTLETS = 2
# How many of the newest articles are looked at: the newest stories are theirs. More where these are
# in too few stories of several outlets, and the last where there are no more of such.
_TRIES = (150, 600, 2_400)
_COLUMNS = ["article_id", "version_id", "outlet", "published", "first_seen", "date"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A story, its rows of `articles` that may be seen, and how many outlets these are of."""

    told: Told
    rows: Sequence[Row]
    outlets: int

    @property
    def order(self) -> tuple[bool, dt.datetime, str]:
        """Greater for what comes first."""
        last = max(row["published"] or row["first_seen"] for row in self.rows)
        return self.outlets >= _LEAST_OUTLETS, last, self.told.story_id


def read_newest_stories(
    pinned: Snapshot, until: dt.date, most: int, unseen: Collection[str]
) -> tuple[FrontStory, ...]:
    """As `Front.stories`: of articles dated `until` at the latest and those around them."""
    files = files_by_day(pinned, "articles")
    some = {day: mine for day, mine in files.items() if day <= until}
    candidates: list[_Candidate] = []
    for tries in _TRIES:
        newest = newest_articles(pinned, some, tries, unseen)
        candidates = list(_candidates(pinned, newest, files, unseen))
        enough = [one for one in candidates if one.outlets >= _LEAST_OUTLETS]
        if len(enough) >= most or len(newest) < tries:
            break
    chosen = sorted(candidates, key=lambda one: one.order, reverse=True)[:most]
    met = {row["version_id"]: row for one in chosen for row in one.rows}
    stories = {m.article_id: one.told.story_id for one in chosen for m in one.told.members}
    listed: dict[str, list[ListedArticle]] = {one.told.story_id: [] for one in chosen}
    for article in list_articles(pinned, met, stories).values():
        if article.story_id is not None:
            listed[article.story_id].append(article)
    stories_told = [_tell(story_id, mine) for story_id, mine in listed.items() if mine]
    return tuple(sorted(stories_told, key=_order))


def _candidates(
    pinned: Snapshot,
    newest: Sequence[Row],
    files: Mapping[dt.date, Sequence[DataFile]],
    unseen: Collection[str],
) -> Iterator[_Candidate]:
    """The stories of these articles, each with the rows of its own."""
    ids, dates = ({row[name] for row in newest} for name in ("article_id", "date"))
    told = stories_near(pinned, ids, dates)
    members = [member for one in told for member in one.members]
    days = {member.day for member in members}
    some = [file for day, mine in files.items() if day in days or None in days for file in mine]
    mine = is_any("article_id", {member.article_id for member in members} - set(unseen))
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in pinned.read("articles", _COLUMNS, mine, some).to_pylist():
        rows[row["article_id"]].append(row)
    for one in told:
        theirs = [row for member in one.members for row in rows[member.article_id]]
        if theirs:
            yield _Candidate(one, theirs, len({row["outlet"] for row in theirs}))


def _tell(story_id: str, articles: Sequence[ListedArticle]) -> FrontStory:
    claimed = sorted(one.published for one in articles if one.published is not None)
    in_order = sorted(articles, key=lambda one: (one.published is None, one.time, one.article_id))
    return FrontStory(
        story_id=story_id,
        first=in_order[0],
        languages=tuple(dict.fromkeys(one.language for one in in_order)),
        outlets=tuple(dict.fromkeys(one.outlet for one in in_order)),
        articles=len(articles),
        first_claimed=claimed[0] if claimed else None,
        last_claimed=claimed[-1] if claimed else None,
        times=tuple(sorted(one.time for one in articles)),
    )


def _order(story: FrontStory) -> tuple[bool, float, str]:
    newest = story.last_claimed or story.times[-1]
    return len(story.outlets) < _LEAST_OUTLETS, -newest.timestamp(), story.story_id
