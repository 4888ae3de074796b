"""`read_search`: what a text in the search field means."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.article import Article
from schemas.control import Control
from schemas.ids import key_id
from schemas.quote import Quote
from tests.lake.builder import LakeBuilder, article, at, id_of, place
from tests.tracing.small_lake import member
from tracing.search import read_search
from tracing.search_model import Search
from transforms.urls import normalize_url

URL = "https://www.paper.example/tern?utm_source=x"


def wire(name: str, day: int, **fields: Any) -> Article:
    return article(name, **{"published": at(day), "outlet": "paper.example", **fields})


def search(builder: LakeBuilder, asked: str, at_: dt.datetime | None = None) -> Search:
    return read_search(builder.snapshot, asked, embargo_at=at_)


def ids(found: Search) -> list[str]:
    return [hit.article.article_id for hit in found.hits]


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    address = {"url": URL, "normalized_url": normalize_url(URL)}
    text = {"headline": "Harbour of Tern closes", "body_text": "Ferries rest in Tern."}
    harbour = wire("a", 1, **address, **text)
    other = wire("b", 2, headline="Tern votes", outlet="gazette.example", body_text="A vote.")
    said = Quote(article_id=harbour.article_id, version_id=harbour.version_id, field="body_text",
                 start=0, end=12, text="Ferries rest", quote_key=id_of("q"),
                 date=harbour.date)  # fmt: skip
    rows = [member(harbour, "A"), member(other, "A"), said]
    builder.run(harbour, other, *rows, place(harbour, "Tern", entity_id="geonames:77"))
    return builder


def test_words_find_articles_with_the_words_they_have(lake: LakeBuilder) -> None:
    found = search(lake, "Harbour of Tern")
    assert (found.kind, found.id) == ("words", None)
    assert found.hits[0].article.headline == "Harbour of Tern closes"
    assert set(found.hits[0].words) == {"harbour", "tern"}
    assert found.hits[0].article.story_id == id_of("A")


@pytest.mark.parametrize(
    ("asked", "kind", "leads_to"),
    [
        (id_of("a"), "article", id_of("a")),
        (id_of("a 1"), "article", id_of("a")),
        (URL, "article", id_of("a")),
        (f"  {URL} ", "article", id_of("a")),
        (id_of("A"), "story", id_of("A")),
        (id_of("q"), "quote", id_of("q")),
        ("geonames:77", "entity", "geonames:77"),
        ("geonames:78", "nothing", None),
        ("gazette.example", "outlet", "gazette.example"),
        ("www.Gazette.example", "outlet", "gazette.example"),
        ("nobody.example", "nothing", None),
        ("TASS", "agency", "tass"),
        ("zebra", "nothing", None),
        ("https://nowhere.example/x", "nothing", None),
        ("0" * 32, "nothing", None),
        ("", "nothing", None),
        ("\ud800\x00", "nothing", None),
    ],
)
def test_what_a_text_means(lake: LakeBuilder, asked: str, kind: str, leads_to: str | None) -> None:
    found = search(lake, asked)
    assert (found.kind, found.id) == (kind, leads_to)


def test_an_address_is_known_by_its_key(lake: LakeBuilder) -> None:
    """A key leads to the article, whatever address the text was delivered with."""
    made = wire("c", 3)
    key = key_id("paper.example", "url", "https://paper.example/other")
    lake.run(made)
    from lake.keys import KeyEntry, committed_state, pack_keys, publish_state, write_state

    sequence = lake.snapshot.sequence
    base = committed_state(lake.lake, sequence)
    entry = KeyEntry(made.article_id, sequence, made.date.toordinal())
    new = write_state(lake.lake, [pack_keys([(key, entry)])], [])
    publish_state(lake.lake, sequence + 1, base, new)
    lake.run()
    found = search(lake, "http://paper.example/other/")
    assert (found.kind, found.id) == ("article", id_of("c"))


def test_an_address_that_two_articles_have_leads_to_both(lake: LakeBuilder) -> None:
    lake.run(wire("c", 3, url=URL, normalized_url=normalize_url(URL), outlet="copy.example"))
    found = search(lake, URL)
    assert (found.kind, found.id) == ("words", None)
    assert sorted(ids(found)) == sorted([id_of("a"), id_of("c")])


def test_what_is_under_embargo_is_not_there(lake: LakeBuilder) -> None:
    told = Control(uri="u", article_id=id_of("a"), kind="embargo", at=at(9), source_uri="k",
                   run_id="", month="2024-05")  # fmt: skip
    lake.run(told)
    for asked in (id_of("a"), id_of("a 1"), URL, id_of("q"), "harbour"):
        found = search(lake, asked, at(5))
        assert (found.kind, found.id, found.hits) == ("nothing", None, ())
        assert search(lake, asked, at(9)).hits
    assert search(lake, id_of("A"), at(5)).kind == "story"
    lake.run(dataclasses.replace(told, article_id=id_of("b")))
    assert search(lake, id_of("A"), at(5)).kind == "nothing"


def test_what_is_under_embargo_cannot_be_guessed_by_its_words(lake: LakeBuilder) -> None:
    """The answer to a word that only it has is the one to a word that nothing has."""
    told = Control(uri="u", article_id=id_of("a"), kind="embargo", at=at(9), source_uri="k",
                   run_id="", month="2024-05")  # fmt: skip
    lake.run(told)
    hidden, nothing = (search(lake, word, at(5)) for word in ("harbour", "zzzz"))
    assert dataclasses.replace(hidden, asked="zzzz") == nothing
    assert ids(search(lake, "votes", at(5))) == [id_of("b")]


def test_an_empty_lake_says_what_is_missing(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    for asked in ("tern", "0" * 32, URL, "paper.example", "geonames:1"):
        found = search(builder, asked)
        assert (found.kind, found.missing) == ("nothing", ("articles",))


def test_it_is_ready_for_json(lake: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(search(lake, "tern")), default=str)
