"""Adds to every tagged article the sources that it credits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.citations.cite import cite
from transforms.tagged import TaggedArticle

WARNING = "citations_failed"
_log = logging.getLogger(__name__)


def tag_citations(tagged: TaggedArticle) -> TaggedArticle:
    """The same with its citations."""
    return replace(tagged, citations=cite(tagged.article, tagged.entities))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class TagCitations(beam.PTransform):
    """Tagged articles with citations; one that fails goes on without, warned and counted."""

    def __init__(self, tag: Callable[[TaggedArticle], TaggedArticle] = tag_citations) -> None:
        super().__init__()
        self._tag = tag

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[TaggedArticle]:
        """One output for each input."""
        return tagged | "TagCitations" >> beam.ParDo(_TagCitations(self._tag))


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class _TagCitations(beam.DoFn):
    def __init__(self, tag: Callable[[TaggedArticle], TaggedArticle]) -> None:
        self._tag = tag
        self._failed = Metrics.counter("wiretrace.tag", WARNING)

    def process(self, tagged: TaggedArticle) -> Iterator[TaggedArticle]:
        try:
            yield self._tag(tagged)
        except Exception:
            self._failed.inc()
            _log.exception("citations of article %s failed", tagged.article.article_id)
            yield tagged.warned(WARNING)
