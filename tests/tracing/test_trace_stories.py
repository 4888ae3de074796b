"""`trace` in a lake that has stories: by them and by hard relations; what else may be asked for."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.quote import Quote
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import RARE, credit, line_of, member, names, run, tie, traced, why
from tracing.trace import trace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def story(builder: LakeBuilder) -> LakeBuilder:
    """A story of two languages; and out of it who names the same, and who cites it besides."""
    asked = article("asked", outlet="tass.ru", published=at(2, 8), language="ru")
    french = article("french", outlet="matin.example", published=at(4, 8), language="fr")
    naming = article("naming", outlet="naming.example", published=at(2, 9))
    citing = article("citing", outlet="citing.example", published=at(2, 10))
    run(
        builder, asked, french, naming, citing, member(asked, "A"), member(french, "B"),
        member(naming, "C"), member(citing, "D"), tie("B", "A"), credit(citing, "tass"),
        credit(french, "tass"),
        *(name for one in (asked, naming, citing) for name in names(one, *RARE)),
    )  # fmt: skip
    return builder


def test_an_article_is_shown_with_its_story_and_who_cites_it(story: LakeBuilder) -> None:
    """Who only names the same is not; the French one cites, too, and shares no name."""
    found = traced(story, id_of("asked"))
    assert why(found) == {
        "tass.ru": {"asked"},
        "matin.example": {"story", "cites"},
        "citing.example": {"cites"},
    }
    [reason] = [one for one in line_of(found, "matin.example").reasons if one.by == "story"]
    assert (reason.what, reason.other, reason.score) == ((id_of("A"),), id_of("asked"), 0.8)
    assert line_of(found, "matin.example").credits[0].cited == (id_of("asked"),)


@pytest.mark.parametrize("published", [at(2, 10), None], ids=["near", "claims no day"])
def test_who_cites_it_is_found_where_its_own_story_credits_nobody(
    builder: LakeBuilder, published: dt.datetime | None
) -> None:
    """By a name in common; who claims no day was seen a week later and is near all the same."""
    asked = article("asked", outlet="tass.ru", published=at(2, 8))
    day = (published or at(10)).date()
    citing = article("citing", outlet="citing.example", published=published, date=day)
    named = [*names(asked, *RARE), *names(citing, *RARE)]
    run(builder, asked, citing, member(asked, "A"), credit(citing, "tass"), *named)
    assert why(traced(builder, id_of("asked"))) == {
        "tass.ru": {"asked"},
        "citing.example": {"cites"},
    }


def test_versions_of_what_is_asked_are_one_reason(story: LakeBuilder) -> None:
    newer = article("asked", "2", outlet="tass.ru", language="ru", versioncreated=at(3))
    run(story, newer)
    reasons = line_of(traced(story, id_of("asked")), "matin.example").reasons
    assert sorted(reason.by for reason in reasons) == ["cites", "story"]


def test_a_lake_without_stories_is_traced_by_names(builder: LakeBuilder) -> None:
    one, two = (article(name, outlet=f"{name}.example", published=at(2)) for name in ("a", "b"))
    run(builder, one, two, *names(one, *RARE), *names(two, *RARE))
    assert why(traced(builder, id_of("a")))["b.example"] == {"names"}
    run(builder, member(one, "A"), member(two, "B"))
    assert set(why(traced(builder, id_of("a")))) == {"a.example"}


def test_words_lead_to_the_stories_of_what_they_find(story: LakeBuilder) -> None:
    found = traced(story, "headline of asked")
    assert why(found)["tass.ru"] == {"words"}
    assert why(found)["matin.example"] == {"story", "cites"}


@pytest.mark.parametrize("name", ["A", "B"])
def test_a_story_by_its_id_or_that_of_a_part(story: LakeBuilder, name: str) -> None:
    found = traced(story, id_of(name))
    assert why(found) == {"tass.ru": {"story"}, "matin.example": {"story"}}
    assert [line.outlet for line in found.lines] == ["tass.ru", "matin.example"]
    [only] = traced(story, id_of(name), languages=frozenset({"fr"})).lines
    assert only.language == "fr"


def test_what_is_under_embargo_is_in_no_story(story: LakeBuilder) -> None:
    secret = article("secret", outlet="s.example", published=at(2), embargoed=at(9))
    run(story, secret, member(secret, "A", sequence=2))
    for name in ("asked", "A"):
        found = trace(story.snapshot, id_of(name), None, embargo_at=at(5))
        assert "s.example" not in why(found)
        assert found.left_out == 1
    assert "s.example" in why(traced(story, id_of("asked")))


def test_the_newest_that_name_an_entity(builder: LakeBuilder) -> None:
    """Twenty of thirty; of an article whose newest version no longer names it none."""
    articles = [
        article(f"a{day}", outlet=f"a{day}.example", published=at(day)) for day in range(1, 31)
    ]
    mended = article("a30", "2", outlet="a30.example", published=at(30), versioncreated=at(31))
    hidden = article("h", outlet="h.example", published=at(31), embargoed=at(31))
    named = [*articles, hidden]
    run(builder, *named, mended, *(row for one in named for row in names(one, "person:x-y")))
    found = trace(builder.snapshot, "person:x-y", None, embargo_at=at(30))
    assert {line.outlet for line in found.lines} == {f"a{day}.example" for day in range(11, 30)}
    assert {reason.by for line in found.lines for reason in line.reasons} == {"entity"}
    assert found.left_out == 1


def test_an_entity_that_nobody_names_is_words(builder: LakeBuilder) -> None:
    rest = [article(f"rest{number}", body_text="Nothing at all.") for number in range(3)]
    run(builder, article("one", outlet="a.example", headline="org:ferry strikes"), *rest)
    assert why(traced(builder, "org:ferry")) == {"a.example": {"words"}}


def test_who_has_a_quotation(builder: LakeBuilder) -> None:
    one = article("one", outlet="a.example")
    quote = Quote(
        article_id=one.article_id, version_id=one.version_id, field="body_text", start=0, end=4,
        text="Body", quote_key="b" * 32, date=one.date,
    )  # fmt: skip
    run(builder, one, quote)
    assert why(traced(builder, "b" * 32)) == {"a.example": {"quote"}}


def test_a_trace_by_stories_does_not_load_duckdb(story: LakeBuilder) -> None:
    script = (
        "import sys; from pathlib import Path; from lake.tables import Lake, snapshot;"
        "from tracing.trace import trace;"
        f"pinned = snapshot(Lake(Path({str(story.root)!r})));"
        f"print(len(trace(pinned, {id_of('asked')!r}).lines), 'duckdb' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["3", "False"]
