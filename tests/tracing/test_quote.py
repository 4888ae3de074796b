"""`read_quote`: who carries a quotation, by its key."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.article import Article
from schemas.control import Control
from schemas.quote import Quote
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import credit, member
from tracing.quote import NoSuchQuote, read_quote
from tracing.quote_model import QuotePage

WORDS = "We shall close the harbour of Tern for three weeks in April"
OTHER = "We shall close the harbour of Tern for two weeks in April"


def wire(name: str, day: int, words: str = WORDS, **fields: Any) -> Article:
    given = {"published": at(day), "outlet": f"{name}.example", "body_text": f"“{words}”, he said."}
    return article(name, **{**given, **fields})


def quote(of: Article, key: str, words: str = WORDS) -> Quote:
    return Quote(
        article_id=of.article_id, version_id=of.version_id, field="body_text", start=1,
        end=1 + len(words), text=words, quote_key=id_of(key), date=of.date,
        speaker_entity_id="name:ada-poe",
    )  # fmt: skip


def page(builder: LakeBuilder, key: str = "q", at_: dt.datetime | None = None) -> QuotePage:
    return read_quote(builder.snapshot, id_of(key), embargo_at=at_)


@pytest.fixture
def lake(builder: LakeBuilder) -> LakeBuilder:
    """`a` and `b` carry it, `c` changed it; `d` says the like in French, `e` in another story."""
    a, b = wire("a", 1), wire("b", 2)
    c, e = (wire(name, 3, OTHER) for name in "ce")
    d = wire("d", 3, "Le port ferme", language="fr")
    mine = [member(one, "A") for one in (a, b, c, d)]
    builder.run(
        a, b, c, d, e, quote(a, "q"), quote(b, "q"), quote(c, "r", OTHER), quote(e, "r", OTHER),
        quote(d, "s", "Le port ferme"), *mine, member(e, "E"), credit(b, "a"),
    )  # fmt: skip
    return builder


def test_who_carries_it_by_time_with_whom_they_credit(lake: LakeBuilder) -> None:
    found = page(lake)
    [travel] = found.travels
    assert [one.article_id for one in travel.occurrences] == [id_of("a"), id_of("b")]
    assert [one.agency for one in travel.occurrences[1].credits] == ["a"]
    assert (travel.text, travel.story_ids, found.missing) == (WORDS, (id_of("A"),), ())


def test_variants_and_other_languages_are_of_the_same_story(lake: LakeBuilder) -> None:
    [travel] = page(lake).travels
    assert [
        (one.quote_key, [p.article_id for p in one.occurrences]) for one in travel.variants
    ] == [(id_of("r"), [id_of("c")])]
    assert [one.quote_key for one in travel.translated] == [id_of("s")]


def test_what_is_under_embargo_is_not_there(lake: LakeBuilder) -> None:
    for name in "bc":
        told = Control(uri=name, article_id=id_of(name), kind="embargo", at=at(9), source_uri="k",
                       run_id="", month="2024-05")  # fmt: skip
        lake.run(told)
    found = page(lake, at_=at(5))
    [travel] = found.travels
    assert [one.article_id for one in travel.occurrences] == [id_of("a")]
    assert (travel.variants, found.left_out) == ((), 2)


def test_without_stories_the_carriers_are_told(builder: LakeBuilder) -> None:
    a = wire("a", 1)
    builder.run(a, quote(a, "q"))
    found = page(builder)
    assert len(found.travels[0].occurrences) == 1
    assert found.missing == ("citations", "story_members")


def test_a_key_that_nothing_has_any_more_is_an_error(lake: LakeBuilder) -> None:
    """A version that was replaced carries nothing."""
    lake.run(wire("e", 3, version_id=id_of("e 2"), versioncreated=at(4), body_text="Nothing."))
    lake.run(wire("c", 3, version_id=id_of("c 2"), versioncreated=at(4), body_text="Nothing."))
    with pytest.raises(NoSuchQuote):
        page(lake, "r")


@pytest.mark.parametrize("key", ["0" * 32, "", "\ud800", "harbour"])
def test_an_unknown_key_is_an_error(lake: LakeBuilder, key: str) -> None:
    with pytest.raises(NoSuchQuote):
        read_quote(lake.snapshot, key, embargo_at=None)


def test_a_lake_without_quotes(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    with pytest.raises(NoSuchQuote):
        page(builder)


def test_it_is_ready_for_json(lake: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(page(lake)), default=str)
