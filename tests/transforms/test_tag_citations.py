"""The PTransform that adds citations to tagged articles."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.parse_warning import is_known
from tests.transforms.articles import article
from transforms.entities.tag import tag_article
from transforms.tag_citations import WARNING, TagCitations, tag_citations
from transforms.tagged import TaggedArticle


def tagged(name: str, body: str) -> TaggedArticle:
    return tag_article(article(name, body_text=body))


def fail_on_poison(one: TaggedArticle) -> TaggedArticle:
    if one.article.article_id == "poison":
        raise RecursionError("poison")
    return tag_citations(one)


def test_good_and_poison_articles_both_come_out():
    """A failing article goes on without citations, warned and counted; its neighbour has them."""
    articles = [tagged("good", "Selon l'AFP, rien."), tagged("poison", "Selon l'AFP, rien.")]
    pipeline = TestPipeline(runner=FnApiRunner())
    cited = pipeline | beam.Create(articles) | TagCitations(fail_on_poison)
    seen = cited | beam.Map(
        lambda one: (
            one.article.article_id,
            tuple(row.agency for row in one.citations),
            len(one.entities),
            one.article.parse_warnings,
        )
    )
    assert_that(seen, equal_to([("good", ("afp",), 1, ()), ("poison", (), 1, (WARNING,))]))
    result = pipeline.run()
    result.wait_until_finish()
    counted = result.metrics().query(MetricsFilter().with_name(WARNING))["counters"]
    assert [counter.committed for counter in counted] == [1]


def test_the_warning_is_on_the_list():
    """Readers of `parse_warnings` can look it up."""
    assert is_known(WARNING)
