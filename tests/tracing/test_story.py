"""`read_story`: who was first, who credits, copies and derives, and what of that is in doubt."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from schemas.article import Article
from schemas.control import Control
from schemas.link import Aligned
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit, member, run, tie
from tracing.story import read_story
from tracing.story_model import Story
from tracing.story_rows import NoSuchStory

TEXT = "The harbour of Tern will close for three weeks in April, its master said on Tuesday."


def wire(name: str, day: int, hour: int = 12, **fields: Any) -> Article:
    """An article whose time and zone are known; seen on the fifth of May."""
    given: dict[str, Any] = {
        "published": at(day, hour), "published_tz_known": True, "first_seen": at(5),
    }  # fmt: skip
    return article(name, **{**given, **fields})


def told(builder: LakeBuilder, name: str = "A", **given: Any) -> Story:
    return read_story(builder.snapshot, id_of(name), **given)


@pytest.fixture
def two_languages(builder: LakeBuilder) -> LakeBuilder:
    """TASS in Russian; a French paper that credits it, and one that credits the French paper."""
    tass = wire("tass", 1, 23, outlet="tass.ru", language="ru")
    matin = wire("matin", 2, 1, outlet="lematin.example", language="fr")
    soir = wire("soir", 2, 4, outlet="lesoir.example", language="fr")
    run(
        builder, tass, matin, soir, member(tass, "A"), member(matin, "B"), member(soir, "B"),
        tie("B", "A"), credit(matin, "tass"), credit(soir, "lematin"),
    )  # fmt: skip
    return builder


def test_a_story_over_two_languages(two_languages: LakeBuilder) -> None:
    """By its id, by that of a part, by an article's: parts, edges, path and lags."""
    found = told(two_languages)
    for name in ("B", "soir", "tass"):
        again = told(two_languages, name)
        assert dataclasses.replace(again, asked=found.asked) == found
    assert found.story_id == id_of("A")
    assert [(part.language, part.articles) for part in found.parts] == [
        (language, tuple(sorted(map(id_of, names))))
        for language, names in sorted(
            [("ru", ["tass"]), ("fr", ["matin", "soir"])],
            key=lambda part: id_of("A" if part[0] == "ru" else "B"),
        )
    ]
    assert [line.outlet for line in found.lines] == ["tass.ru", "lematin.example", "lesoir.example"]
    [derived] = found.derives
    assert (derived.article_id, derived.cited_id) == (id_of("matin"), id_of("tass"))
    assert (derived.words.field, derived.words.start, derived.words.end) == ("body_text", 0, 4)
    assert (derived.phrase, derived.doubt) == ("according to tass", None)
    [cited] = found.cites
    assert (cited.article_id, cited.cited_id) == (id_of("soir"), id_of("matin"))
    assert found.dangling == ()
    russian, french = found.languages
    assert (russian.language, russian.is_origin, russian.from_ids) == ("ru", True, ())
    assert (french.article_id, french.from_ids) == (id_of("matin"), (id_of("tass"),))
    assert [(lag.outlet, lag.hours) for lag in found.lags] == [
        ("tass.ru", 0.0), ("lematin.example", 2.0), ("lesoir.example", 5.0),
    ]  # fmt: skip
    assert [why.score for why in found.ties] == [0.9]


def test_who_is_first_and_by_how_much(two_languages: LakeBuilder) -> None:
    first = told(two_languages).first_claimed
    assert first is not None
    assert (first.article_id, first.next_id, first.hours) == (id_of("tass"), id_of("matin"), 2.0)
    assert first.doubts == ()


OTHERS: dict[str, dict[str, Any]] = {
    "less than an hour": {"published": at(2, 8).replace(minute=59)},
    "time zone not known": {"published": at(2, 12), "published_tz_known": False},
    "no date": {"published": None, "first_seen": at(3), "date": at(3).date()},
    "another was seen before": {"published": at(2, 20), "first_seen": at(2, 7)},
    "a day without a time": {"published": at(3, 0), "versioncreated": None},
}


@pytest.mark.parametrize("doubt", OTHERS)
def test_what_speaks_against_who_is_first(builder: LakeBuilder, doubt: str) -> None:
    fields = OTHERS[doubt]
    first = wire("first", 2, 8, outlet="a.example", first_seen=at(2, 9))
    if doubt == "a day without a time":
        first = dataclasses.replace(first, published=at(2, 0), date=at(2).date())
        fields = {"published": at(2, 9)}
    sure = wire("sure", 3, 12, outlet="b.example")
    given = {"outlet": "c.example", "published_tz_known": True, "first_seen": at(3)} | fields
    other = article("other", **given)
    run(builder, first, sure, member(first, "A"), member(sure, "A"))
    before = told(builder).first_claimed
    assert before is not None
    assert before.doubts == ()
    run(builder, other, member(other, "A", sequence=2))
    after = told(builder).first_claimed
    assert after is not None
    assert (after.article_id, after.doubts) == (id_of("first"), (doubt,))


def test_a_first_claim_of_a_text_that_was_revised_is_in_doubt(builder: LakeBuilder) -> None:
    first = wire("first", 2, 8, outlet="a.example")
    newer = wire("first", 2, 8, outlet="a.example", version_id=id_of("first 2"), word_count=9)
    other = wire("other", 2, 12, outlet="b.example")
    run(builder, first, newer, other, member(first, "A"), member(other, "A"))
    found = told(builder).first_claimed
    assert found is not None
    assert found.doubts == ("revised",)


def test_whom_we_saw_first_is_kept_apart(builder: LakeBuilder) -> None:
    early = wire("early", 2, 8, outlet="a.example", first_seen=at(4))
    late = wire("late", 2, 12, outlet="b.example", first_seen=at(3))
    run(builder, early, late, member(early, "A"), member(late, "A"))
    found = told(builder)
    assert found.first_claimed is not None
    assert found.first_seen is not None
    assert found.first_claimed.article_id == id_of("early")
    assert (found.first_seen.article_id, found.first_seen.hours) == (id_of("late"), 24.0)
    run(builder, dataclasses.replace(early, version_id=id_of("early 2"), first_seen=at(3)))
    again = told(builder).first_seen
    assert again is not None
    assert again.doubts == ("seen at once",)


def test_a_dangling_credit_is_filled_when_the_article_arrives(builder: LakeBuilder) -> None:
    citing = wire("citing", 3, outlet="paper.example")
    later = wire("later", 3, 20, outlet="tass.ru")
    run(builder, citing, member(citing, "A"), credit(citing, "tass"))
    [dangling] = told(builder).dangling
    assert (dangling.agency, dangling.later_original) == ("tass", None)
    run(builder, later, member(later, "A", sequence=2))
    [dangling] = told(builder).dangling
    assert dangling.later_original == id_of("later")
    assert told(builder).cites == ()
    original = wire("original", 3, 9, outlet="tass.ru")
    run(builder, original, member(original, "A", sequence=3))
    found = told(builder)
    assert found.dangling == ()
    assert [one.cited_id for one in found.cites] == [id_of("original")]


def test_of_several_of_one_agency_the_latest_before_is_meant_in_each_language(
    builder: LakeBuilder,
) -> None:
    citing = wire("citing", 3, 12, outlet="paper.example")
    english = [wire(f"en{hour}", 3, hour, outlet="tass.ru") for hour in (8, 11, 13)]
    russian = wire("ru", 3, 7, outlet="tass.ru", language="ru")
    rows = [member(one, "A") for one in (citing, *english)]
    run(builder, citing, *english, russian, *rows, member(russian, "B"), tie("B", "A"))
    run(builder, credit(citing, "tass"), credit(citing, "tass", "mention"))
    found = told(builder)
    assert [one.cited_id for one in found.cites] == [id_of("en11")]
    assert [one.cited_id for one in found.derives] == [id_of("ru")]


@pytest.mark.parametrize("kind", ["mention", "hop"])
def test_what_only_names_a_source_credits_nobody(builder: LakeBuilder, kind: str) -> None:
    citing, tass = wire("citing", 3, outlet="a.example"), wire("tass", 2, outlet="tass.ru")
    run(builder, citing, tass, member(citing, "A"), member(tass, "A"), credit(citing, "tass", kind))
    found = told(builder)
    assert (found.cites, found.dangling) == ((), ())


def test_a_credit_across_unknown_zones_is_in_doubt(builder: LakeBuilder) -> None:
    citing = wire("citing", 3, 12, outlet="a.example")
    tass = article("tass", published=at(3, 10), published_tz_known=False, outlet="tass.ru")
    run(builder, citing, tass, member(citing, "A"), member(tass, "A"), credit(citing, "tass"))
    assert [one.doubt for one in told(builder).cites] == ["times overlap"]


def copied(builder: LakeBuilder, **fields: Any) -> None:
    """A text of one day, and another outlet's and its own later text of it."""
    source = wire("a", 1, 8, outlet="harbourgazette.example", body_text=TEXT)
    copy = wire("b", 1, 20, outlet="paper.example", body_text=TEXT)
    newer = wire("c", 1, 21, outlet="harbourgazette.example", body_text=f"{TEXT} More.")
    span = (Aligned(0, len(TEXT), 0, len(TEXT)),)
    given = {"evidence": span, "hours_apart": 12.0} | fields
    links = [link("b", "a", **given), link("c", "a", "updates", evidence=span, hours_apart=13.0)]
    run(builder, source, copy, newer, *links, *(member(one, "A") for one in (source, copy, newer)))


def test_copies_updates_and_missing_credit(builder: LakeBuilder) -> None:
    copied(builder)
    found = told(builder)
    [copy] = found.copies
    assert (copy.from_article_id, copy.to_article_id) == (id_of("b"), id_of("a"))
    assert (copy.kind, copy.direction, copy.credited) == ("reprint", "likely", False)
    assert [(one.from_article_id, one.kind) for one in found.updates] == [(id_of("c"), "updates")]
    [missing] = found.missing_credit
    assert (missing.article_id, missing.source, missing.passage) == (
        id_of("b"), "harbourgazette.example", TEXT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "cites"),
    [({"hours_apart": 0.5}, False), ({"credited": True}, False), ({}, True)],
    ids=["within an hour", "credited", "cites somebody"],
)
def test_no_credit_is_missing_where_that_is_in_doubt(
    builder: LakeBuilder, fields: dict[str, Any], cites: bool
) -> None:
    copied(builder, **fields)
    if cites:
        run(builder, credit(wire("b", 1), "reuters", "mention"))
    found = told(builder)
    assert len(found.copies) == 1
    assert found.missing_credit == ()


def test_a_correction_that_did_not_arrive_is_told(builder: LakeBuilder) -> None:
    copied(builder)
    mended = wire("a", 1, 8, version_id=id_of("a 2"), outlet="harbourgazette.example",
                  versioncreated=at(2), signals=("correction",))  # fmt: skip
    run(builder, mended)
    lines = {line.article_id: line for line in told(builder).lines}
    assert [one.what for one in lines[id_of("b")].unreached] == ["corrected"]


def test_a_killed_article_is_shown_as_it_was(builder: LakeBuilder) -> None:
    one = wire("one", 2, outlet="a.example", headline="Old", versioncreated=at(2))
    kill = wire("one", 2, version_id=id_of("one 2"), outlet="a.example", headline="KILL",
                versioncreated=at(3), pubstatus="canceled")  # fmt: skip
    run(builder, one, kill, member(one, "A"))
    [line] = told(builder).lines
    assert (line.headline, line.pubstatus) == ("Old", "canceled")


def test_what_is_under_embargo_is_not_there(two_languages: LakeBuilder) -> None:
    run(
        two_languages,
        Control(uri="u", article_id=id_of("tass"), kind="embargo", at=at(9), source_uri="k",
                run_id="", month="2024-05"),
    )  # fmt: skip
    found = told(two_languages, embargo_at=at(5))
    assert (found.left_out, len(found.lines)) == (1, 2)
    assert (found.derives, found.ties) == ((), ())
    assert [one.agency for one in found.dangling] == ["tass"]
    assert id_of("tass") not in repr(found)
    asked = told(two_languages, "tass", embargo_at=at(5))
    assert (asked.lines, asked.left_out) == ((), 1)
    assert len(told(two_languages, embargo_at=at(9)).lines) == 3


def test_an_unknown_id_is_an_error(two_languages: LakeBuilder) -> None:
    with pytest.raises(NoSuchStory, match="0" * 32):
        read_story(two_languages.snapshot, "0" * 32)
