"""The edges of a story, one after another, each of its own kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracing.story_model import Citing, Copying, Story


@dataclass(frozen=True, slots=True)
class Edge:
    """From the later article to the earlier. `kind`: `cites`, `derives`, `copies` or `updates`.

    `subkind` is that of the citation or link. `phrase` is the passage that credits and `words` what
    names the source in it. Of credits `share`, `longest`, `direction` and `credited` are None; of
    equal words `agency`, `words`, `is_exact` and `doubt`.
    """

    kind: str
    article_id: str
    other_id: str
    subkind: str
    phrase: str | None
    agency: str | None = None
    words: str | None = None
    is_exact: bool | None = None
    doubt: str | None = None
    direction: str | None = None
    direction_reason: str | None = None
    credited: bool | None = None
    share: float | None = None
    longest: int | None = None


def edges_of(story: Story) -> Iterator[Edge]:
    """All edges, kind by kind; two articles may have several."""
    for kind, citing in (("cites", story.cites), ("derives", story.derives)):
        yield from (_citing(kind, one) for one in citing)
    for kind, copying in (("copies", story.copies), ("updates", story.updates)):
        yield from (_copying(kind, one) for one in copying)


def _citing(kind: str, one: Citing) -> Edge:
    return Edge(
        kind,
        one.article_id,
        one.cited_id,
        one.kind,
        one.phrase,
        agency=one.agency,
        words=one.words.text,
        is_exact=one.is_exact,
        doubt=one.doubt,
    )


def _copying(kind: str, one: Copying) -> Edge:
    return Edge(
        kind,
        one.from_article_id,
        one.to_article_id,
        one.kind,
        one.credit,
        direction=one.direction,
        direction_reason=one.direction_reason,
        credited=one.credited,
        share=one.containment_from,
        longest=one.longest,
    )
