"""Adds to every tagged article the words that it quotes."""

from __future__ import annotations

from dataclasses import replace

import apache_beam as beam

from transforms.quotes.quote import quote
from transforms.tag_guarded import Tag, TagGuarded
from transforms.tagged import TaggedArticle

WARNING = "quotes_failed"


def tag_quotes(tagged: TaggedArticle) -> TaggedArticle:
    """The same with its quotes."""
    return replace(tagged, quotes=quote(tagged.article, tagged.entities))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class TagQuotes(beam.PTransform):
    """Tagged articles with quotes; one that fails goes on without, warned and counted."""

    def __init__(self, tag: Tag = tag_quotes) -> None:
        super().__init__()
        self._tag = tag

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[TaggedArticle]:
        """One output for each input."""
        return tagged | "TagQuotes" >> beam.ParDo(TagGuarded(self._tag, WARNING))
