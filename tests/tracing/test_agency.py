"""`read_agency`: who credits an agency, and what is its own."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.article import Article
from schemas.article_alias import ArticleAlias
from schemas.citation import Citation
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import credit, member
from tracing.agency import NoSuchAgency, read_agency
from tracing.agency_model import AgencyPage, CitingCell
from tracing.listed_model import Count


def wire(name: str, day: int, outlet: str, **fields: Any) -> Article:
    return article(name, **{"published": at(day), "outlet": outlet, **fields})


def via(of: Article, agency: str, start: int) -> Citation:
    made = dataclasses.replace(credit(of, agency, "via"), start=start, end=start + 4)
    return dataclasses.replace(made, phrase=f"via {agency}")


def page(builder: LakeBuilder, agency: str = "tass", at_: dt.datetime | None = None) -> AgencyPage:
    return read_agency(builder.snapshot, agency, embargo_at=at_)


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    own = wire("t", 1, "tass.ru", language="ru")
    a = wire("a", 1, "matin.fr", language="fr")
    b = wire("b", 2, "soir.fr", language="fr")
    c = wire("c", 3, "paper.example")
    builder.run(
        own, a, b, c, credit(a, "tass"), via(b, "tass", 9), credit(b, "tass"), credit(c, "tass"),
        credit(c, "afp"), credit(own, "tass", "mention"), member(c, "A"),
        credit(wire("d", 3, "late.example"), "tass", "mention"),
    )  # fmt: skip
    return builder


def test_who_credits_it_by_outlet_country_language_and_kind(lake: LakeBuilder) -> None:
    found = page(lake)
    assert found.cited_by == (Count("matin.fr", 1), Count("paper.example", 1), Count("soir.fr", 1))
    assert found.countries == (Count("FR", 2), Count("unknown", 1))
    assert found.languages == (Count("fr", 2), Count("en", 1))
    assert found.cells == (CitingCell("FR", "fr", 2), CitingCell("unknown", "en", 1))
    assert found.kinds == (Count("attribution", 3), Count("via", 1))
    assert (found.since, found.missing) == (None, ())


def test_the_newest_articles_with_the_words_that_credit_first(lake: LakeBuilder) -> None:
    newest = page(lake).newest
    assert [one.article.article_id for one in newest] == [id_of("c"), id_of("b"), id_of("a")]
    assert [(one.kind, one.phrase) for one in newest[:2]] == [
        ("attribution", "according to tass"), ("attribution", "according to tass"),
    ]  # fmt: skip
    assert (newest[1].words.start, newest[0].article.story_id) == (0, id_of("A"))


def test_its_names_and_its_own_articles(lake: LakeBuilder) -> None:
    found = page(lake)
    assert {"TASS", "ТАСС"} <= set(found.names)
    assert (found.country, found.outlets, found.articles) == ("RU", (Count("tass.ru", 1),), 1)


def test_credits_of_long_ago_are_not_counted(lake: LakeBuilder) -> None:
    new = wire("e", 31, "new.example")
    lake.run(new, credit(new, "tass"))
    found = page(lake)
    assert (found.cited_by, found.since) == ((Count("new.example", 1),), at(4).date())
    other = page(lake, "afp")
    assert (other.cited_by, other.since) == ((Count("paper.example", 1),), None)


def test_an_article_that_is_an_alias_is_listed_as_what_it_is(lake: LakeBuilder) -> None:
    lake.run(ArticleAlias(article_id=id_of("c"), alias_of=id_of("x"), reason="url", run_id="",
                          month="2024-05"))  # fmt: skip
    first = page(lake).newest[0]
    assert (first.article.article_id, first.phrase) == (id_of("x"), "according to tass")


def test_what_is_under_embargo_is_not_there(lake: LakeBuilder) -> None:
    for name in ("c", "t"):
        told = Control(uri=name, article_id=id_of(name), kind="embargo", at=at(9), source_uri="k",
                       run_id="", month="2024-05")  # fmt: skip
        lake.run(told)
    found = page(lake, at_=at(5))
    assert (len(found.newest), found.articles, found.left_out) == (2, 0, 2)
    assert "paper.example" not in repr(found)
    assert page(lake, "afp", at(5)).cited_by == ()


@pytest.mark.parametrize("agency", ["nobody", "", "\ud800"])
def test_an_unknown_source_is_an_error(lake: LakeBuilder, agency: str) -> None:
    with pytest.raises(NoSuchAgency):
        page(lake, agency)


def test_an_agency_of_the_list_has_a_page_in_an_empty_lake(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    found = page(builder)
    assert (found.cited_by, found.newest, found.missing) == ((), (), ("articles", "citations"))


def test_it_is_ready_for_json(lake: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(page(lake)), default=str)
