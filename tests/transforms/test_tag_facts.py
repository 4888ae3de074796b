"""The PTransform that adds facts to tagged articles."""

from __future__ import annotations

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from tests.transforms.articles import article
from transforms.tag_facts import WARNING, TagFacts, tag_facts
from transforms.tagged import TaggedArticle


def fail_on_poison(one: TaggedArticle) -> TaggedArticle:
    if one.article.article_id == "poison":
        raise RecursionError("poison")
    return tag_facts(one)


def test_good_and_poison_articles_both_come_out() -> None:
    """A failing article goes on without facts, warned; its neighbour has them."""
    articles = [
        TaggedArticle(article(name, body_text="Il y a 12 morts.")) for name in ("good", "poison")
    ]
    pipeline = TestPipeline(runner=FnApiRunner())
    stated = pipeline | beam.Create(articles) | TagFacts(fail_on_poison)
    seen = stated | beam.Map(
        lambda one: (
            one.article.article_id,
            tuple((row.surface, row.unit) for row in one.facts),
            one.article.parse_warnings,
        )
    )
    expected = [("good", (("12 morts", "killed"),), ()), ("poison", (), (WARNING,))]
    assert_that(seen, equal_to(expected))
    pipeline.run().wait_until_finish()
