"""Corrections and kills that did not reach whoever has the text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.control import Control
from schemas.link import Link
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import RARE, line_of, names, run, traced

OF = "corrected.example", "copy.example"


def lake(builder: LakeBuilder, *rows: Any, signals: tuple[str, ...] = ("correction",)) -> None:
    """An article `a` that was corrected, its copy `b`, and what else is said of them."""
    old = article("a", outlet=OF[0], published=at(1))
    new = article("a", "2", outlet=OF[0], published=at(1), versioncreated=at(2), signals=signals)
    copy = article("b", outlet=OF[1], published=at(1, 14))
    all_names = [one for of in (old, new, copy) for one in names(of, *RARE)]
    run(builder, old, new, copy, *all_names, *rows)


def said(builder: LakeBuilder, outlet: str = OF[1]) -> list[tuple[str, str, str]]:
    line = line_of(traced(builder, id_of("a")), outlet)
    return [(one.what, one.version_id, one.outlet) for one in line.unreached]


OLD, NEW = link("b", "a", containment_from=0.99), link("b", "a2", containment_from=0.97)


def test_who_has_the_text_from_before_is_told(builder: LakeBuilder) -> None:
    lake(builder, OLD, NEW)
    assert said(builder) == [("corrected", id_of("a 1"), OF[0])]
    assert said(builder, OF[0]) == []


def test_also_where_the_correction_is_no_longer_the_same_text(builder: LakeBuilder) -> None:
    lake(builder, OLD)
    assert said(builder) == [("corrected", id_of("a 1"), OF[0])]


def test_who_has_the_correction_or_what_was_not_corrected_is_not(builder: LakeBuilder) -> None:
    """Also where the correction is longer, so that less of it is in the copy."""
    lake(builder, OLD, link("b", "a2", containment_from=0.99, containment_to=0.5))
    assert said(builder) == []


def test_what_is_written_on_after_a_correction_makes_no_difference(builder: LakeBuilder) -> None:
    more = article("a", "3", outlet=OF[0], published=at(1), versioncreated=at(3))
    mended = link("b", "a2", containment_from=1.0)
    lake(builder, OLD, mended, link("b", "a3", containment_from=1.0), more, *names(more, *RARE))
    assert said(builder) == []
    assert said(builder, OF[0]) == []


def test_the_original_has_nothing_to_mend_when_its_copier_does(builder: LakeBuilder) -> None:
    """The links go from the one that is corrected, or killed, to the one that it copied."""
    lake(builder, link("a", "b", containment_from=1.0), link("a2", "b", containment_from=0.9))
    assert said(builder) == []
    builder.run(killed("a"))
    assert said(builder) == []


def test_boilerplate_of_an_outlet_is_no_text_that_was_killed(builder: LakeBuilder) -> None:
    other = article("c", outlet=OF[0], published=at(1, 15))
    row = link("c", "a", "excerpt", containment_from=0.4)
    lake(builder, OLD, row, other, *names(other, *RARE), killed("a"))
    assert said(builder) == [("killed", id_of("a 1"), OF[0])]
    found = traced(builder, id_of("a"))
    assert {line.article_id for line in found.lines if line.unreached} == {id_of("b")}


def test_a_revision_that_mends_nothing_is_no_correction(builder: LakeBuilder) -> None:
    lake(builder, OLD, NEW, signals=("update",))
    assert said(builder) == []


def test_a_copy_that_was_corrected_too_has_not_the_old_text(builder: LakeBuilder) -> None:
    mended = article("b", "2", outlet=OF[1], published=at(1, 14), versioncreated=at(3))
    lake(builder, OLD, NEW, mended, *names(mended, *RARE), link("b2", "a2"))
    assert said(builder) == []


def killed(name: str) -> Control:
    return Control(
        uri=f"urn:{name}", article_id=id_of(name), kind="kill", source_uri="c.xml", run_id="",
        month="2024-05",
    )  # fmt: skip


def test_who_still_has_what_was_killed_is_told(builder: LakeBuilder) -> None:
    lake(builder, OLD, NEW, killed("a"))
    assert said(builder) == [("killed", id_of("a 1"), OF[0])]


def test_what_is_killed_itself_has_nothing_left_to_correct(builder: LakeBuilder) -> None:
    lake(builder, OLD, NEW, killed("a"), killed("b"))
    assert said(builder) == []


def test_forms_and_what_was_withdrawn_say_nothing(builder: LakeBuilder) -> None:
    lake(builder, link("b", "a", "form"), killed("a"))
    assert said(builder) == []
    builder.run(later(OLD, 1))
    assert said(builder) == [("killed", id_of("a 1"), OF[0])]
    builder.run(later(link("b", "a", withdrawn=True), 2))
    assert said(builder) == []


def later(of: Link, hours: int) -> Link:
    as_of = of.as_of + dt.timedelta(hours=hours)
    return link("b", "a", withdrawn=of.withdrawn, as_of=as_of)


def test_a_link_that_was_turned_since_says_nothing(builder: LakeBuilder) -> None:
    lake(builder, OLD, NEW)
    as_of = OLD.as_of + dt.timedelta(hours=1)
    builder.run(link("a", "b", as_of=as_of), link("a2", "b", as_of=as_of))
    assert said(builder) == []


def test_a_first_version_that_calls_itself_a_correction_is_what_is_corrected(
    builder: LakeBuilder,
) -> None:
    """What it corrects was never here."""
    first = article("a", "0", outlet=OF[0], published=at(1), signals=("correction",), word_count=1)
    lake(builder, link("b", "a0", containment_from=1.0), NEW, first, *names(first, *RARE))
    assert said(builder) == [("corrected", id_of("a 0"), OF[0])]
