"""Who is listed as carrying text uncredited, and all those who are not."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from schemas.link import Aligned
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit
from tracing.find_uncredited import NoSuchOutlet, find_uncredited

TEXT = "The harbour of Tern will close for three weeks in April, its master said on Tuesday."
SPAN = (Aligned(0, len(TEXT), 0, len(TEXT)),)


def take(
    builder: LakeBuilder,
    copy: dict[str, Any] | None = None,
    source: dict[str, Any] | None = None,
    *more: Any,
    **fields: Any,
) -> None:
    """A source of the first of May at noon, and its copy of the evening."""
    both = {"body_text": TEXT, "published_tz_known": True}
    ours = both | {"outlet": "paper.example", "published": at(1, 20)} | (copy or {})
    theirs = both | {"outlet": "harbourgazette.example"} | (source or {})
    row = link("b", "a", **({"evidence": SPAN, "hours_apart": 8.0} | fields))
    builder.run(article("a", **theirs), article("b", **ours), row, *more)


def listed(builder: LakeBuilder, outlet: str = "paper.example", **unseen: Any) -> list[str]:
    return [line.source for line in find_uncredited(builder.snapshot, outlet, **unseen)[0]]


def test_whoever_names_nobody_is_listed_with_the_words(builder: LakeBuilder) -> None:
    take(builder)
    [line], left_out = find_uncredited(builder.snapshot, "paper.example")
    assert (line.article_id, line.source_article_id) == (id_of("b"), id_of("a"))
    assert (line.passage, line.hours_later, left_out) == (TEXT, 8.0, 0)


NAMING = {
    "the outlet's name as people write it": {"body_text": f"{TEXT} First in Harbour Gazette."},
    "it in a field": {"creditline": "harbour gazette"},
    "it as the canonical address": {"canonical_url": "https://harbourgazette.example/1"},
    "it as a keyword": {"keywords": ("Harbour Gazette",)},
    "an agency as the provider": {"provider": "dpa"},
    "agencies without a name": {"byline": "Staff and agencies"},
    "a press release": {"body_text": f"{TEXT}\nPressemitteilung"},
    "in Chinese that it is of several": {"body_text": f"{TEXT}\n综合"},
}


@pytest.mark.parametrize("what", NAMING)
def test_whoever_names_somebody_is_not(builder: LakeBuilder, what: str) -> None:
    take(builder, NAMING[what])
    assert listed(builder) == []


@pytest.mark.parametrize("kind", ["attribution", "mention", "credit"])
def test_nor_who_cites_anybody_in_any_version(builder: LakeBuilder, kind: str) -> None:
    older = article("b", "0", outlet="paper.example", published=at(1, 19), body_text="Older.")
    take(builder, None, None, older, credit(older, "reuters", kind))
    assert listed(builder) == []


def test_nor_who_names_another_whose_text_it_has(builder: LakeBuilder) -> None:
    """The source of the words is named, though not the one that had them in between."""
    first = article("c", outlet="zeitungneun.example", published=at(1, 6), body_text=TEXT)
    row = link("b", "c", evidence=SPAN, hours_apart=14.0)
    take(builder, {"body_text": f"{TEXT} We thank zeitungneun."}, None, first, row)
    assert listed(builder) == []


UNSURE = {
    "less than an hour": {"hours_apart": 0.9},
    "a credit, which the link knows": {"credited": True},
    "a direction that is not known": {"direction": "unknown", "direction_reason": "times overlap"},
    "a direction by the shape": {"direction_reason": "shape"},
    "a short run": {"longest": 39},
    "a low score": {"score": 0.5},
    "an update": {"kind": "updates"},
}


@pytest.mark.parametrize("what", UNSURE)
def test_nor_what_is_not_sure(builder: LakeBuilder, what: str) -> None:
    take(builder, **UNSURE[what])
    assert listed(builder) == []


def test_nor_who_was_seen_first_or_was_there_before(builder: LakeBuilder) -> None:
    take(builder, {"first_seen": at(1, 11)})
    assert listed(builder) == []


def test_nor_who_had_a_version_before(builder: LakeBuilder) -> None:
    """What it said then is not known to differ."""
    before = article("b", "0", outlet="paper.example", published=at(1, 9), body_text="Before.")
    take(builder, None, None, before)
    assert listed(builder) == []


def test_nor_against_a_text_that_was_put_in_nobody_knows_when(builder: LakeBuilder) -> None:
    """The source's page had other words at the time that it claims."""
    first = article(
        "a", "0", outlet="harbourgazette.example", published=at(1, 11), body_text="First."
    )
    take(builder, None, None, first)
    assert listed(builder) == []


@pytest.mark.parametrize("side", ["copy", "source"])
def test_nor_what_was_killed(builder: LakeBuilder, side: str) -> None:
    take(builder, **{side: {"pubstatus": "canceled"}})
    assert listed(builder) == []


ONE_HOUSE = {
    "paper.example": ({"outlet": "paper.test"}, "paper.example"),
    "one domain": ({"outlet": "news.group.org"}, "sport.group.org"),
    "one name": ({"outlet_name": "The Bugle"}, "other.example"),
}


@pytest.mark.parametrize("what", ONE_HOUSE)
def test_nor_desks_of_one_house(builder: LakeBuilder, what: str) -> None:
    source, outlet = ONE_HOUSE[what]
    take(builder, {"outlet": outlet, "outlet_name": "The Bugle"}, source)
    assert listed(builder, outlet) == []


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        ({"published_tz_known": False}, {"published": at(2, 2)}),
        ({"published": at(1, 0)}, {"published": at(2, 0).replace(minute=30)}),
        ({"versioncreated": at(1, 19).replace(minute=30)}, {}),
    ],
    ids=["zone not known", "just a day", "changed since"],
)
def test_nor_who_may_have_been_within_the_hour(
    builder: LakeBuilder, source: dict[str, Any], copy: dict[str, Any]
) -> None:
    """Hours apart by what both claim, and less than one by what either may be."""
    take(builder, copy, source)
    assert listed(builder) == []


def test_nor_an_agency(builder: LakeBuilder) -> None:
    take(builder, {"outlet": "afp.com"})
    assert listed(builder, "afp.com") == []


def test_of_several_sources_the_earliest_is_shown(builder: LakeBuilder) -> None:
    between = article("c", outlet="between.example", published=at(1, 15), body_text=TEXT)
    rows = link("b", "c", evidence=SPAN, hours_apart=5.0), link("c", "a", evidence=SPAN)
    take(builder, None, None, between, *rows)
    assert listed(builder) == ["harbourgazette.example"]


def test_an_outlet_is_known_by_its_name_and_with_www(builder: LakeBuilder) -> None:
    take(builder, {"outlet_name": "The Paper"})
    for name in ("WWW.Paper.example", "the paper"):
        assert listed(builder, name) == ["harbourgazette.example"]
    with pytest.raises(NoSuchOutlet, match="nosuch"):
        find_uncredited(builder.snapshot, "nosuch.example")


def test_what_may_not_be_seen_is_counted(builder: LakeBuilder) -> None:
    take(builder)
    for name in "ab":
        assert find_uncredited(builder.snapshot, "paper.example", {id_of(name)}) == ([], 1)


def test_every_field_of_a_line_is_said(builder: LakeBuilder) -> None:
    take(builder)
    [line], _ = find_uncredited(builder.snapshot, "paper.example")
    assert None not in dataclasses.asdict(line).values()
