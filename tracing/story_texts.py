"""The texts that a story's edges are shown by: of their versions, and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lake.current import family_of, rows_of, versions_of
from lake.tables import Snapshot
from tracing.page.edges import edges_of
from tracing.story_model import Story

if TYPE_CHECKING:
    from tracing.page.passages import Texts

# What credits and copies are found in.
TEXT_FIELDS = ["headline", "dateline", "byline", "creditline", "description_text", "body_text"]


def read_story_texts(pinned: Snapshot, story: Story, *, whole: bool = False) -> Texts:
    """By version id its text fields, of the versions that the story's edges are of.

    `whole`: of the version of each of its lines, too.

    Raises:
        LakeDamaged: see `lake.tables`.
    """
    edges = edges_of(story)
    wanted = {version for edge in edges for version in edge.versions}
    articles = {article for edge in edges for article in (edge.taker_id, edge.source_id)}
    if whole:
        wanted |= {line.version_id for line in story.lines}
        articles |= {line.article_id for line in story.lines}
    if not wanted:
        return {}
    known = versions_of(pinned, family_of(pinned, articles))
    mine = {version: known[version] for version in wanted & known.keys()}
    rows = rows_of(pinned, "articles", ["version_id", *TEXT_FIELDS], mine).to_pylist()
    return {row.pop("version_id"): row for row in rows}
