"""`wiretrace run` with less than it does, so that bench/wire.py can compare equal work.

    python bench/wire_ours.py language run --lake LAKE --drop DROPS
    python bench/wire_ours.py tags run --lake LAKE --drop DROPS

`language` leaves out all taggers but the first, links and stories; `tags` leaves out links and
stories; `everything` leaves out nothing. Nothing else is touched: reading in the bounded child,
ledger, key state, commit.
"""

from __future__ import annotations

import sys

import apache_beam as beam

import pipeline.conclude
import pipeline.graph
from pipeline.cli import main
from transforms.tag_language import TagLanguage
from transforms.tagged import TaggedArticle


class TagLanguageOnly(beam.PTransform):
    """In the place of `TagTexts`."""

    def __init__(self, entities: str) -> None:
        super().__init__()

    def expand(self, articles: beam.PCollection) -> beam.PCollection:
        """Detect the language; no other tags."""
        return articles | TagLanguage() | beam.Map(TaggedArticle)


def leave_out(level: str) -> None:
    """Put nothing in the place of what is not wanted."""
    if level == "language":
        pipeline.graph.TagTexts = TagLanguageOnly  # type: ignore[misc, assignment]
    if level == "everything":
        return
    pipeline.conclude.plan_links = lambda *given: iter(())  # type: ignore[assignment]
    pipeline.conclude.plan_stories = lambda *given: None  # type: ignore[assignment]


if __name__ == "__main__":
    leave_out(sys.argv.pop(1))
    main()
