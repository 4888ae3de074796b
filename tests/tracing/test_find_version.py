"""Which text an id or an address means."""

from __future__ import annotations

import pytest

from schemas.article_alias import ArticleAlias
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import run
from tracing.find_articles import NoSuchArticle
from tracing.find_version import SeveralArticles, find_version

URL = "https://example.org/one"
OLD = article("one", "1", versioncreated=at(2, 8), body_text="Old text.", url=URL)
NEW = article("one", "2", versioncreated=at(2, 9), body_text="New text.", url=URL)


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    run(builder, OLD, NEW, article("short", body_text="", description_text="A standfirst."))
    return builder


@pytest.mark.parametrize(
    ("asked", "text", "field"),
    [
        (id_of("one"), "New text.", "body_text"),
        (URL, "New text.", "body_text"),
        (OLD.version_id, "Old text.", "body_text"),
        (id_of("short"), "A standfirst.", "description_text"),
    ],
    ids=["article", "address", "version", "without a body"],
)
def test_the_current_version_or_the_one_that_is_named(
    lake: LakeBuilder, asked: str, text: str, field: str
) -> None:
    found = find_version(lake.snapshot, asked, None)
    assert (found.text, found.field) == (text, field)


def test_an_alias_leads_to_its_article(lake: LakeBuilder) -> None:
    alias = ArticleAlias(
        article_id=id_of("newer"), alias_of=id_of("one"), reason="url", run_id="", month="2024-05"
    )
    lake.run(alias)
    assert find_version(lake.snapshot, id_of("newer"), None).text == "New text."


@pytest.mark.parametrize("asked", ["0" * 32, "https://example.org/nothing", "words of it"])
def test_what_nothing_has_is_an_error_that_says_where_to_look(
    lake: LakeBuilder, asked: str
) -> None:
    with pytest.raises(NoSuchArticle, match="wiretrace trace"):
        find_version(lake.snapshot, asked, None)


@pytest.mark.parametrize("asked", [id_of("one"), OLD.version_id, URL])
def test_who_may_not_see_an_article_is_not_told_of_it(lake: LakeBuilder, asked: str) -> None:
    with pytest.raises(NoSuchArticle):
        find_version(lake.snapshot, asked, None, {id_of("one")})


def test_an_address_of_two_articles_names_both(lake: LakeBuilder) -> None:
    run(lake, article("two", url=URL, outlet="other.example"))
    with pytest.raises(SeveralArticles, match=f"{id_of('one')}|{id_of('two')}"):
        find_version(lake.snapshot, URL, None)
