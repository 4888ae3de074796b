"""Adds to every tagged article the numbers and days that it states."""

from __future__ import annotations

from dataclasses import replace

import apache_beam as beam

from transforms.facts.state import state_facts
from transforms.tag_guarded import Tag, TagGuarded
from transforms.tagged import TaggedArticle

WARNING = "facts_failed"


def tag_facts(tagged: TaggedArticle) -> TaggedArticle:
    """The same with its facts."""
    return replace(tagged, facts=state_facts(tagged.article))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class TagFacts(beam.PTransform):
    """Tagged articles with facts; one that fails goes on without, warned and counted."""

    def __init__(self, tag: Tag = tag_facts) -> None:
        super().__init__()
        self._tag = tag

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[TaggedArticle]:
        """One output for each input."""
        return tagged | "TagFacts" >> beam.ParDo(TagGuarded(self._tag, WARNING))
