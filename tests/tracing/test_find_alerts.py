"""What changed in stories since a run, by the rows that runs wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lake.tables import create_lake
from schemas.article_alias import ArticleAlias
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of, link, sighting
from tests.tracing.story_rows import is_one, joins, leaves
from tracing.alert import Alert
from tracing.find_alerts import Found, find_alerts
from tracing.since import NoSuchRun, find_since
from tracing.story_rows import NoSuchStory


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    return LakeBuilder(tmp_path / "lake")


A = article("a", outlet="one.example", published=at(1))
B = article("b", outlet="two.example", published=at(2))
C = article("c", outlet="three.example", published=at(3), language="fr")


def seen(*articles: Any) -> list[Any]:
    return [row for one in articles for row in (one, sighting(one))]


def alerts(
    builder: LakeBuilder, since: str | None = None, *stories: str, unseen: tuple[str, ...] = ()
) -> Found:
    after = find_since(builder.snapshot, since)
    return find_alerts(builder.snapshot, after, stories, frozenset(unseen))


def told(found: Found) -> list[tuple[str, str, str]]:
    """Kind, story, outlet."""
    return [(one.kind, one.story_id, one.outlet) for one in found.alerts]


def only(found: Found) -> Alert:
    (one,) = found.alerts
    return one


def test_a_new_story_is_told_once_two_outlets_have_it(builder: LakeBuilder) -> None:
    """By its earliest article; one outlet's two articles are no story yet."""
    again = article("again", outlet="one.example", published=at(2))
    builder.run(*seen(A, again), joins(A, "s", 1), joins(again, "s", 1))
    assert told(alerts(builder)) == []
    builder.run(*seen(B, C), joins(B, "t", 2), joins(C, "t", 2, language="en"))
    one = only(alerts(builder))
    assert (one.kind, one.story_id, one.article_id) == ("new_story", id_of("t"), id_of("b"))
    assert (one.outlets, one.sequence, one.run_id, one.time) == (2, 2, "run-2", at(2))


def test_an_outlet_and_a_language_join_a_story_that_was_there(builder: LakeBuilder) -> None:
    """Once each, whatever else they bring; an outlet that had it already is no news."""
    builder.run(*seen(A), joins(A, "s", 1))
    more = article("more", outlet="two.example", published=at(3))
    own = article("own", outlet="one.example", published=at(3))
    builder.run(*seen(B, more, own), *(joins(one, "s", 2) for one in (B, more, own)))
    assert told(alerts(builder)) == [("new_outlet", id_of("s"), "two.example")]
    assert only(alerts(builder)).article_id == id_of("b")
    builder.run(*seen(C), joins(C, "f", 3), is_one("f", "s", 3, reason="translated"))
    assert told(alerts(builder)) == [
        ("new_language", id_of("s"), "three.example"),
        ("new_outlet", id_of("s"), "three.example"),
    ]


def test_since_counts_all_later_runs(builder: LakeBuilder) -> None:
    """A run by id, by sequence, by time; all of them from 0 on."""
    builder.run(*seen(A), joins(A, "s", 1))
    builder.run(*seen(B), joins(B, "s", 2))
    builder.run(*seen(C), joins(C, "s", 3, language="en"))
    outlets = {"run-1": 2, "1": 2, "2": 1, "3": 0, "run-3": 0}
    for since, count in outlets.items():
        found = alerts(builder, since)
        assert [one.kind for one in found.alerts] == ["new_outlet"] * count, since
    everything = [("new_story", id_of("s"), "one.example")]
    for since in ("0", "2024-05-01", "2024-05-01T14:00:00+02:00"):
        assert told(alerts(builder, since)) == everything, since
    assert told(alerts(builder, "2024-05-01T12:01")) == []


def test_a_run_that_took_nothing_in_hides_no_news(builder: LakeBuilder) -> None:
    """After a compaction the newest news is that of the run before."""
    builder.run(*seen(A), joins(A, "s", 1))
    builder.run(*seen(B), joins(B, "s", 2))
    builder.run()
    assert told(alerts(builder)) == [("new_outlet", id_of("s"), "two.example")]


@pytest.mark.parametrize("since", ["4", "run-9", "soon", "20240501", "9" * 40, "\udcff", ""])
def test_what_is_no_run_and_no_time_is_refused(builder: LakeBuilder, since: str) -> None:
    builder.run(*seen(A))
    with pytest.raises(NoSuchRun, match="no run"):
        alerts(builder, since)


def test_stories_become_one(builder: LakeBuilder) -> None:
    """Told by the earliest article of the one that lost its name; its outlets are not new."""
    builder.run(*seen(A, B), joins(A, "old", 1), joins(B, "young", 1, day=at(2).date()))
    builder.run(is_one("young", "old", 2), control=1)
    one = only(alerts(builder))
    assert (one.kind, one.story_id, one.from_story_id) == ("merged", id_of("old"), id_of("young"))
    assert (one.article_id, one.reason, one.sequence) == (id_of("b"), "merged", 2)
    builder.run(is_one("young", "old", 3, withdrawn=True), control=1)
    assert told(alerts(builder)) == []
    assert told(alerts(builder, "1")) == []


def test_an_article_leaves_a_story_for_another(builder: LakeBuilder) -> None:
    """It is no newcomer there; among parts of one story it stays where it was."""
    builder.run(*seen(A, B), joins(A, "s", 1), joins(B, "t", 1))
    builder.run(leaves(B, "t", 2), joins(B, "s", 2), control=1)
    one = only(alerts(builder))
    assert (one.kind, one.article_id) == ("moved", id_of("b"))
    assert (one.story_id, one.from_story_id) == (id_of("s"), id_of("t"))
    for asked in ("s", "t"):
        assert told(alerts(builder, None, id_of(asked))) == told(alerts(builder))


def test_moving_into_a_part_of_the_same_story_is_no_news(builder: LakeBuilder) -> None:
    builder.run(*seen(A, B), joins(A, "s", 1), joins(B, "t", 1), is_one("t", "s", 1))
    builder.run(leaves(B, "t", 2), joins(B, "s", 2), control=1)
    assert told(alerts(builder)) == []


def test_only_the_stories_asked_for(builder: LakeBuilder) -> None:
    """By any name that a story ever had; a name that none had is a mistake."""
    builder.run(*seen(A, B), joins(A, "s", 1), joins(B, "t", 1))
    d = article("d", outlet="four.example", published=at(3))
    builder.run(*seen(C, d), joins(C, "part", 2), joins(d, "t", 2),
                is_one("part", "s", 2, reason="translated"))  # fmt: skip
    for asked, outlet in (("s", "three.example"), ("part", "three.example"), ("t", "four.example")):
        found = alerts(builder, None, id_of(asked))
        assert {one.outlet for one in found.alerts} == {outlet}, asked
    with pytest.raises(NoSuchStory):
        alerts(builder, None, "\udcff")


def alias(of: str, older: str) -> ArticleAlias:
    return ArticleAlias(
        article_id=id_of(of), alias_of=id_of(older), reason="url", run_id="", month="2024-05"
    )


def kill(of: str, kind: str = "kill", **fields: Any) -> Control:
    defaults: dict[str, Any] = {
        "uri": "u", "article_id": id_of(of), "kind": kind, "source_uri": "k.xml#1", "run_id": "",
        "month": "2024-05",
    }  # fmt: skip
    return Control(**{**defaults, **fields})


def test_a_kill_names_who_still_has_the_text(builder: LakeBuilder) -> None:
    """Also who stands in no story; a kill told twice is news once."""
    out = article("o", outlet="out.example", published=at(3))
    builder.run(
        *seen(A, B, out), joins(A, "s", 1), joins(B, "s", 1), link("b", "a"), link("o", "a")
    )
    builder.run(kill("a", at=at(4)), control=1)
    one = only(alerts(builder))
    assert (one.kind, one.story_id, one.article_id, one.time) == (
        "kill", id_of("s"), id_of("a"), at(4),
    )  # fmt: skip
    assert sorted(carrier.outlet for carrier in one.still_carried_by) == [
        "out.example", "two.example",
    ]  # fmt: skip
    assert {carrier.version_id for carrier in one.still_carried_by} == {id_of("a 1")}
    hidden = only(alerts(builder, unseen=(id_of("o"),)))
    assert [carrier.outlet for carrier in hidden.still_carried_by] == ["two.example"]
    builder.run(kill("a", at=at(5), source_uri="again.xml#1"), control=1)
    assert told(alerts(builder)) == []


def test_a_kill_by_an_absolute_uri_reaches_who_has_it(builder: LakeBuilder) -> None:
    a = article("a", outlet="one.example", guid="urn:wire:7")
    builder.run(*seen(a), joins(a, "s", 1))
    builder.run(kill("nobody", uri="urn:wire:7"), control=1)
    assert told(alerts(builder)) == [("kill", id_of("s"), "one.example")]


@pytest.mark.parametrize("kind", ["kill", "correction"])
@pytest.mark.parametrize("any_outlet", [True, False])
def test_a_message_by_a_uri_that_another_minted_reaches_nobody(
    builder: LakeBuilder, kind: str, any_outlet: bool
) -> None:
    a = article("a", outlet="one.example", guid="urn:wire:7")
    builder.run(*seen(a), joins(a, "s", 1))
    builder.run(kill("nobody", kind, uri="urn:wire:7", any_outlet=any_outlet), control=1)
    assert told(alerts(builder)) == [(kind, id_of("s"), "one.example")] * any_outlet


def test_a_kill_reaches_an_article_by_its_other_id(builder: LakeBuilder) -> None:
    """Also by one under which no version stands."""
    builder.run(*seen(A), joins(A, "s", 1), alias("other", "a"))
    builder.run(kill("other"), control=1)
    assert told(alerts(builder)) == [("kill", id_of("s"), "one.example")]


def test_who_was_in_a_story_when_it_was_killed_counts(builder: LakeBuilder) -> None:
    """A killed article may have left its story for none."""
    builder.run(*seen(A, B), joins(A, "s", 1), joins(B, "s", 1))
    builder.run(kill("a"), leaves(A, "s", 2, "gone"), control=1)
    assert told(alerts(builder)) == [("kill", id_of("s"), "one.example")]


def test_withheld_until_it_is_released(builder: LakeBuilder) -> None:
    builder.run(*seen(A), joins(A, "s", 1))
    builder.run(kill("a", "withhold", at=at(4)), control=1)
    assert told(alerts(builder)) == [("withheld", id_of("s"), "one.example")]
    builder.run(kill("a", "release", at=at(5)), control=1)
    assert told(alerts(builder, "1")) == []


def test_a_correction_is_the_version_that_says_so(builder: LakeBuilder) -> None:
    """With who has the text from before; an update is none."""
    builder.run(*seen(A, B), joins(A, "s", 1), joins(B, "s", 1), link("b", "a"))
    new = article("a", "2", outlet="one.example", published=at(1), versioncreated=at(4),
                  signals=("update",))  # fmt: skip
    builder.run(*seen(new), revised=1, new=0)
    assert told(alerts(builder)) == []
    mended = article("a", "3", outlet="one.example", published=at(1), versioncreated=at(5),
                     signals=("refile",), headline="Mended")  # fmt: skip
    builder.run(*seen(mended), revised=1, new=0)
    one = only(alerts(builder))
    assert (one.kind, one.version_id, one.headline, one.time) == (
        "correction", id_of("a 3"), "Mended", at(5),
    )  # fmt: skip
    assert [carrier.article_id for carrier in one.still_carried_by] == [id_of("b")]


def test_what_may_not_be_seen_is_only_counted(builder: LakeBuilder) -> None:
    """No alert names it, no count of outlets has it, and no story is new for it."""
    builder.run(*seen(A, B), joins(A, "s", 1), joins(B, "s", 1))
    assert told(alerts(builder)) != []
    found = alerts(builder, unseen=(id_of("b"),))
    assert (told(found), found.left_out) == ([], 1)
    builder.run(*seen(C), joins(C, "s", 2, language="en"))
    one = only(alerts(builder, unseen=(id_of("b"),)))
    assert (one.outlet, one.outlets) == ("three.example", 2)


def test_an_article_known_by_another_id_did_not_join(builder: LakeBuilder) -> None:
    """Two ids that turn out to be one article: its outlet was there."""
    late = article("late", outlet="one.example", published=at(2))
    builder.run(*seen(A), joins(A, "s", 1))
    builder.run(*seen(late), joins(late, "s", 2), alias("late", "a"))
    assert told(alerts(builder)) == []


def test_a_lake_without_a_run_has_no_news(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    assert alerts(builder) == Found()
