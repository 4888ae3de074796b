"""The PTransform that adds quotes to tagged articles."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.parse_warning import is_known
from tests.transforms.articles import article
from transforms.entities.tag import tag_article
from transforms.tag_quotes import WARNING, TagQuotes, tag_quotes
from transforms.tagged import TaggedArticle

SPOKEN = "« La digue cédera mardi à midi », a dit Maëlle Kervadec à Bamako."


def tagged(name: str, body: str) -> TaggedArticle:
    return tag_article(article(name, body_text=body))


def fail_on_poison(one: TaggedArticle) -> TaggedArticle:
    if one.article.article_id == "poison":
        raise RecursionError("poison")
    return tag_quotes(one)


def test_good_and_poison_articles_both_come_out():
    """A failing article goes on without quotes, warned and counted; its neighbour has them."""
    articles = [tagged("good", SPOKEN), tagged("poison", SPOKEN)]
    pipeline = TestPipeline(runner=FnApiRunner())
    quoted = pipeline | beam.Create(articles) | TagQuotes(fail_on_poison)
    seen = quoted | beam.Map(
        lambda one: (
            one.article.article_id,
            tuple((row.field, row.text) for row in one.quotes),
            bool(one.entities),
            one.article.parse_warnings,
        )
    )
    words = (("body_text", "La digue cédera mardi à midi"),)
    assert_that(seen, equal_to([("good", words, True, ()), ("poison", (), True, (WARNING,))]))
    result = pipeline.run()
    result.wait_until_finish()
    counted = result.metrics().query(MetricsFilter().with_name(WARNING))["counters"]
    assert [counter.committed for counter in counted] == [1]


def test_the_warning_is_on_the_list():
    """Readers of `parse_warnings` can look it up."""
    assert is_known(WARNING)
