"""`trace` and wire control: versions, kills, embargoes, takes, tests and advisories."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from schemas.article import Article
from schemas.article_alias import ArticleAlias
from schemas.control import Control
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import RARE, credit, line_of, names, run, traced, why
from tracing.trace import trace
from tracing.trace_model import Trace


def test_only_current_versions_are_shown(builder: LakeBuilder):
    """A revised article has one line, with the headline of its newest version."""
    old = article("one", "1", outlet="a.example", headline="Old", versioncreated=at(2, 8))
    new = article("one", "2", outlet="a.example", headline="New", versioncreated=at(2, 9))
    run(builder, old, new)
    assert [line.headline for line in traced(builder, id_of("one")).lines] == ["New"]


def test_a_killed_article_says_so(builder: LakeBuilder):
    """It stays in the trace, and is marked."""
    run(builder, article("one", outlet="a.example"), kill("one"))
    assert traced(builder, id_of("one")).lines[0].pubstatus == "canceled"


def kill(name: str) -> Control:
    return Control(
        uri=name, article_id=id_of(name), kind="kill", source_uri="k", run_id="", month="2024-05"
    )


def test_a_version_of_another_day_counts(builder: LakeBuilder):
    """A kill or a new text may be dated long after the days that a trace looks at."""
    asked = article("asked", outlet="a.example", published=at(2))
    killed = article("killed", outlet="k.example", published=at(2))
    note = article("killed", "2", published=at(20), pubstatus="canceled", headline="A kill note")
    revised = article("revised", outlet="r.example", published=at(2))
    newer = article("revised", "2", outlet="r.example", published=at(20))
    rows = [row for one in (asked, killed, revised, newer) for row in names(one, *RARE)]
    run(builder, asked, killed, note, revised, newer, *rows)
    found = traced(builder, id_of("asked"))
    assert why(found) == {"a.example": {"asked"}, "k.example": {"names"}}
    line = line_of(found, "k.example")
    assert (line.pubstatus, line.headline) == ("canceled", "Headline of killed 1")


def test_a_kill_of_what_an_alias_leads_to_reaches_the_alias(builder: LakeBuilder):
    """The message names the older id, the version stands under the newer."""
    asked = article("asked", outlet="a.example")
    newer = article("newer", outlet="n.example")
    run(
        builder, asked, newer, *names(asked, *RARE), *names(newer, *RARE), kill("older"),
        ArticleAlias(article_id=id_of("newer"), alias_of=id_of("older"), reason="url", run_id="",
                     month="2024-05"),
    )  # fmt: skip
    line = line_of(traced(builder, id_of("asked")), "n.example")
    assert (line.pubstatus, line.article_id) == ("canceled", id_of("older"))


def test_messages_that_name_a_uri_alone_reach_its_article(builder: LakeBuilder):
    """Kill and embargo of an article under whose id they do not stand."""
    one = article("one", outlet="a.example", uri="tag:a.example,2024:1")
    two = article("two", outlet="b.example", guid="tag:b.example,2024:2")
    embargo = dataclasses.replace(kill("nobody"), uri=two.guid, kind="embargo", at=at(9))
    run(builder, one, two, dataclasses.replace(kill("nobody"), uri=one.uri), embargo)
    assert traced(builder, id_of("one")).lines[0].pubstatus == "canceled"
    assert traced(builder, id_of("two")).lines[0].embargoed == at(9)
    assert before(builder, id_of("two")).left_out == 1


@pytest.fixture
def embargoed(builder: LakeBuilder) -> LakeBuilder:
    """An article, one it cites and one that names the same, both of them until day 9."""
    asked = article("asked", outlet="a.example", published=at(2, 10), headline="Ferry strike")
    cited = article("cited", outlet="tass.ru", published=at(2, 9), embargoed=at(9))
    secret = article(
        "secret", outlet="s.example", published=at(2, 11), headline="Ferry strike ends",
        embargoed=at(9), url="https://s.example/1",
    )  # fmt: skip
    other = article("other", outlet="o.example", published=at(2, 12))
    rows = [row for one in (asked, cited, secret) for row in names(one, *RARE)]
    # Related to the secret one only.
    rows += [*names(secret, "geonames:5", "geonames:6"), *names(other, "geonames:5", "geonames:6")]
    run(builder, asked, cited, secret, other, *rows, credit(asked, "tass"))
    return builder


def before(builder: LakeBuilder, asked: str, url: str | None = None, day: int = 5) -> Trace:
    return trace(builder.snapshot, asked, url, embargo_at=at(day))


def test_what_is_under_embargo_is_nobodys_relative(embargoed: LakeBuilder):
    """Neither a line nor a credit's meaning; how many there would be is all that is said."""
    found = before(embargoed, id_of("asked"))
    assert why(found) == {"a.example": {"asked"}}
    assert found.left_out == 2
    assert line_of(found, "a.example").credits[0].cited == ()
    assert not {id_of("secret"), id_of("cited")} & set(re.findall(r"[0-9a-f]{32}", repr(found)))


@pytest.mark.parametrize("asked", [id_of("secret"), "https://s.example/1", "ends secret"])
def test_what_is_under_embargo_is_not_found(embargoed: LakeBuilder, asked: str):
    """By id, by address, by words: nothing is shown of it, nor of what belongs to it."""
    url = asked if asked.startswith("https:") else None
    found = before(embargoed, asked, url)
    assert (found.lines, found.left_out) == ((), 1)


def test_words_go_on_from_what_may_be_seen(embargoed: LakeBuilder):
    """The best hit is under embargo: the next one is traced, and no reason names the best."""
    found = before(embargoed, "ferry strike ends")
    assert why(found) == {"a.example": {"words"}}
    assert {reason.other for line in found.lines for reason in line.reasons} == {None}
    assert found.left_out == 2


@pytest.mark.parametrize("day", [9, 10])
def test_an_embargo_that_has_ended_hides_nothing(embargoed: LakeBuilder, day: int):
    """From its moment on; and without a clock everything is shown, with its time."""
    assert before(embargoed, id_of("asked"), day=day) == traced(embargoed, id_of("asked"))
    found = traced(embargoed, id_of("asked"))
    assert set(why(found)) == {"a.example", "tass.ru", "s.example"}
    assert line_of(found, "s.example").embargoed == at(9)
    assert found.left_out == 0


@pytest.mark.parametrize(
    ("message", "day", "is_shown"),
    [
        ({"kind": "release", "at": at(4)}, 5, True),
        ({"kind": "release", "at": at(6)}, 5, False),
        ({"kind": "release"}, 5, True),
        ({"kind": "embargo", "at": at(12)}, 10, False),
        ({"kind": "embargo", "at": at(4)}, 5, True),
        ({"kind": "kill"}, 5, False),
    ],
)
@pytest.mark.parametrize("is_early", [True, False])
def test_messages_move_an_embargo(
    builder: LakeBuilder, message: dict[str, Any], day: int, is_shown: bool, is_early: bool
):
    """Whether they came before or after the article, and in which run."""
    one = article("one", outlet="a.example", published=at(2), embargoed=at(9))
    control = Control(
        uri="u", article_id=one.article_id, source_uri="k", run_id="", month="2024-05", **message
    )
    for row in (control, one) if is_early else (one, control):
        run(builder, row)
    assert bool(before(builder, id_of("one"), day=day).lines) is is_shown


def test_an_embargo_by_message_alone_hides_too(builder: LakeBuilder):
    """The article itself says nothing of it."""
    one = article("one", outlet="a.example")
    control = Control(
        uri="u", article_id=one.article_id, kind="embargo", at=at(9), source_uri="k", run_id="",
        month="2024-05",
    )  # fmt: skip
    run(builder, one, control)
    assert before(builder, id_of("one")).left_out == 1
    assert before(builder, id_of("one"), day=9).left_out == 0


def test_a_version_without_embargo_ends_it(builder: LakeBuilder):
    """And one with it begins it, for all versions: the article counts as its current one does."""
    first = article("one", "1", outlet="a.example", published=at(1), embargoed=at(9))
    run(builder, first)
    assert before(builder, id_of("one")).left_out == 1
    run(builder, article("one", "2", outlet="a.example", published=at(2)))
    assert before(builder, id_of("one")).left_out == 0
    run(builder, article("one", "3", outlet="a.example", published=at(28), embargoed=at(30)))
    assert before(builder, id_of("one"), day=20).left_out == 1


def test_an_embargo_without_an_end_is_shown_and_told(builder: LakeBuilder):
    """Nothing says when it may be shown, so it is not hidden for ever."""
    run(builder, article("one", outlet="a.example", signals=("embargo",)))
    [line] = before(builder, id_of("one")).lines
    assert (line.is_embargo_open, line.embargoed) == (True, None)


def take(name: str, hour: int, *signals: str, **fields: Any) -> Article:
    fields = {"slugline": "GRAIN/", "outlet": f"{name[:1]}.example", **fields}
    return article(name, published=at(2, hour), signals=signals, **fields)


def test_takes_of_one_story_are_linked(builder: LakeBuilder):
    """Same outlet and slugline within a day, and one says it is a lead; nothing else in common."""
    first = take("a1", 8, slugline="GRAIN/ (PIX)")
    second = take("a2", 20, "lead", slugline="Grain/ (UPDATE 2)", date=at(2).date())
    later = article("a3", published=at(4), slugline="GRAIN/", outlet="a.example")
    run(builder, first, second, later, take("b1", 9, "take"), take("a4", 9, slugline="PORT/"))
    found = traced(builder, id_of("a1"))
    assert {line.article_id for line in found.lines} == {id_of("a1"), id_of("a2")}
    [reason] = found.lines[1].reasons
    assert (reason.by, reason.other, reason.what) == ("take", id_of("a1"), ("GRAIN/ (PIX)",))
    assert [words.text for words in reason.evidence] == ["Grain/ (UPDATE 2)"]
    assert {line.article_id for line in traced(builder, id_of("a3")).lines} == {id_of("a3")}


def test_a_take_under_embargo_is_left_out(builder: LakeBuilder):
    """As any other relative."""
    run(builder, take("a1", 8), take("a2", 9, "lead", embargoed=at(9)))
    found = before(builder, id_of("a1"))
    assert ([line.article_id for line in found.lines], found.left_out) == ([id_of("a1")], 1)


@pytest.mark.parametrize("genre", ["test", "advisory", "Advisory"])
def test_tests_and_advisories_are_shown_only_if_asked_for(builder: LakeBuilder, genre: str):
    """They name and say what stories do; by id or address they are shown with their relatives."""
    story = article("story", outlet="a.example", headline="Ferry strike")
    notice = article(
        "notice", outlet="n.example", headline="Ferry strike", genre=genre, slugline="FERRY/",
        signals=("lead",), url="https://n.example/1",
    )  # fmt: skip
    rest = [article(f"rest{number}", body_text="Nothing at all.") for number in range(3)]
    run(builder, story, notice, *rest, *names(story, *RARE), *names(notice, *RARE))
    for asked in ("ferry strike", id_of("story")):
        assert set(why(traced(builder, asked))) == {"a.example"}
    assert why(traced(builder, id_of("notice"))) == {
        "a.example": {"names"},
        "n.example": {"asked"},
    }
    assert line_of(before(builder, "https://n.example/1", "x"), "n.example").genre == genre
