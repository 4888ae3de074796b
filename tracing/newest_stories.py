"""The stories that have the newest articles, found from the newest day back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lake.data_file import DataFile
from lake.tables import Snapshot
from lake.where import is_any
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
_COLUMNS = ["article_id", "version_id", "outlet", "language", "published", "first_seen", "date"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Claim:
    """An article's first claim of all its versions, and the row of the version that makes it."""

    published: dt.datetime | None
    first_seen: dt.datetime
    row: Row

    @property
    def time(self) -> dt.datetime:
        """The claim, else when it was first seen."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A story with the claims of its articles that may be seen: who claims no time comes last."""

    told: Told
    claims: Sequence[_Claim]

    @property
    def outlets(self) -> int:
        """How many tell it."""
        return len({claim.row["outlet"] for claim in self.claims})

    @property
    def order(self) -> tuple[bool, dt.datetime, str]:
        """Greater for what comes first."""
        # What claims no time has the one when it was seen, which may be years after.
        dated = [claim.published for claim in self.claims if claim.published is not None]
        last = max(dated or [claim.time for claim in self.claims])
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
    firsts = {one.told.story_id: one.claims[0] for one in chosen}
    ids = {claim.row["article_id"] for claim in firsts.values()}
    stories = {m.article_id: one.told.story_id for one in chosen for m in one.told.members}
    listed = {one.story_id: one for one in list_articles(pinned, ids, stories).values()}
    return tuple(_tell(one, listed[one.told.story_id]) for one in chosen)


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
        claims = [_claim(rows[id_]) for m in one.members if rows[id_ := m.article_id]]
        if claims:
            yield _Candidate(one, sorted(claims, key=_by_claim))


def _claim(rows: Sequence[Row]) -> _Claim:
    dated = [row for row in rows if row["published"] is not None]
    first = min(dated, key=lambda row: row["published"], default=rows[0])
    return _Claim(first["published"], min(row["first_seen"] for row in rows), first)


def _by_claim(claim: _Claim) -> tuple[bool, dt.datetime, str]:
    return claim.published is None, claim.time, claim.row["article_id"]


def _tell(story: _Candidate, first: ListedArticle) -> FrontStory:
    claimed = [claim.published for claim in story.claims if claim.published is not None]
    return FrontStory(
        story_id=story.told.story_id,
        first=first,
        languages=tuple(dict.fromkeys(claim.row["language"] for claim in story.claims)),
        outlets=tuple(dict.fromkeys(claim.row["outlet"] for claim in story.claims)),
        articles=len(story.claims),
        first_claimed=min(claimed, default=None),
        last_claimed=max(claimed, default=None),
        times=tuple(sorted(claim.time for claim in story.claims)),
    )
