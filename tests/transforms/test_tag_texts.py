"""Tags that were made before it was decided what an article is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.article import Article
from schemas.citation import Citation
from schemas.entity import Entity
from schemas.fact import Fact
from schemas.quote import Quote
from tests.transforms.articles import NOON, article
from transforms.tag_texts import TakeUpTags, tags_id, take_up, write_tags
from transforms.tagged import TaggedArticle

ON_ITS_WAY = dt.date(1970, 1, 1)


def tagged(name: str = "") -> TaggedArticle:
    """As the taggers gave it on the way: no ids, no run, and a date that may still change."""
    row = article(
        "", version_id="", run_id="", source_uri=f"{name}.xml#1", date=ON_ITS_WAY,
        language="ru", language_method="detected", language_agreement=0.75,
        parse_warnings=("facts_failed",),
    )  # fmt: skip
    where = {"article_id": "", "version_id": "", "field": "body_text", "date": ON_ITS_WAY}
    place = Entity(**where, start=0, end=5, surface="Paris", kind="place", method="rule", score=0.5)
    credit = Citation(
        **where, agency="tass", surface="TASS", phrase="by TASS", start=3, end=7, kind="credit",
        score=1.0,
    )  # fmt: skip
    said = Quote(**where, start=1, end=6, text="Never", quote_key="k")
    count = Fact(**where, start=2, end=4, surface="90", kind="number", value="90")
    return TaggedArticle(row, (place, replace(place, start=9)), (credit,), (said,), (count,))


def decided(name: str = "") -> Article:
    """The same once its window is committed: ids, run, and when it was first seen."""
    return article(
        "id", version_id="id-2", run_id="run-7", source_uri=f"{name}.xml#1", language="und",
        first_seen=NOON + dt.timedelta(days=1), date=dt.date(2024, 5, 7),
    )  # fmt: skip


def test_tags_are_kept_by_what_does_not_change() -> None:
    """Where it came from, its bytes, its words: each of them counts, ids do not."""
    known = tags_id(tagged("a").article)
    assert tags_id(decided("a")) == known
    others = (
        decided("b"),
        replace(decided("a"), raw_sha256="other"),
        replace(decided("a"), content_hash="other"),
    )
    assert known not in {tags_id(other) for other in others}


def test_rows_of_every_table_get_the_ids_that_were_decided() -> None:
    taken = take_up(decided(), tagged())
    rows = (*taken.entities, *taken.citations, *taken.quotes, *taken.facts)
    assert len(rows) == 5
    ids = {(row.article_id, row.version_id, row.date) for row in (taken.article, *rows)}
    assert ids == {("id", "id-2", dt.date(2024, 5, 7))}
    assert taken.article.run_id == "run-7"
    assert taken.article.first_seen == NOON + dt.timedelta(days=1)


def test_what_the_taggers_found_stays() -> None:
    """Also what they say of the article itself."""
    made, taken = tagged(), take_up(decided(), tagged())
    assert (taken.article.language, taken.article.language_method) == ("ru", "detected")
    assert taken.article.language_agreement == 0.75
    assert taken.article.parse_warnings == ("facts_failed",)
    assert [(row.surface, row.start) for row in taken.entities] == [("Paris", 0), ("Paris", 9)]
    assert taken.citations[0].agency == made.citations[0].agency
    assert (taken.quotes[0].text, taken.facts[0].value) == ("Never", "90")


@pytest.mark.parametrize("was_tagged", [True, False])
def test_articles_without_tags_go_on_to_be_tagged(tmp_path: Path, was_tagged: bool) -> None:
    """With the file of a stream's window, and in a bounded run, which has none."""
    path = tmp_path / "staging" / "tags"
    if was_tagged:
        write_tags([tagged("a"), tagged("c")], path)
    pipeline = TestPipeline(runner=FnApiRunner())
    taken = pipeline | beam.Create([decided("a"), decided("b")]) | TakeUpTags(str(path))
    found = taken.tagged | beam.Map(
        lambda one: (one.article.source_uri, one.article.article_id, len(one.entities))
    )
    left = taken.main | beam.Map(lambda one: (one.source_uri, one.language))
    old = [("a.xml#1", "id", 2)] if was_tagged else []
    new = [("b.xml#1", "und")] if was_tagged else [("a.xml#1", "und"), ("b.xml#1", "und")]
    assert_that(found, equal_to(old), label="tagged")
    assert_that(left, equal_to(new), label="left")
    pipeline.run().wait_until_finish()
