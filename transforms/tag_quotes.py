"""Adds to every tagged article the words that it quotes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.quotes.quote import quote
from transforms.tagged import TaggedArticle

WARNING = "quotes_failed"
_log = logging.getLogger(__name__)


def tag_quotes(tagged: TaggedArticle) -> TaggedArticle:
    """The same with its quotes."""
    return replace(tagged, quotes=quote(tagged.article, tagged.entities))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class TagQuotes(beam.PTransform):
    """Tagged articles with quotes; one that fails goes on without, warned and counted."""

    def __init__(self, tag: Callable[[TaggedArticle], TaggedArticle] = tag_quotes) -> None:
        super().__init__()
        self._tag = tag

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[TaggedArticle]:
        """One output for each input."""
        return tagged | "TagQuotes" >> beam.ParDo(_TagQuotes(self._tag))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class _TagQuotes(beam.DoFn):
    def __init__(self, tag: Callable[[TaggedArticle], TaggedArticle]) -> None:
        self._tag = tag
        self._failed = Metrics.counter("wiretrace.tag", WARNING)

    def process(self, tagged: TaggedArticle) -> Iterator[TaggedArticle]:
        try:
            yield self._tag(tagged)
        except Exception:
            self._failed.inc()
            _log.exception("quotes of article %s failed", tagged.article.article_id)
            yield tagged.warned(WARNING)
