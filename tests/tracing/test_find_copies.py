"""Copies in small lakes: of which kind, who is later and how that is known, and who is credited."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from schemas.article import Article
from schemas.article_alias import ArticleAlias
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import credit, run
from tests.transforms.copies.test_verify import LATER, LOCAL, PART, TODAY, WIRE
from tracing.find_copies import CopyLine, find_copies
from tracing.find_version import find_version

ORIGINAL = article(
    "original", outlet="wire.example", body_text=WIRE, published=at(2, 8), published_tz_known=True
)


def copy(name: str, text: str = WIRE, version: str = "1", **fields: Any) -> Article:
    """An article of a paper that has the text two hours later."""
    given: dict[str, Any] = {
        "outlet": "paper.example", "body_text": text, "published": at(2, 10),
        "published_tz_known": True,
    }  # fmt: skip
    return article(name, version, **{**given, **fields})


def copies(builder: LakeBuilder, name: str = "original", days: int = 7) -> list[CopyLine]:
    pinned = builder.snapshot
    lines, left_out = find_copies(pinned, find_version(pinned, id_of(name), None), days)
    assert left_out == 0
    return lines


def only(builder: LakeBuilder, *rows: Any) -> CopyLine:
    run(builder, ORIGINAL, *rows)
    [line] = copies(builder)
    return line


@pytest.mark.parametrize(
    ("text", "outlet", "kind"),
    [
        (WIRE, "paper.example", "reprint"),
        (WIRE, "wire.example", "resend"),
        (f"{LOCAL}\n\n{WIRE}\n\n{LOCAL}", "paper.example", "embedded"),
        (f"{LOCAL} {PART}", "paper.example", "excerpt"),
    ],
)
def test_kinds(builder: LakeBuilder, text: str, outlet: str, kind: str) -> None:
    line = only(builder, copy("copy", text, outlet=outlet))
    assert (line.kind, line.outlet, line.is_later, line.direction) == (kind, outlet, True, "likely")
    (one, other), *_ = line.passages
    assert WIRE[slice(*one)].startswith("Mariners of the Aurora")
    assert text[slice(*other)].startswith("Mariners of the Aurora")


def test_what_shares_nothing_and_its_own_versions_are_no_copies(builder: LakeBuilder) -> None:
    newer = article("original", "2", outlet="wire.example", body_text=WIRE + " More.")
    run(builder, ORIGINAL, newer, copy("other", LOCAL))
    assert copies(builder) == []


def test_an_article_is_a_copy_by_the_version_that_shares_most(builder: LakeBuilder) -> None:
    first = copy("copy", WIRE)
    line = only(builder, first, copy("copy", LOCAL, "2", versioncreated=at(2, 11)))
    assert (line.version_id, line.is_current) == (first.version_id, False)


def test_of_versions_that_share_as_much_the_current_one_is_shown(builder: LakeBuilder) -> None:
    newer = copy("copy", version="2", versioncreated=at(2, 11), headline="Harbour closed")
    line = only(builder, copy("copy"), newer)
    assert (line.version_id, line.is_current) == (newer.version_id, True)


def test_a_killed_copy_says_so(builder: LakeBuilder) -> None:
    line = only(builder, copy("copy", pubstatus="canceled"))
    assert line.pubstatus == "canceled"


def test_an_article_with_two_ids_is_one_copy(builder: LakeBuilder) -> None:
    alias = ArticleAlias(
        article_id=id_of("newer"), alias_of=id_of("copy"), reason="url", run_id="", month="2024-05"
    )
    line = only(builder, copy("copy"), copy("newer"), alias)
    assert line.article_id == id_of("copy")


@pytest.mark.parametrize(
    ("fields", "is_later", "direction"),
    [
        ({"published": at(2, 6)}, False, "likely"),
        ({"published": None}, None, "unknown"),
        ({"published": at(2, 8)}, None, "unknown"),
        ({"published_tz_known": False}, None, "unknown"),
        ({"published_tz_known": False, "published": at(3, 12)}, True, "likely"),
        ({"published_tz_known": False, "published": at(1, 0)}, None, "unknown"),
        ({"published": at(2, 6), "versioncreated": at(2, 12)}, None, "unknown"),
    ],
    ids=[
        "earlier",
        "no time",
        "the same time",
        "zone unknown",
        "zone unknown, a day later",
        "a day without a time",
        "changed since",
    ],
)
def test_who_is_later_is_said_only_where_times_tell(
    builder: LakeBuilder, fields: dict[str, Any], is_later: bool | None, direction: str
) -> None:
    line = only(builder, copy("copy", **fields))
    assert (line.is_later, line.direction, line.credit) == (is_later, direction, None)


def test_a_credit_says_who_is_later_where_times_do_not(builder: LakeBuilder) -> None:
    late = copy("copy", published=None)
    line = only(builder, late, credit(late, "wire"))
    assert (line.is_later, line.direction) == (True, "asserted")
    assert line.credit == "according to wire"


def test_where_credit_and_times_contradict_nothing_is_known(builder: LakeBuilder) -> None:
    """The earlier one credits the later one's outlet; both are shown."""
    line = only(builder, copy("copy"), credit(ORIGINAL, "paper"))
    assert (line.is_later, line.direction) == (None, "unknown")
    assert (line.credit, line.other_credit) == (None, "according to paper")


def test_a_part_of_a_name_credits_and_asserts_nothing(builder: LakeBuilder) -> None:
    """`wiretap.example` is not `wire`."""
    agency = dataclasses.replace(ORIGINAL, outlet="agence-halcyon.example")
    late = copy("copy", published=None)
    run(builder, agency, late, credit(late, "halcyon"))
    [line] = copies(builder)
    assert (line.credit, line.is_later, line.direction) == (
        "according to halcyon", None, "unknown",
    )  # fmt: skip


def test_a_known_outlet_is_credited_by_its_own_id_only(builder: LakeBuilder) -> None:
    """`interfax` is not `interfax.com.ua`, which is another agency."""
    agency = dataclasses.replace(ORIGINAL, outlet="interfax.com.ua")
    late = copy("copy")
    run(builder, agency, late, credit(late, "interfax"))
    [line] = copies(builder)
    assert (line.credit, line.credits) == (None, ("interfax",))


@pytest.mark.parametrize(("kind", "found"), [("mention", None), ("via", "according to wire")])
def test_a_mention_is_no_credit(builder: LakeBuilder, kind: str, found: str | None) -> None:
    late = copy("copy")
    assert only(builder, late, credit(late, "wire", kind)).credit == found


@pytest.mark.parametrize(("days", "found"), [(3, 0), (4, 1)])
def test_days_are_those_of_claimed_time(builder: LakeBuilder, days: int, found: int) -> None:
    run(builder, ORIGINAL, copy("copy", published=at(6)))
    assert len(copies(builder, days=days)) == found


def test_what_claims_no_time_is_near_to_everything(builder: LakeBuilder) -> None:
    """From either end."""
    run(builder, copy("undated", published=None, first_seen=at(1)), copy("late", published=at(28)))
    assert [line.article_id for line in copies(builder, "undated")] == [id_of("late")]
    assert [line.article_id for line in copies(builder, "late")] == [id_of("undated")]


def test_a_form_of_other_days_is_said_to_be_one(builder: LakeBuilder) -> None:
    """The same data twice in a week are no copy where the form comes every day with others.

    Unless one credits the other, or they are hours apart.
    """
    asked = copy("asked", TODAY, outlet="wire.example", published=at(10, 8))
    again = copy("again", TODAY, published=at(14, 8))
    soon = copy("soon", TODAY, published=at(10, 9))
    run(builder, asked, again, soon)
    kinds = [(line.article_id, line.kind) for line in copies(builder, "asked")]
    assert kinds == [(id_of("soon"), "reprint"), (id_of("again"), "reprint")]
    filled = [
        copy(f"day {day}", LATER.replace("310", str(300 + day)), published=at(day, 8))
        for day in (11, 12, 13)
    ]
    run(builder, *filled)
    kinds = [(line.article_id, line.kind) for line in copies(builder, "asked")]
    assert kinds == [(id_of("soon"), "reprint"), (id_of("again"), "form")]
    run(builder, credit(again, "wire"))
    assert [line.kind for line in copies(builder, "asked")] == ["reprint", "reprint"]


def test_another_language_is_not_compared_unless_it_is_unknown(builder: LakeBuilder) -> None:
    run(builder, ORIGINAL, copy("fr", language="fr"), copy("und", language="und"))
    assert [line.article_id for line in copies(builder)] == [id_of("und")]


def test_who_may_not_be_seen_is_left_out(builder: LakeBuilder) -> None:
    run(builder, ORIGINAL, copy("copy"))
    pinned = builder.snapshot
    asked = find_version(pinned, id_of("original"), None)
    assert find_copies(pinned, asked, 7, {id_of("copy"), id_of("elsewhere")}) == ([], 1)


@pytest.mark.parametrize(("stated", "is_told"), [(None, False), (at(2, 9), True)])
def test_times_tell_nothing_of_a_text_that_was_put_in_nobody_knows_when(
    builder: LakeBuilder, stated: Any, is_told: bool
) -> None:
    """The wire's page had another text at the time that it claims."""
    first = dataclasses.replace(
        ORIGINAL, version_id=id_of("original 0"), body_text="Other words.", word_count=2
    )
    text = dataclasses.replace(ORIGINAL, versioncreated=stated)
    run(builder, first, text, copy("copy"))
    [line] = copies(builder)
    assert (line.is_later, line.direction) == ((True, "likely") if is_told else (None, "unknown"))


def test_nor_where_the_copy_was_there_before(builder: LakeBuilder) -> None:
    before = copy("copy", "Other words.", "0", published=at(2, 7))
    run(builder, ORIGINAL, before, copy("copy"))
    [line] = copies(builder)
    assert (line.is_later, line.direction) == (None, "unknown")
