"""Copies in small lakes: of which kind, who is later and how that is known, and who is credited."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.article import Article
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
    return find_copies(pinned, find_version(pinned, id_of(name), None), days)


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
    line = only(builder, first, copy("copy", LOCAL, "2"))
    assert line.version_id == first.version_id


@pytest.mark.parametrize(
    ("fields", "is_later", "direction"),
    [
        ({"published": at(2, 6)}, False, "likely"),
        ({"published": None}, None, "unknown"),
        ({"published": at(2, 8)}, None, "unknown"),
        ({"published_tz_known": False}, None, "unknown"),
        ({"published_tz_known": False, "published": at(3, 12)}, True, "likely"),
    ],
    ids=["earlier", "no time", "the same time", "zone unknown", "zone unknown, a day later"],
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


def test_the_earlier_ones_credit_of_the_later_is_none_of_the_copy(builder: LakeBuilder) -> None:
    """It credits that outlet with something else: what it copied cannot have come after it."""
    line = only(builder, copy("copy"), credit(ORIGINAL, "paper"))
    assert (line.is_later, line.direction, line.credit) == (True, "likely", None)


@pytest.mark.parametrize(("kind", "found"), [("mention", None), ("via", "according to wire")])
def test_a_mention_is_no_credit(builder: LakeBuilder, kind: str, found: str | None) -> None:
    late = copy("copy")
    assert only(builder, late, credit(late, "wire", kind)).credit == found


@pytest.mark.parametrize(("days", "found"), [(3, 0), (4, 1)])
def test_days_are_those_of_claimed_time(builder: LakeBuilder, days: int, found: int) -> None:
    run(builder, ORIGINAL, copy("copy", published=at(6)))
    assert len(copies(builder, days=days)) == found


def test_without_a_time_the_whole_lake_is_compared(builder: LakeBuilder) -> None:
    run(builder, copy("undated", published=None, first_seen=at(1)), copy("late", published=at(28)))
    assert [line.article_id for line in copies(builder, "undated")] == [id_of("late")]


def test_a_form_of_other_days_is_no_copy_days_later(builder: LakeBuilder) -> None:
    """The same data twice in a week are no copy where the form comes every day with others."""
    asked = copy("asked", TODAY, outlet="wire.example", published=at(10, 8))
    again = copy("again", TODAY, published=at(14, 8))
    soon = copy("soon", TODAY, published=at(10, 9))
    run(builder, asked, again, soon)
    assert [line.article_id for line in copies(builder, "asked")] == [id_of("soon"), id_of("again")]
    filled = [
        copy(f"day {day}", LATER.replace("310", str(300 + day)), published=at(day, 8))
        for day in (11, 12, 13)
    ]
    run(builder, *filled)
    assert [line.article_id for line in copies(builder, "asked")] == [id_of("soon")]


def test_another_language_is_not_compared_unless_it_is_unknown(builder: LakeBuilder) -> None:
    run(builder, ORIGINAL, copy("fr", language="fr"), copy("und", language="und"))
    assert [line.article_id for line in copies(builder)] == [id_of("und")]


def test_who_may_not_be_seen_is_left_out(builder: LakeBuilder) -> None:
    run(builder, ORIGINAL, copy("copy"))
    pinned = builder.snapshot
    asked = find_version(pinned, id_of("original"), None)
    assert find_copies(pinned, asked, 7, {id_of("copy")}) == []
