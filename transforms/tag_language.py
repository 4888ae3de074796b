"""`TagLanguage`: the PTransform of `transforms/language.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.article import Article
from transforms.language import with_language


class _TagLanguage(beam.DoFn):
    def __init__(self) -> None:
        self.failed = Metrics.counter("wiretrace", "language_failed")

    def process(self, article: Article) -> Iterator[Article]:
        try:
            yield with_language(article)
        except Exception:
            # One article that a detector stumbles over must not cost its neighbours (DESIGN §7).
            self.failed.inc()
            warnings = tuple(sorted({*article.parse_warnings, "language_failed"}))
            yield replace(article, language="und", parse_warnings=warnings)


class TagLanguage(beam.PTransform):
    """`Article`s to `Article`s with `language`, `language_tag`, `_method` and `_agreement`.

    An article on which detection fails keeps `und` and gets the warning `language_failed`.
    """

    def expand(self, articles: beam.PCollection) -> beam.PCollection:
        """Tag each article."""
        return articles | beam.ParDo(_TagLanguage()).with_input_types(Article).with_output_types(
            Article
        )
