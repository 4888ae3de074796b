"""Articles as lists show them: as they are now, with the story that each is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from lake.current import versions_now
from lake.tables import Snapshot
from tracing.article_facts import facts_of
from tracing.listed_model import ListedArticle
from tracing.shown_version import shown_version
from tracing.story_rows import story_by_article

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
        stories = story_by_article(pinned, ids, {row["date"] for row in now.values()})
    return list_rows(pinned, now, stories)


def list_rows(
    pinned: Snapshot, now: Mapping[str, Row], stories: Mapping[str, str] | None = None
) -> dict[str, ListedArticle]:
    """The same of what `versions_now` gave."""
    versions: dict[str, list[Row]] = defaultdict(list)
    for row in now.values():
        versions[row["current_article_id"]].append(row)
    if stories is None:
        stories = story_by_article(pinned, versions)
    listed = []
    for article_id, rows in versions.items():
        rows.sort(key=lambda row: row["version_order"])
        listed.append(list_article(shown_version(rows), stories.get(article_id)))
    return {one.article_id: one for one in newest_first(listed)}


def list_article(row: Row, story_id: str | None) -> ListedArticle:
    """The line of a row that `versions_now` gave."""
    return ListedArticle(**facts_of(row), story_id=story_id)


def newest_first(articles: Iterable[ListedArticle]) -> list[ListedArticle]:
    """By time, claimed or else seen."""
    ordered = sorted(articles, key=lambda one: (one.outlet, one.article_id))
    return sorted(ordered, key=lambda one: one.time, reverse=True)
