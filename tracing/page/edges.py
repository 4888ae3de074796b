"""A story's edges for its page: numbered, each with a sentence, its words and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tracing.page.directions import CERTAIN, WHY
from tracing.page.phrases import share
from tracing.story_model import Citing, Copying, Story
from tracing.trace_model import Words

# Kinds in the order in which they are shown, and what stands over them. They are never merged.
KINDS: Final = {
    "cites": "Cites: credits an outlet of its own language",
    "derives": "Derives: credits an outlet of another language",
    "copies": "Copies: has words of another outlet",
    "updates": "Updates: another article of the same outlet",
}
_DOUBTS: Final = {
    "no time": "one of them claims no time",
    "times overlap": "the claimed times are too close to tell which was first",
    "no date": "one of them claims no date",
}
_NOT_EXACT: Final = "the outlet is named by a part or by the sound of its name"


@dataclass(frozen=True, slots=True)
class Edge:
    """From `taker_id`, which cites or has the words, to `source_id`, whose report or words it has.

    `versions` are the taker's and the source's. `claim` says what is the case, `why` why the
    direction is what it is, `doubts` what speaks against it. `credit`: the words that name the
    source, None if none do; `words`: where they stand, of a citation. `is_uncredited`: the rules of
    `wiretrace uncredited` hold. `is_directed` is false where nobody knows who was first.
    """

    number: int
    kind: str
    taker_id: str
    source_id: str
    versions: tuple[str, str]
    claim: str
    why: str
    doubts: tuple[str, ...]
    credit: str | None
    words: Words | None
    copying: Copying | None
    is_uncredited: bool
    is_directed: bool

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"edge-{self.number}"


def edges_of(story: Story) -> tuple[Edge, ...]:
    """All edges of a story, by kind, then by time."""
    versions = {line.article_id: line.version_id for line in story.lines}
    uncredited = {(one.article_id, one.source_article_id) for one in story.missing_credit}
    edges = (
        *_citing("cites", story.cites, versions),
        *_citing("derives", story.derives, versions),
        *_copying("copies", story.copies, uncredited),
        *_copying("updates", story.updates, uncredited),
    )
    return tuple(_numbered(edges))


def _numbered(edges: tuple[dict[str, object], ...]) -> Iterator[Edge]:
    for number, fields in enumerate(edges, 1):
        yield Edge(number=number, **fields)  # type: ignore[arg-type]


def _citing(
    kind: str, rows: tuple[Citing, ...], versions: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    for row in rows:
        doubts = [] if row.is_exact else [_NOT_EXACT]
        doubts += [_DOUBTS.get(row.doubt, row.doubt)] if row.doubt else []
        yield {
            "kind": kind,
            "taker_id": row.article_id,
            "source_id": row.cited_id,
            "versions": (versions[row.article_id], versions[row.cited_id]),
            "claim": f"names “{row.agency}” as its source ({row.kind})",
            "why": "Direction asserted: it names the other outlet.",
            "doubts": tuple(doubts),
            "credit": row.phrase,
            "words": row.words,
            "copying": None,
            "is_uncredited": False,
            "is_directed": True,
        }


def _copying(
    kind: str, rows: tuple[Copying, ...], uncredited: set[tuple[str, str]]
) -> Iterator[dict[str, object]]:
    for row in rows:
        reason = WHY.get(row.direction_reason, row.direction_reason)
        yield {
            "kind": kind,
            "taker_id": row.from_article_id,
            "source_id": row.to_article_id,
            "versions": (row.from_version_id, row.to_version_id),
            "claim": (
                f"has {share(row.containment_from)} of its words in common with the other,"
                f" {row.longest} of them in one run ({row.kind})"
            ),
            "why": f"{CERTAIN.get(row.direction, row.direction)}: {reason}.",
            "doubts": (),
            "credit": row.credit,
            "words": None,
            "copying": row,
            "is_uncredited": (row.from_article_id, row.to_article_id) in uncredited,
            "is_directed": row.direction != "unknown",
        }
