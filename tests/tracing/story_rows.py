"""Rows of `story_members` and `story_aliases` as a run would write them; `run_id` is filled in."""

from __future__ import annotations

from typing import Any

from schemas.article import Article
from schemas.story_alias import StoryAlias
from schemas.story_member import StoryMember
from tests.lake.builder import NOON, id_of


def joins(of: Article, story: str, sequence: int, **fields: Any) -> StoryMember:
    """That an article stands in a story since a run."""
    defaults: dict[str, Any] = {
        "story_id": id_of(story), "article_id": of.article_id, "op": "join", "joined_at": NOON,
        "score": 0.9, "reason": "joins", "language": of.language, "day": of.date,
        "sequence": sequence, "run_id": "", "date": of.date,
    }  # fmt: skip
    return StoryMember(**{**defaults, **fields})


def leaves(of: Article, story: str, sequence: int, reason: str = "moved") -> StoryMember:
    """That it no longer does."""
    return joins(of, story, sequence, op="leave", reason=reason)


def is_one(younger: str, older: str, sequence: int, **fields: Any) -> StoryAlias:
    """That two stories are one."""
    defaults: dict[str, Any] = {
        "story_id": id_of(younger), "alias_of": id_of(older), "language": "fr",
        "alias_language": "fr", "reason": "merged", "score": 0.9, "evidence": (),
        "day": NOON.date(), "withdrawn": False, "as_of": NOON, "sequence": sequence,
        "run_id": "", "month": "2024-05",
    }  # fmt: skip
    return StoryAlias(**{**defaults, **fields})
