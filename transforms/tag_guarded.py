"""`TagGuarded`: a tagger that never costs an article, whatever its text does to it (DESIGN §7)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import apache_beam as beam
from apache_beam.metrics import Metrics

from transforms.tagged import TaggedArticle

Tag = Callable[[TaggedArticle], TaggedArticle]
_log = logging.getLogger(__name__)


@beam.typehints.with_input_types(TaggedArticle)
@beam.typehints.with_output_types(TaggedArticle)
class TagGuarded(beam.DoFn):
    """Applies `tag`; an article on which it fails goes on as it came, with `warning`, counted.

    The counter is `wiretrace.tag:<warning>`.
    """

    def __init__(self, tag: Tag, warning: str) -> None:
        self._tag = tag
        self._warning = warning
        self._failed = Metrics.counter("wiretrace.tag", warning)

    def process(self, tagged: TaggedArticle) -> Iterator[TaggedArticle]:
        """One output for each input."""
        try:
            done = self._tag(tagged)
        except Exception:
            self._failed.inc()
            _log.exception("%s: article %s", self._warning, tagged.article.article_id)
            done = tagged.warned(self._warning)
        # Outside the `try`: what fails further down the road is not a failure of this step.
        yield done
