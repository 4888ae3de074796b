"""Articles as lists show them: as they are now, with the story that each is in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from lake.current import versions_now
from lake.tables import Snapshot
from tracing.listed_model import ListedArticle
from tracing.make_line import utc
from tracing.shown_version import shown_version
from tracing.story_rows import Told, has_stories, stories_near, stories_of

Row = dict[str, Any]


def list_articles(
    pinned: Snapshot, article_ids: Collection[str], stories: Mapping[str, str] | None = None
) -> dict[str, ListedArticle]:
    """By its current id each of these articles, the newest first.

    `stories`: the story of each article, where that is known already.
    """
    now = versions_now(pinned, article_ids)
    if stories is None:
        ids = {row["current_article_id"] for row in now.values()}
        stories = _stories_near(pinned, ids, {row["date"] for row in now.values()})
    return list_rows(pinned, now, stories)


def list_rows(
    pinned: Snapshot, now: Mapping[str, Row], stories: Mapping[str, str] | None = None
) -> dict[str, ListedArticle]:
    """The same of what `versions_now` gave."""
    versions: dict[str, list[Row]] = defaultdict(list)
    for row in now.values():
        versions[row["current_article_id"]].append(row)
    if stories is None:
        stories = stories_by_article(pinned, versions)
    listed = []
    for article_id, rows in versions.items():
        rows.sort(key=lambda row: row["version_order"])
        listed.append(list_article(article_id, shown_version(rows), stories.get(article_id)))
    return {one.article_id: one for one in newest_first(listed)}


def list_article(article_id: str, row: Row, story_id: str | None) -> ListedArticle:
    """The line of a row that `versions_now` gave."""
    return ListedArticle(
        article_id=article_id,
        version_id=row["version_id"],
        outlet=row["outlet"],
        outlet_name=row["outlet_name"],
        language=row["language"],
        headline=row["headline"],
        url=row["url"],
        published=utc(row["published"]),
        published_tz_known=row["published_tz_known"],
        first_seen=row["first_seen"].astimezone(dt.UTC),
        pubstatus=row["effective_pubstatus"],
        embargoed=utc(row["effective_embargoed"]),
        is_embargo_open=bool(row["is_embargo_open"]),
        story_id=story_id,
    )


def newest_first(articles: Iterable[ListedArticle]) -> list[ListedArticle]:
    """By time, claimed or else seen."""
    ordered = sorted(articles, key=lambda one: (one.outlet, one.article_id))
    return sorted(ordered, key=lambda one: one.time, reverse=True)


def stories_by_article(pinned: Snapshot, article_ids: Collection[str]) -> Mapping[str, str]:
    """The story of each article that is in one, and of all others of these stories."""
    if not article_ids or not has_stories(pinned):
        return {}
    return _by_article(stories_of(pinned, article_ids))


def _stories_near(
    pinned: Snapshot, article_ids: Collection[str], days: Collection[dt.date]
) -> Mapping[str, str]:
    """The same of articles whose days are known: nothing need be looked up."""
    if not article_ids or not has_stories(pinned):
        return {}
    return _by_article(stories_near(pinned, article_ids, days))


def _by_article(told: Sequence[Told]) -> Mapping[str, str]:
    return {member.article_id: one.story_id for one in told for member in one.members}
