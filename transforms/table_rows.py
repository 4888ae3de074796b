"""Rows of tables on their way to be staged: (table name, row) pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from schemas.reject import Reject
from transforms.reject import detail_of
from transforms.tagged import TaggedArticle


class _RejectRow(beam.DoFn):
    def process(self, reject: Reject) -> Iterator[Any]:
        yield "rejects", reject
        yield beam.pvalue.TaggedOutput("counts", ((detail_of(reject), 1),))


class RejectRows(beam.PTransform):
    """Rejects to `rows`, and to `counts` (((source, outcome, reason), items) pairs)."""

    def expand(self, rejects: beam.PCollection) -> Any:
        """Split each reject."""
        return rejects | beam.ParDo(_RejectRow()).with_outputs("counts", main="rows")


def tagged_rows(tagged: TaggedArticle) -> Iterator[tuple[str, Any]]:
    """A tagged article as (table name, row) pairs."""
    yield "articles", tagged.article
    yield from (("entities", entity) for entity in tagged.entities)
    yield from (("citations", citation) for citation in tagged.citations)
    yield from (("quotes", quote) for quote in tagged.quotes)
    yield from (("facts", fact) for fact in tagged.facts)


class TaggedRows(beam.PTransform):
    """Tagged articles to their rows of `articles`, `entities`, `citations`, `quotes`, `facts`."""

    def expand(self, tagged: beam.PCollection) -> beam.PCollection:
        """Split each article."""
        return tagged | beam.FlatMap(tagged_rows)
