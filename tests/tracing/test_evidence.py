"""`read_evidence`: spans of two texts that show why one depends on the other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from schemas.article import Article
from schemas.control import Control
from schemas.link import Aligned
from tests.lake.builder import LakeBuilder, article, at, id_of, link, place
from tests.tracing.small_lake import credit, member
from tracing.evidence import read_evidence
from tracing.evidence_model import Evidence, Side
from tracing.find_articles import NoSuchArticle

PASSAGE = "The harbour of Tern will close for three weeks in April"
EARLIER = f"{PASSAGE}, its master said. The ferries go to Rook."
LATER = f"Nothing moves. {PASSAGE}, as the Gazette reports. Tern has no other."


def wire(name: str, day: int, hour: int = 12, **fields: Any) -> Article:
    given = {"published": at(day, hour), "published_tz_known": True}
    return article(name, **{**given, **fields})


def evidence(builder: LakeBuilder, at_: dt.datetime | None = None) -> Evidence:
    return read_evidence(builder.snapshot, id_of("b 1"), id_of("a 1"), embargo_at=at_)


def marked(side: Side, kind: str) -> list[tuple[str, str]]:
    """What is marked, by its number or what it is."""
    texts = {one.field: one.text for one in side.texts}
    return [
        (str(one.number or one.what), texts[one.field][one.start : one.end])
        for one in side.marks
        if one.kind == kind
    ]


@pytest.fixture
def both(builder: LakeBuilder) -> LakeBuilder:
    """`b` has a passage of `a`, and says so; both name Tern, `a` alone Rook."""
    a = wire("a", 1, 8, outlet="gazette.example", body_text=EARLIER, byline="By Ada Poe")
    b = wire("b", 1, 20, outlet="paper.example", body_text=LATER)
    start = LATER.index("Gazette")
    named = credit(b, "gazette")
    named = dataclasses.replace(
        named, phrase="as the Gazette reports", surface="Gazette", start=start, end=start + 7
    )
    builder.run(
        a, b, named, credit(b, "afp"), credit(a, "paper", "mention"),
        place(a, "Tern", entity_id="geonames:1"), place(b, "Tern", entity_id="geonames:1"),
        place(a, "Rook", entity_id="geonames:2"), place(b, "April", entity_id=None),
    )  # fmt: skip
    return builder


def test_the_passage_is_marked_in_both_texts(both: LakeBuilder) -> None:
    found = evidence(both)
    assert (found.passages, found.longest, found.equal) == (1, 11, 11)
    assert marked(found.later, "shared") == [("1", PASSAGE)]
    assert marked(found.earlier, "shared") == [("1", PASSAGE)]
    assert marked(found.later, "rewritten") == []
    assert (found.earlier.words, found.earlier.contained) == (19, round(11 / 19, 4))
    assert [one.field for one in found.earlier.texts] == ["headline", "byline", "body_text"]


def test_what_was_rewritten_within_a_passage_is_marked(builder: LakeBuilder) -> None:
    one = "The harbour of Tern will close for three weeks in April, its old master said on Tuesday."
    other = one.replace("three weeks", "some twenty days or so")
    builder.run(wire("a", 1, body_text=one), wire("b", 2, body_text=other, outlet="b.example"))
    found = evidence(builder)
    assert marked(found.later, "rewritten")[0][1].strip() == "some twenty days or so"
    assert marked(found.earlier, "rewritten")[0][1].strip() == "three weeks"


def test_the_words_that_credit_the_other_are_marked(both: LakeBuilder) -> None:
    """Not whom it credits besides; and who only names the other credits nobody."""
    found = evidence(both)
    assert marked(found.later, "credit") == [("gazette", "as the Gazette reports")]
    [credited] = found.later.credits
    assert (credited.agency, credited.is_exact) == ("gazette", True)
    assert found.earlier.credits == ()


def test_a_phrase_that_does_not_stand_there_is_marked_by_the_name(builder: LakeBuilder) -> None:
    b = wire("b", 2, body_text="gazette wrote it.", outlet="paper.example")
    builder.run(wire("a", 1, outlet="gazette.example"), b, credit(b, "gazette"))
    assert marked(evidence(builder).later, "credit") == [("gazette", "gazette")]


def test_names_that_both_have_are_marked(both: LakeBuilder) -> None:
    found = evidence(both)
    assert marked(found.later, "name") == [("geonames:1", "Tern")]
    assert marked(found.earlier, "name") == [("geonames:1", "Tern")]
    assert [(one.entity_id, one.times, one.other_times) for one in found.names] == [
        ("geonames:1", 1, 1)
    ]


def test_without_a_link_credits_and_times_decide(both: LakeBuilder) -> None:
    found = evidence(both)
    assert (found.direction, found.direction_reason, found.is_in_order) == (
        "asserted", "credit", True,
    )  # fmt: skip
    assert (found.hours, found.link_kind, found.missing) == (12.0, None, ("links",))
    turned = read_evidence(both.snapshot, id_of("a 1"), id_of("b 1"), embargo_at=None)
    assert (turned.is_in_order, turned.hours) == (False, -12.0)


def test_the_link_says_which_is_later_and_why(both: LakeBuilder) -> None:
    span = (Aligned(15, 15 + len(PASSAGE), 0, len(PASSAGE)),)
    both.run(link("b", "a", "excerpt", evidence=span, hours_apart=12.0))
    found = evidence(both)
    assert (found.link_kind, found.link_versions) == ("excerpt", (id_of("b 1"), id_of("a 1")))
    assert (found.direction, found.direction_reason, found.is_in_order) == ("likely", "time", True)
    turned = read_evidence(both.snapshot, id_of("a 1"), id_of("b 1"), embargo_at=None)
    assert turned.is_in_order is False


def test_a_link_without_direction_says_nothing_of_the_order(both: LakeBuilder) -> None:
    both.run(link("b", "a", direction="unknown", direction_reason="no time", hours_apart=1.0))
    found = evidence(both)
    assert (found.direction_reason, found.is_in_order) == ("no time", None)


def test_an_article_means_its_current_version(both: LakeBuilder) -> None:
    newer = wire("b", 1, 20, version_id=id_of("b 2"), outlet="paper.example", body_text=PASSAGE,
                 versioncreated=at(2))  # fmt: skip
    both.run(newer)
    found = read_evidence(both.snapshot, id_of("b"), id_of("a"), embargo_at=None)
    assert (found.later.version_id, found.later.is_current) == (id_of("b 2"), True)
    old = evidence(both).later
    assert (old.version_id, old.is_current) == (id_of("b 1"), False)
    assert old.article.version_id == id_of("b 2")


def test_the_story_that_both_are_in(both: LakeBuilder) -> None:
    assert evidence(both).story_id is None
    rows = {row["article_id"]: row for row in both.rows("articles")}
    a, b = (article(n, date=rows[id_of(n)]["date"]) for n in "ab")
    both.run(member(a, "A"), member(b, "A"))
    assert evidence(both).story_id == id_of("A")


def test_what_is_under_embargo_is_not_there(both: LakeBuilder) -> None:
    told = Control(uri="u", article_id=id_of("a"), kind="embargo", at=at(9), source_uri="k",
                   run_id="", month="2024-05")  # fmt: skip
    both.run(told)
    with pytest.raises(NoSuchArticle):
        evidence(both, at(5))
    assert evidence(both, at(9)).passages == 1


@pytest.mark.parametrize("asked", ["0" * 32, "", "\ud800"])
def test_an_unknown_id_is_an_error(both: LakeBuilder, asked: str) -> None:
    with pytest.raises(NoSuchArticle):
        read_evidence(both.snapshot, id_of("b 1"), asked, embargo_at=None)


def test_it_is_ready_for_json(both: LakeBuilder) -> None:
    json.dumps(dataclasses.asdict(evidence(both)), default=str)
