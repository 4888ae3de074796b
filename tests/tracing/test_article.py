"""`read_article`: versions, what was found in the text, who shares it, where it was seen."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from schemas.article import Article
from schemas.article_alias import ArticleAlias
from schemas.control import Control
from schemas.fact import Fact
from schemas.link import Aligned
from schemas.quote import Quote
from tests.lake.builder import LakeBuilder, article, at, id_of, link, place, sighting
from tests.tracing.small_lake import credit, member
from tracing.article import read_article
from tracing.article_model import ArticlePage
from tracing.find_articles import NoSuchArticle

TEXT = "The harbour of Tern will close for three weeks in April, its master said on Tuesday."


def wire(name: str, day: int, hour: int = 12, **fields: Any) -> Article:
    given: dict[str, Any] = {
        "published": at(day, hour), "published_tz_known": True, "first_seen": at(1),
        "body_text": TEXT,
    }  # fmt: skip
    return article(name, **{**given, **fields})


def page(builder: LakeBuilder, name: str = "b", at_: dt.datetime | None = None) -> ArticlePage:
    return read_article(builder.snapshot, id_of(name), embargo_at=at_)


@pytest.fixture
def copied(builder: LakeBuilder) -> LakeBuilder:
    """The text of `a` is in `b`, which credits it, and was updated; both are in one story."""
    a = wire("a", 1, 8, outlet="harbourgazette.example")
    b = wire("b", 1, 20, outlet="paper.example")
    newer = wire("b", 1, 20, version_id=id_of("b 2"), outlet="paper.example", headline="Newer",
                 versioncreated=at(2), signals=("update",),
                 body_text=f"{TEXT} So it said.")  # fmt: skip
    span = (Aligned(0, len(TEXT), 0, len(TEXT)),)
    joined = link("b2", "a", evidence=span, credited=True, credit="the Gazette", hours_apart=12.0,
                  containment_from=0.8, containment_to=0.9)  # fmt: skip
    said = Quote(article_id=newer.article_id, version_id=newer.version_id, field="body_text",
                 start=4, end=11, text="harbour", speaker="the master", quote_key=id_of("q"),
                 date=newer.date)  # fmt: skip
    number = Fact(article_id=newer.article_id, version_id=newer.version_id, field="body_text",
                  start=34, end=45, surface="three weeks", kind="measure", value="3",
                  unit="duration-week", date=newer.date)  # fmt: skip
    builder.run(
        a, b, newer, joined, said, number, member(a, "A"), member(b, "A"),
        credit(newer, "harbourgazette"), credit(b, "afp"),
        place(newer, "Tern", entity_id="geonames:1"), place(newer, "April", entity_id=None),
        place(newer, "Tuesday", entity_id=None),
        sighting(b), sighting(newer, "other.xml", feed="https://paper.example/rss"), sighting(a),
    )  # fmt: skip
    return builder


def test_versions_are_told_the_newest_first(copied: LakeBuilder) -> None:
    found = page(copied)
    assert [(one.order, one.version_id, one.is_current) for one in found.versions] == [
        (2, id_of("b 2"), True), (1, id_of("b 1"), False),
    ]  # fmt: skip
    assert found.versions[0].body_text == f"{TEXT} So it said."
    assert (found.versions[0].signals, found.versions[1].signals) == (("update",), ())
    assert (found.article.headline, found.article.story_id) == ("Newer", id_of("A"))
    assert (found.article.version_id, found.missing, found.left_out) == (id_of("b 2"), (), 0)


def test_what_was_found_is_of_the_version_that_is_shown(copied: LakeBuilder) -> None:
    found = page(copied)
    [credited] = found.credits
    assert (credited.agency, credited.cited) == ("harbourgazette", (id_of("a"),))
    assert [(one.entity_id, [at.text for at in one.places]) for one in found.names] == [
        ("geonames:1", ["Tern"]), (None, ["April"]), (None, ["Tuesday"]),
    ]  # fmt: skip
    [quoted] = found.quotes
    assert (quoted.quote_key, quoted.words.text) == (id_of("q"), "harbour")
    assert [(one.name, one.articles) for one in found.facts] == [("measure", 1)]


def test_both_ends_of_a_link_tell_of_it(copied: LakeBuilder) -> None:
    [share] = page(copied).shares
    assert (share.other.article_id, share.is_from_other) == (id_of("a"), True)
    assert (share.version_id, share.other_version_id) == (id_of("b 2"), id_of("a 1"))
    assert (share.contained, share.other_contained, share.credit) == (0.8, 0.9, "the Gazette")
    assert share.other.story_id == id_of("A")
    [share] = page(copied, "a").shares
    assert (share.other.article_id, share.is_from_other) == (id_of("b"), False)
    assert (share.version_id, share.contained) == (id_of("a 1"), 0.9)


def test_its_story_and_its_sightings(copied: LakeBuilder) -> None:
    found = page(copied)
    assert found.story is not None
    assert (found.story.story_id, found.story.reason, found.story.articles) == (
        id_of("A"), "joins", 2,
    )  # fmt: skip
    assert [(one.version_id, one.source_uri) for one in found.sightings] == [
        (id_of("b 1"), "feed.xml"), (id_of("b 2"), "other.xml"),
    ]  # fmt: skip


def test_a_kill_is_told_and_the_text_from_before_is_shown(copied: LakeBuilder) -> None:
    copied.run(Control(uri="u", article_id=id_of("a"), kind="kill", at=at(3), reason="wrong",
                       source_uri="k", run_id="", month="2024-05"))  # fmt: skip
    killed = page(copied, "a")
    assert killed.article.pubstatus == "canceled"
    assert [(one.kind, one.reason) for one in killed.messages] == [("kill", "wrong")]
    assert [(one.what, one.article_id) for one in page(copied).unreached] == [
        ("killed", id_of("a"))
    ]


@pytest.mark.parametrize(("any_outlet", "shown"), [(True, ["b"]), (False, []), (None, ["b"])])
def test_messages_by_its_name(
    builder: LakeBuilder, any_outlet: bool | None, shown: list[str]
) -> None:
    """Those that reach whoever has the name; rows from before the column tell by the colon."""
    named = article("b", outlet="two.example", guid="urn:wire:7")
    message = dataclasses.replace(
        embargo("x"), uri="urn:wire:7", kind="kill", reason="b", any_outlet=any_outlet
    )
    builder.run(named, sighting(named), message)
    assert [one.reason for one in page(builder).messages] == shown


def test_an_old_id_leads_to_the_article(copied: LakeBuilder) -> None:
    alias = ArticleAlias(
        article_id=id_of("z"), alias_of=id_of("b"), reason="url", run_id="", month="2024-05"
    )
    copied.run(alias)
    found = page(copied, "z")
    assert (found.article.article_id, found.aliases) == (id_of("b"), (id_of("z"),))


def embargo(name: str) -> Control:
    return Control(uri=name, article_id=id_of(name), kind="embargo", at=at(9), source_uri="k",
                   run_id="", month="2024-05")  # fmt: skip


def test_what_is_under_embargo_is_not_there(copied: LakeBuilder) -> None:
    copied.run(embargo("a"))
    with pytest.raises(NoSuchArticle):
        page(copied, "a", at(5))
    found = page(copied, at_=at(5))
    assert (found.shares, found.left_out) == ((), 1)
    assert found.credits[0].cited == ()
    assert found.story is not None
    assert found.story.articles == 1
    assert id_of("a") not in repr(found)
    assert len(page(copied, at_=at(9)).shares) == 1


def test_a_lake_of_articles_only(builder: LakeBuilder) -> None:
    builder.run(wire("b", 1))
    found = page(builder)
    assert (found.credits, found.story, found.shares, found.sightings) == ((), None, (), ())
    assert found.missing == (
        "citations", "entities", "quotes", "facts", "links", "story_members", "sightings",
    )  # fmt: skip


def test_credits_without_a_story_lead_nowhere(builder: LakeBuilder) -> None:
    b = wire("b", 1)
    builder.run(
        b, wire("a", 1, 8, outlet="tass.ru"), credit(b, "tass"), credit(b, "afp", "mention")
    )
    assert {one.agency: one.cited for one in page(builder).credits} == {"tass": (), "afp": ()}


@pytest.mark.parametrize("asked", ["0" * 32, "", "no id", "\ud800"])
def test_an_unknown_id_is_an_error(builder: LakeBuilder, asked: str) -> None:
    builder.run(wire("b", 1))
    with pytest.raises(NoSuchArticle):
        read_article(builder.snapshot, asked, embargo_at=None)


def test_it_is_ready_for_json(copied: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(page(copied)), default=str)
