"""The PTransform that adds entities to articles, and the pure function under it."""

from __future__ import annotations

import datetime as dt

import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from schemas.article import Article
from schemas.definition import to_arrow
from schemas.entity import ENTITIES
from tests.transforms.articles import article
from transforms.entities.gazetteer import Mention
from transforms.entities.tag import MODEL_WARNING, WARNING, TagEntities, tag_article
from transforms.tagged import TaggedArticle

NOON = dt.datetime(2024, 5, 6, 12, tzinfo=dt.UTC)


def fail_on_poison(one: Article) -> TaggedArticle:
    if one.article_id == "poison":
        raise RecursionError("poison")
    return tag_article(one)


def test_a_place_within_a_longer_name_has_a_row_of_its_own():
    """Who asks for the country finds its ministry; the method says that it stands in a name."""
    text = "The University of Bamako, in Bamako, signed with the Bank of Ukraine."
    rows = tag_article(article("a", language="en", body_text=text)).entities
    assert [(row.surface, row.entity_id, row.method) for row in rows if row.kind == "place"] == [
        ("Bamako", "geonames:2460596", "gazetteer:within"),
        ("Bamako", "geonames:2460596", "gazetteer:place"),
        ("Ukraine", "iso3166:UA", "gazetteer:within"),
    ]
    longer = [row.surface for row in rows if row.kind == "organization"]
    assert longer == ["University of Bamako", "Bank of Ukraine"]


def test_a_place_within_a_name_of_a_model_has_a_row_of_its_own():
    """As with names by rule; within a person's name it is a part of the name."""
    text = "Le Cercle des amis de Bamako a reçu Paris Hamadou."

    def model(joined: str, language: str) -> list[Mention]:
        def span(surface: str, kind: str) -> Mention:
            start = joined.index(surface)
            return Mention(start, start + len(surface), surface, kind, None, "spacy:m-1", 0.6)

        return [span("Cercle des amis de Bamako", "organization"), span("Paris Hamadou", "person")]

    rows = tag_article(article("a", body_text=text, language="fr"), "best", model).entities
    assert [(row.surface, row.method) for row in rows] == [
        ("Cercle des amis de Bamako", "spacy:m-1"),
        ("Bamako", "gazetteer:within"),
        ("Paris Hamadou", "spacy:m-1"),
    ]


def test_offsets_count_within_each_field():
    """Every surface is found at its offsets in the field that the row names."""
    one = article(
        "a", headline="Paris et Moscou", description_text="Le Mali", body_text="À Rome, la Russie."
    )
    rows = tag_article(one).entities
    assert [(row.field, row.surface) for row in rows] == [
        ("headline", "Paris"),
        ("headline", "Moscou"),
        ("description_text", "Mali"),
        ("body_text", "Rome"),
        ("body_text", "Russie"),
    ]
    assert all(getattr(one, row.field)[row.start : row.end] == row.surface for row in rows)


def test_the_body_settles_a_name_in_the_headline():
    """The fields are read together: the capital in the body makes Georgia the country."""
    one = article("a", language="en", headline="Georgia votes", body_text="Queues in Tbilisi.")
    assert tag_article(one).entities[0].entity_id == "iso3166:GE"


def test_no_name_reaches_from_one_field_into_the_next():
    """`New` at the end of a headline and `York` at the start of a standfirst are no city."""
    one = article("a", language="en", headline="Something New", description_text="York is cold")
    assert "geonames:5128581" not in {row.entity_id for row in tag_article(one).entities}


def test_chinese_cut_into_words_is_read_as_one():
    """Spaces between words do not hide a name, and offsets are those of the text as it stands."""
    body = "他 们 说 普 京 已 经 抵达 俄 罗 斯 的 首 都 莫 斯 科 。"
    one = article("a", language="zh", headline=None, body_text=body)
    rows = tag_article(one).entities
    assert [row.entity_id for row in rows][-2:] == ["iso3166:RU", "geonames:524901"]
    assert all(body[row.start : row.end] == row.surface for row in rows)


def test_a_model_replaces_what_the_rules_guess():
    """A name by shape alone goes where the model has read and says nothing of it; a title stays."""

    def find(text: str, language: str) -> list[Mention]:
        start = text.index("Quillon")
        return [Mention(start, start + 7, "Quillon", "person", None, "model", 0.6)]

    body = "The Zorvex failed. Mr Ruan Oldacre shrugs. Now Quillon agrees."
    one = article("a", language="en", headline=None, description_text=None, body_text=body)
    assert "rule:shape" in {row.method for row in tag_article(one).entities}
    assert [row.method for row in tag_article(one, "best", find).entities] == [
        "rule:title",
        "model",
    ]


def test_rows_fit_their_table():
    """What is tagged can be written as it is."""
    rows = list(tag_article(article("a", headline="La Géorgie et l’AFP à Bamako")).entities)
    assert to_arrow(ENTITIES, rows).num_rows == 3


def test_good_and_poison_articles_both_come_out():
    """A failing article goes on without entities, warned and counted; its neighbour is tagged."""
    articles = [article("good", headline="Bamako"), article("poison", headline="Paris")]
    pipeline = TestPipeline(runner=FnApiRunner())
    tagged = pipeline | beam.Create(articles) | TagEntities(tag=fail_on_poison)
    seen = tagged | beam.Map(
        lambda one: (
            one.article.article_id,
            tuple(row.entity_id for row in one.entities),
            one.article.parse_warnings,
        )
    )
    expected = [("good", ("geonames:2460596",), ()), ("poison", (), (WARNING,))]
    assert_that(seen, equal_to(expected))
    result = pipeline.run()
    result.wait_until_finish()
    counted = result.metrics().query(MetricsFilter().with_name(WARNING))["counters"]
    assert [counter.committed for counter in counted] == [1]


def test_a_failing_model_leaves_the_rules():
    """`best` with a model that raises: the article has what `fast` finds, and a warning."""

    def fail(text: str, language: str) -> list[Mention]:
        raise MemoryError(language)

    one = article("a", headline="M. Dorokhov à Paris")
    tagged = tag_article(one, "best", fail)
    assert tagged.entities == tag_article(one).entities
    assert [row.surface for row in tagged.entities] == ["Dorokhov", "Paris"]
    assert tagged.article.parse_warnings == (MODEL_WARNING,)
