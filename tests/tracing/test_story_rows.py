"""Which story articles are in: read around them alone, and the same as the views over all rows."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest

from lake.views import connect
from schemas.article import Article
from schemas.article_alias import ArticleAlias
from schemas.story_member import StoryMember
from tests.lake.builder import LakeBuilder, article, at, id_of
from tests.tracing.small_lake import member, run, tie
from tracing.story_rows import has_stories, stories_near, stories_of, story_of

VIEWS = "SELECT story_id, part_id, article_id, language, score, reason, day FROM members_now"


def dated(name: str, day: int, **fields: Any) -> Article:
    return article(name, published=at(day), **fields)


def undated(name: str, seen: int) -> Article:
    return article(name, published=None, first_seen=at(seen), date=at(seen).date())


def random_rows(chance: random.Random) -> list[list[Any]]:
    """Runs that place, move and remove the articles of twelve stories, and tie and part these.

    Of a story, or two neighbours of which one took articles over, all days are within four.
    """
    names = [f"s{number}" for number in range(12)]
    middles = {name: 3 + 2 * number for number, name in enumerate(names)}
    articles: dict[str, list[Article]] = {}
    for name in names:
        days = [middles[name] + chance.randint(-1, 1) for _ in range(4)]
        articles[name] = [dated(f"{name} {number}", day) for number, day in enumerate(days)]
        articles[name].append(undated(f"{name} u", chance.randint(1, 31)))
    places: dict[str, str] = {}
    rows: list[list[Any]] = [[one for some in articles.values() for one in some]]
    tied: set[tuple[str, str]] = set()
    for sequence in range(1, 5):
        told: list[Any] = []
        for number, name in enumerate(names):
            neighbour = names[min(number + 1, len(names) - 1)]
            for one in articles[name]:
                was = places.pop(one.article_id, None)
                now = chance.choice([name, name, neighbour, was, None])
                if was != now and was is not None:
                    told.append(member(one, was, "leave", sequence=sequence))
                if was != now and now is not None:
                    told.append(member(one, now, sequence=sequence))
                if now is not None:
                    places[one.article_id] = now
            pair = (neighbour, name)
            if name != neighbour and chance.random() < 0.4:
                ends = tied ^ {pair}
                day = at(middles[name]).date()
                is_off = pair not in ends
                told.append(tie(*pair, sequence=sequence, withdrawn=is_off, day=day))
                tied = ends
        rows.append(told)
    return rows


@pytest.mark.parametrize("seed", range(2))
def test_the_same_as_the_views(builder: LakeBuilder, seed: int) -> None:
    chance = random.Random(seed)
    for rows in random_rows(chance):
        run(builder, *rows)
    run(builder, alias("s2 1", "s7 3"), alias("s4 0", "s4 1"))
    pinned = builder.snapshot
    with connect(pinned) as connection:
        wanted = connection.execute(VIEWS).fetchall()
        parts = connection.execute("SELECT part_id, story_id FROM story_parts").fetchall()
    by_story: dict[str, set[Any]] = defaultdict(set)
    for story_id, *rest in wanted:
        by_story[story_id].add(tuple(rest))
    assert len(by_story) > 2
    for story_id, part_id, article_id, *_ in wanted[::4]:
        [told] = stories_of(pinned, [article_id])
        assert told.story_id == story_id
        assert part_id in told.parts
        got = {
            (one.part_id, one.article_id, one.language, one.score, one.reason, one.day)
            for one in told.members
        }
        assert got == by_story[story_id]
    for part_id, story_id in parts:
        told_by_id = story_of(pinned, part_id)
        assert told_by_id is not None
        assert told_by_id.story_id == story_id
        assert set(told_by_id.parts) == {part for part, whole in parts if whole == story_id}


def test_rows_further_apart_where_another_story_was_merged(builder: LakeBuilder) -> None:
    """After B showed to be A, an article near to B's alone joins A."""
    first, between, last = dated("first", 1), dated("between", 5), dated("last", 9)
    merged = tie("B", "A", reason="merged", day=at(5).date())
    rows = [member(first, "A"), member(between, "B"), member(last, "A"), merged]
    run(builder, first, between, last, *rows)
    for name in ("first", "between", "last"):
        [told] = stories_of(builder.snapshot, [id_of(name)])
        assert [one.article_id for one in told.members] == [
            id_of("first"), id_of("between"), id_of("last"),
        ]  # fmt: skip


def test_a_part_that_lost_its_articles_is_only_a_name(builder: LakeBuilder) -> None:
    """The older one's only article went to the younger: the whole goes by the younger's id."""
    one, two = dated("one", 2), dated("two", 3)
    run(builder, one, two, member(one, "A"), member(two, "B"))
    moved = [member(one, "A", "leave", sequence=2), member(one, "B", sequence=2)]
    run(builder, *moved, tie("A", "B", reason="merged", day=None, sequence=2))
    for name in ("A", "B"):
        told = story_of(builder.snapshot, id_of(name))
        assert told is not None
        assert (told.story_id, len(told.members)) == (id_of("B"), 2)


def test_parts_that_are_days_apart_are_found_from_each_other(builder: LakeBuilder) -> None:
    early, late = dated("early", 2, language="ru"), dated("late", 20, language="fr")
    run(builder, early, late, member(early, "A"), member(late, "B"), tie("B", "A"))
    for name in ("early", "late"):
        [told] = stories_of(builder.snapshot, [id_of(name)])
        assert (told.story_id, len(told.members)) == (id_of("A"), 2)


def test_an_article_without_a_day_leads_to_its_story(builder: LakeBuilder) -> None:
    """It was seen three weeks after the day of which it tells; and is found from there."""
    one, late = dated("one", 2), undated("late", 25)
    run(builder, one, late, member(one, "A"), member(late, "A"))
    for name in ("one", "late"):
        [told] = stories_of(builder.snapshot, [id_of(name)])
        assert {each.article_id for each in told.members} == {id_of("one"), id_of("late")}


def test_what_claims_no_day_is_near_every_day(builder: LakeBuilder) -> None:
    late, far = undated("late", 25), dated("far", 12)
    run(builder, late, far, member(late, "A"), member(far, "B"))
    ids = [id_of("late"), id_of("far")]
    [told] = stories_near(builder.snapshot, ids, [at(2).date()])
    assert told.story_id == id_of("A")


def test_days_that_are_far_are_not_read(
    builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thirty days those around the article's, its story's; of others but what claims no day."""
    articles = [dated(f"a{day}", day) for day in range(1, 31)]
    run(builder, *articles, *(member(one, f"s{number}") for number, one in enumerate(articles)))
    pinned = builder.snapshot
    read: set[str] = set()
    original = type(pinned).read

    def watch(self: Any, table: str, columns: Any = None, where: Any = None, files: Any = None):
        if table == "story_members" and columns != ["article_id", "story_id", "date"]:
            read.update(file.partition["date"] for file in files)
        return original(self, table, columns, where, files)

    monkeypatch.setattr(type(pinned), "read", watch)
    assert len(stories_of(pinned, [id_of("a15")])) == 1
    assert min(read) == "2024-05-11"
    assert max(read) == "2024-05-19"


def test_an_alias_of_an_article_is_in_its_story(builder: LakeBuilder) -> None:
    """Where it stood itself before it was an alias makes no difference."""
    one, other = dated("one", 2), dated("other", 2)
    run(builder, one, other, member(one, "A"), member(other, "B"), alias("other", "one"))
    assert [told.story_id for told in stories_of(builder.snapshot, [id_of("other")])] == [
        id_of("A")
    ]
    emptied = story_of(builder.snapshot, id_of("B"))
    assert emptied is not None
    assert emptied.members == ()


def alias(name: str, of: str) -> ArticleAlias:
    return ArticleAlias(
        article_id=id_of(name), alias_of=id_of(of), reason="url", run_id="", month="2024-05"
    )


def test_where_nothing_was_told(builder: LakeBuilder) -> None:
    run(builder, dated("one", 2))
    pinned = builder.snapshot
    assert not has_stories(pinned)
    assert stories_of(pinned, [id_of("one")]) == []
    assert story_of(pinned, "0" * 32) is None


def test_ties_say_why(builder: LakeBuilder) -> None:
    ru, fr = dated("ru", 2, language="ru"), dated("fr", 3, language="fr")
    rows: list[StoryMember] = [member(ru, "A"), member(fr, "B")]
    run(builder, ru, fr, *rows, tie("B", "A", score=0.7))
    [told] = stories_of(builder.snapshot, [id_of("fr")])
    assert told.story_id == id_of("A")
    assert told.parts == {id_of("A"): "ru", id_of("B"): "fr"}
    [why] = told.ties
    assert (why.score, why.evidence[0].what) == (0.7, "geonames:1")
