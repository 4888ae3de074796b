"""`TagLanguage`: the PTransform of `transforms/language.py`."""

from __future__ import annotations

from collections.abc import Iterator

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.article import Article
from transforms.language import with_language, without_language


class _TagLanguage(beam.DoFn):
    def __init__(self) -> None:
        self.failed = Metrics.counter("wiretrace", "language_failed")

    def process(self, article: Article) -> Iterator[Article]:
        try:
            tagged = with_language(article)
        except Exception:
            # One article that a detector stumbles over must not cost its neighbours (DESIGN §7).
            self.failed.inc()
            tagged = without_language(article)
        # Outside the `try`: what fails further down the road is not a failure of this step.
        yield tagged


class TagLanguage(beam.PTransform):
    """`Article`s to `Article`s with `language`, `language_tag`, `_method` and `_agreement`.

    An article on which detection fails keeps `und` and gets the warning `language_failed`; the
    counter `wiretrace:language_failed` says how many.
    """

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Article]:
        """Tag each article."""
        tag = beam.ParDo(_TagLanguage())
        return articles | "Tag language" >> tag.with_input_types(Article).with_output_types(Article)
