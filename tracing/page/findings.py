"""What a story's page says first: who had it first, who copied, what dangles or did not travel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracing.page.edges import Edge
from tracing.story_model import Arrival, Story
from tracing.trace_model import Line

# Roles of articles, the first that fits, with what the legend says of them.
ROLES: Final = {
    "withdrawn": "killed or withheld since",
    "uncredited": "has another’s words and names nobody",
    "first": "claims to be first",
    "credits": "credits another, or copies with credit",
    "dangling": "credits somebody who has no article here",
    "shares": "has another’s words, no credit found, not beyond doubt",
    "own": "none of this is known",
}
DOUBTS: Final = {
    "less than an hour": "by less than an hour, which a clock may be off",
    "the same time": "another claims the same time",
    "time zone not known": "a time zone is not known",
    "a day without a time": "another claims the day, and no time",
    "no date": "an article claims no date",
    "another was seen before": "another was seen before that time",
    "revised": "the article was revised since, nobody knows when",
    "seen at once": "several were seen at once",
    "articles left out": "articles under embargo are left out",
}


@dataclass(frozen=True, slots=True)
class Credited:
    """An article whose report others credit, and how many do."""

    line: Line
    articles: int


@dataclass(frozen=True, slots=True)
class Hop:
    """A language the story reached, the hours after its first claim, and from which languages."""

    arrival: Arrival
    line: Line | None
    hours: float | None
    whence: tuple[str, ...]


def roles_of(story: Story, edges: tuple[Edge, ...]) -> dict[str, str]:
    """By article its role, a key of `ROLES`."""
    uncredited = {one.article_id for one in story.missing_credit}
    dangling = {one.article_id for one in story.dangling}
    credits = {one.taker_id for one in edges if one.credit is not None}
    first = story.first_claimed.article_id if story.first_claimed else None
    copies = (one for one in edges if one.kind == "copies" and one.credit is None)
    shares = {one.taker_id for one in copies if one.is_directed}

    def role(line: Line) -> str:
        if line.pubstatus != "usable":
            return "withdrawn"
        those = (
            ("uncredited", uncredited), ("first", {first}), ("credits", credits),
            ("dangling", dangling), ("shares", shares),
        )  # fmt: skip
        return next((name for name, ids in those if line.article_id in ids), "own")

    return {line.article_id: role(line) for line in story.lines}


def most_credited(edges: tuple[Edge, ...], lines: Mapping[str, Line]) -> tuple[Credited, ...]:
    """Whom the articles of the story credit, the most often credited first."""
    takers = {(one.source_id, one.taker_id) for one in edges if one.credit is not None}
    counts = Counter(source for source, _ in takers)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], list(lines).index(one[0])))
    return tuple(Credited(lines[source], count) for source, count in ordered)


def language_path(story: Story, lines: Mapping[str, Line]) -> tuple[Hop, ...]:
    """Languages in the order in which the story reached them."""
    start = story.first_claimed.time if story.first_claimed else None
    return tuple(
        Hop(
            one,
            lines.get(one.article_id or ""),
            None
            if one.published is None or start is None
            else (one.published - start).total_seconds() / 3600,
            tuple(sorted({lines[source].language for source in one.from_ids})),
        )
        for one in story.languages
    )
