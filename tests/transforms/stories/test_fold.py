"""Stories told day by day: the same whatever the order of arrival, and every id explained.

Which articles are near is told here by a toy: those that share two words. What is tested is what
the fold makes of it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pytest

from schemas.ids import hash_id
from transforms.stories import fold
from transforms.stories.cluster import Placement, Story
from transforms.stories.fold import Merger, Place, Standing, mint, tell
from transforms.stories.item import Item
from transforms.stories.profile import Profile, make_profile
from transforms.stories.window import WINDOW

MONDAY = dt.date(2024, 3, 4)


def article(name: str, words: str, day: int | None = 0) -> Profile:
    """An article with these words, dated so many days after a Monday, or not at all."""
    date = MONDAY + dt.timedelta(day or 0)
    published = None if day is None else dt.datetime.combine(date, dt.time(12), dt.UTC)
    return make_profile(Item(name, words, "fr", "gazette.example", date, published))


def _is_near(one: Profile, other: Profile) -> bool:
    """By their version ids, which hold their words."""
    return len({*one.version_id.split()} & {*other.version_id.split()}) >= 2


def toy_place(
    existing: Sequence[Story], new: Sequence[Profile], copies: Mapping[str, str]
) -> Placement:
    """Joins the story of which most members are near; what joins two of which all are, merges."""
    joins, groups, merges = {}, [], []
    for one in sorted(new, key=lambda one: one.article_id):
        near = {
            story.story_id: sum(_is_near(one, member) for member in story.members)
            for story in existing
        }
        best = sorted((-count, story_id) for story_id, count in near.items() if count)
        if best:
            joins[one.article_id] = (best[0][1], 0.8)
            whole = sorted(s.story_id for s in existing if near[s.story_id] == len(s.members) > 0)
            merges += [(whole[1], whole[0], 0.9)] if len(whole) > 1 else []
            continue
        group = next((g for g in groups if any(_is_near(one, other) for other in g)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return Placement(joins, [tuple((one.article_id, 0.8) for one in g) for g in groups], merges)


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "place_day", toy_place)


class Newsroom:
    """Runs over what has arrived so far, each standing on the one before."""

    def __init__(self) -> None:
        self.arrived: list[Profile] = []
        self.standing = Standing()
        self.moves: list[tuple[str, str, str]] = []

    def run(self, new: Iterable[Profile], undated: Iterable[Profile] = ()) -> Standing:
        new = list(new)
        self.arrived += [*new, *undated]
        by_day: dict[dt.date, list[Profile]] = defaultdict(list)
        for one in self.arrived:
            if one.published is not None:
                by_day[one.day].append(one)
        pool = [one for one in self.arrived if one.published is None]
        random.shuffle(pool)
        before = self.standing
        self.standing = tell(
            sorted(by_day), {one.day for one in new}, lambda day: by_day[day], before, pool, (), {}
        )
        for name, place in before.places.items():
            now = self.standing.places[name].story_id
            if now != place.story_id:
                self.moves.append((name, place.story_id, now))
        return self.standing


def parts(standing: Standing) -> set[frozenset[str]]:
    """Who stands together, mergers counted."""
    aliases = {merger.story_id: merger.alias_of for merger in standing.mergers}
    found: dict[str, set[str]] = defaultdict(set)
    for name, place in standing.places.items():
        story_id = place.story_id
        while story_id in aliases:
            story_id = aliases[story_id]
        found[story_id].add(name)
    return set(map(frozenset, found.values()))


def stories_of(standing: Standing) -> dict[str, str]:
    return {name: place.story_id for name, place in standing.places.items()}


def month(seed: int, days: int = 20) -> list[Profile]:
    """Articles of drifting stories: words come and go, some are in two stories."""
    source = random.Random(seed)
    found = []
    for number in range(days * 6):
        story = source.randrange(days)
        day = min(days - 1, story + source.choice([0, 0, 0, 1, 1, 2, 3]))
        words = {f"w{story}-{source.randrange(3)}" for _ in range(4)} | {f"s{story}"}
        if source.random() < 0.15:
            words |= {f"s{story + 1}", f"w{story + 1}-0"}
        found.append(article(f"a{number:03}", " ".join(sorted(words)), day))
    return found


def test_a_day_joins_what_stands_and_founds_the_rest() -> None:
    desk = Newsroom()
    desk.run([article("a", "fire port"), article("b", "ice core")])
    told = desk.run([article("c", "fire port smoke", 1), article("d", "strike rail", 1)])
    places = told.places
    assert stories_of(told) == {"a": mint("a"), "b": mint("b"), "c": mint("a"), "d": mint("d")}
    assert (places["a"].reason, places["c"].reason, places["d"].reason) == (
        "founds", "joins", "founds",
    )  # fmt: skip
    assert places["c"].day == MONDAY + dt.timedelta(1)


def test_a_story_takes_no_more_in_after_the_window() -> None:
    window = WINDOW.days
    desk = Newsroom()
    within = desk.run([article("a", "fire port"), article("b", "fire port", window)])
    assert len(parts(within)) == 1
    desk = Newsroom()
    after = desk.run([article("a", "fire port"), article("b", "fire port", window + 1)])
    assert len(parts(after)) == 2


def test_a_story_lives_on_by_its_newest_article() -> None:
    steps = [article(f"a{n}", "fire port", n * WINDOW.days) for n in range(4)]
    assert len(parts(Newsroom().run(steps))) == 1


@pytest.mark.parametrize("seed", range(6))
def test_once_and_daily_are_the_same_to_the_id(seed: int) -> None:
    articles = month(seed)
    once = Newsroom().run(articles)
    daily = Newsroom()
    for day in sorted({one.day for one in articles}):
        today = [one for one in articles if one.day == day]
        random.Random(seed).shuffle(today)
        daily.run(today)
    assert daily.standing.places == once.places
    assert set(daily.standing.mergers) == set(once.mergers)
    assert daily.moves == []
    assert len(parts(once)) > 5


@pytest.mark.parametrize("seed", range(20))
def test_whatever_arrives_when_the_same_stand_together(seed: int) -> None:
    articles = month(seed)
    source = random.Random(seed)
    once = Newsroom().run(articles)
    late = Newsroom()
    arrivals = {
        one.article_id: one.day + dt.timedelta(source.choice([0, 0, 0, 0, 0, 0, 0, 1, 3, 5, 40]))
        for one in articles
    }
    for day in sorted(set(arrivals.values())):
        late.run(one for one in articles if arrivals[one.article_id] == day)
    assert parts(late.standing) == parts(once)


def test_a_later_day_is_told_again_where_its_story_goes_by_another_name() -> None:
    """Late ones draw `c` from `a`; on the day of `e`, `c` alone is open, as it was before."""
    ours = [article("a", "ice core"), article("b", "ice core owl barn")]
    late = [article(name, "fire quay") for name in "xyz"]
    after = [article("c", "owl barn fire quay", 4), article("e", "owl barn fire quay", 6)]
    desk = Newsroom()
    desk.run([*ours, *after])
    told = desk.run(late)
    assert parts(told) == {frozenset("ab"), frozenset("xyzce")}


def test_an_older_version_that_comes_late_takes_its_article_from_its_day() -> None:
    """Told at once, `m` stands on its first day, a window and more before `n`."""
    desk = Newsroom()
    assert len(parts(desk.run([article("m", "ice core", 10), article("n", "ice core", 10)]))) == 1
    told = desk.run([article("m", "ice core", 0)])
    assert parts(told) == {frozenset("m"), frozenset("n")}
    assert told.places["n"].reason == "founds"


def test_a_story_whose_only_article_is_of_an_earlier_day_closes_earlier() -> None:
    """The later version is not told any more; `n` came within the window of that day only."""
    desk = Newsroom()
    later, n, z = article("m", "ice core", 3), article("n", "ice core", 6), article("z", "owl", 4)
    assert len(parts(desk.run([later, z, n]))) == 2
    desk.arrived.remove(later)
    told = desk.run([article("m", "ice core", 1)])
    assert parts(told) == {frozenset("m"), frozenset("n"), frozenset("z")}


def test_who_comes_late_may_move_others_and_the_majority_keeps_the_id() -> None:
    desk = Newsroom()
    first = desk.run(
        [
            article("a", "fire port", 0),
            *(article(f"b{n}", "port strike union fire", 1) for n in range(3)),
        ]
    )
    assert len(parts(first)) == 1
    # A day before them comes what the three are nearer to: the toy's first of equals.
    told = desk.run([article("0", "strike union port fire", 0)])
    assert parts(told) == {frozenset({"0", "a", "b0", "b1", "b2"})}
    assert stories_of(told)["b0"] == mint("a")
    assert desk.moves == []


def test_a_story_whose_members_all_went_elsewhere_is_an_alias() -> None:
    desk = Newsroom()
    desk.run([article("b", "fire port", 1), article("c", "ice core", 1)])
    desk.run([article("a", "fire port ice core", 0)])
    told = desk.standing
    assert parts(told) == {frozenset("abc")}
    gone = {mint("b"), mint("c")} - set(stories_of(told).values())
    assert {merger.story_id for merger in told.mergers} == gone
    assert {merger.alias_of for merger in told.mergers} <= set(stories_of(told).values())
    assert [move[0] for move in desk.moves] == ["c"] or [m[0] for m in desk.moves] == ["b"]


def test_what_claims_no_day_joins_the_best_and_moves_nothing() -> None:
    dated = [article("a", "fire port"), article("b", "ice core", 9)]
    alone = Newsroom().run(dated)
    desk = Newsroom()
    told = desk.run(dated, [article("u", "ice core", None), article("v", "owl barn", None)])
    assert stories_of(told) == stories_of(alone) | {"u": mint("b"), "v": mint("v")}
    assert told.places["u"].day is None
    assert told.places["v"].reason == "founds"


def test_a_dated_article_joins_the_story_of_one_without_a_day() -> None:
    desk = Newsroom()
    desk.run([article("x", "other thing")], [article("u", "ice core", None)])
    told = desk.run([article("a", "ice core deep", 3)])
    assert told.places["a"].story_id == mint("u")
    again = desk.run([article("b", "ice core deep drill", 4)])
    assert again.places["b"].story_id == mint("u")
    assert again.places["u"].story_id == mint("u")


def test_an_article_that_is_gone_stands_nowhere() -> None:
    desk = Newsroom()
    desk.run([article("a", "fire port"), article("b", "fire port", 1), article("z", "owl barn")])
    desk.arrived = [one for one in desk.arrived if one.article_id != "a"]
    days = {one.day for one in desk.arrived}
    told = tell(
        sorted(days), {MONDAY}, lambda day: [o for o in desk.arrived if o.day == day],
        desk.standing, [], (), {},
    )  # fmt: skip
    assert stories_of(told) == {"b": mint("a"), "z": mint("z")}


def test_a_name_that_is_taken_is_not_minted_twice() -> None:
    """`b` stood in the story that `a` founded; now it founds its own, as `a` moved away."""
    stood = Standing(
        {
            "a": Place("a", mint("a"), "fr", MONDAY, MONDAY, 1.0, "founds"),
            "b": Place("b", mint("a"), "fr", MONDAY, MONDAY, 0.8, "joins"),
            "c": Place("c", mint("a"), "fr", MONDAY, MONDAY, 0.8, "joins"),
        }
    )
    today = [article("a", "one two"), article("b", "three four"), article("c", "three four")]
    told = tell([MONDAY], [MONDAY], lambda day: today, stood, [], (), {})
    assert told.places["b"].story_id == told.places["c"].story_id == mint("a")
    assert told.places["a"].story_id == hash_id("story", mint("a"), mint("a"))


def test_a_name_of_another_language_is_not_minted() -> None:
    """`a` founded a story there before it was seen to be of this language."""
    stood = Standing(elsewhere=frozenset([mint("a")]))
    told = tell([MONDAY], [MONDAY], lambda _: [article("a", "one two")], stood, [], (), {})
    assert told.places["a"].story_id == hash_id("story", mint("a"), mint("a"))


def test_mergers_go_by_the_older_id() -> None:
    desk = Newsroom()
    desk.run([article("a", "fire port"), article("b", "smoke quay")])
    told = desk.run([article("c", "fire port smoke quay", 1)])
    [merger] = told.mergers
    day = MONDAY + dt.timedelta(1)
    assert merger == Merger(mint("b"), mint("a"), day, 0.9)
    assert parts(told) == {frozenset("abc")}
    later = desk.run([article("d", "smoke quay", 2)])
    assert later.places["d"].story_id == merger.alias_of
