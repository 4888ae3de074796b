"""Adds to every tagged article the sources that it credits."""

from __future__ import annotations

from dataclasses import replace

import apache_beam as beam

from transforms.citations.cite import cite
from transforms.tag_guarded import Tag, TagGuarded
from transforms.tagged import TaggedArticle

WARNING = "citations_failed"


def tag_citations(tagged: TaggedArticle) -> TaggedArticle:
    """The same with its citations."""
    return replace(tagged, citations=cite(tagged.article, tagged.entities))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class TagCitations(beam.PTransform):
    """Tagged articles with citations; one that fails goes on without, warned and counted."""

    def __init__(self, tag: Tag = tag_citations) -> None:
        super().__init__()
        self._tag = tag

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[TaggedArticle]:
        """One output for each input."""
        return tagged | "TagCitations" >> beam.ParDo(TagGuarded(self._tag, WARNING))
