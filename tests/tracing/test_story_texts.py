"""`read_story_texts`: the texts of the versions that edges are of, and no others."""

from __future__ import annotations

import dataclasses

from schemas.article import Article
from schemas.article_alias import ArticleAlias
from tests.lake.builder import LakeBuilder, article, at, id_of, link
from tests.tracing.small_lake import credit, member, run
from tracing.story import read_story
from tracing.story_texts import read_story_texts


def wire(name: str, day: int) -> Article:
    return article(name, published=at(day), published_tz_known=True, outlet=f"{name}.example")


def test_texts_are_of_the_versions_that_edges_are_of(builder: LakeBuilder) -> None:
    """`b` has the text of `a`, `d` credits `c`; `e` is in the story without an edge."""
    a, b, c, d, e = (wire(name, day) for day, name in enumerate("abcde", 1))
    mine = [member(one, "S") for one in (a, b, c, d, e)]
    run(builder, a, b, c, d, e, *mine, link("b", "a"), credit(d, "c"))
    found = read_story_texts(builder.snapshot, read_story(builder.snapshot, id_of("S")))
    assert found.keys() == {one.version_id for one in (a, b, c, d)}
    assert found[b.version_id]["body_text"] == "Body of b 1, in Paris."
    assert found[d.version_id]["headline"] == "Headline of d 1"
    whole = read_story_texts(builder.snapshot, read_story(builder.snapshot, id_of("S")), whole=True)
    assert whole.keys() == found.keys() | {e.version_id}


def test_an_edge_of_an_older_version_has_that_versions_text(builder: LakeBuilder) -> None:
    """The link is of the first version of `a`, which has a second one, without the words."""
    a, b = wire("a", 1), wire("b", 2)
    corrected = dataclasses.replace(
        a, version_id=id_of("a 2"), body_text="Other words.", versioncreated=at(3)
    )
    run(builder, a, b, corrected, member(a, "S"), member(b, "S"), link("b", "a"))
    found = read_story_texts(builder.snapshot, read_story(builder.snapshot, id_of("S")))
    assert found[a.version_id]["body_text"] == a.body_text
    assert corrected.version_id not in found


def test_a_version_of_what_became_an_alias_is_found(builder: LakeBuilder) -> None:
    """`c` turned out to be `a`; the link is of the version that came as `c`."""
    a, b, c = wire("a", 1), wire("b", 3), wire("c", 2)
    alias = ArticleAlias(
        article_id=c.article_id,
        alias_of=a.article_id,
        reason="shared key",
        run_id="",
        month="2024-05",
    )
    run(builder, a, b, c, alias, member(a, "S"), member(b, "S"), link("b", "c"))
    story = read_story(builder.snapshot, id_of("S"))
    assert [one.to_version_id for one in story.copies] == [c.version_id]
    assert read_story_texts(builder.snapshot, story)[c.version_id]["body_text"] == c.body_text


def test_a_story_without_edges_has_no_texts(builder: LakeBuilder) -> None:
    a = wire("a", 1)
    run(builder, a, member(a, "S"))
    assert read_story_texts(builder.snapshot, read_story(builder.snapshot, id_of("S"))) == {}
