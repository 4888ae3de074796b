"""Stories of whole runs: the same in whatever order articles arrive, every change a row."""

from __future__ import annotations

import datetime as dt
import errno
import random
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from lake.check import check
from lake.forget import Selection, forget
from pipeline.retell import check_stories
from tests.pipeline.desk import Desk, Record
from transforms.stories.fold import Place
from transforms.stories.standing_rows import places_of

START = dt.datetime(2024, 3, 1, 6, tzinfo=dt.UTC)
DAYS = 5
SYLLABLES = ("ba", "lor", "ti", "men", "sa", "ru", "kel", "vo", "pin", "da", "fer", "gu")
FRENCH = ("Selon la mairie,", "Dans la nuit,", "Pour les habitants,", "Avec les pompiers,")
ENGLISH = ("The city hall said", "In the night", "For the residents", "With the fire service")


def records(seed: str = "desk", stories: int = 16) -> list[Record]:
    """Some hundred articles of stories in two languages, of one to three days.

    A story's words stand in no other, so that what belongs together is no question here; its
    languages share its persons and its numbers.
    """
    chosen = random.Random(seed)
    made: list[Record] = []
    for number in range(stories):
        persons = [f"{word(chosen).title()} {word(chosen).title()}" for _ in range(3)]
        counts = [chosen.randrange(200, 9_000) for _ in range(3)]
        day = chosen.randrange(DAYS - 2)
        for language, openings, most in (("fr", FRENCH, 5), ("en", ENGLISH, 2)):
            words = [word(chosen) for _ in range(16)]
            for part in range(chosen.randrange(language == "fr", most + 1)):
                lines = [
                    f"{opening} {' '.join(chosen.sample(words, 8))} {person} {count} {words[0]}."
                    for opening, person, count in zip(openings, persons, counts, strict=False)
                ]
                headline = f"{persons[0]} {' '.join(chosen.sample(words, 5))}"
                at = START + dt.timedelta(hours=day * 24 + round(chosen.uniform(0, 40), 2))
                outlet = f"{chosen.choice(['gazette', 'courrier', 'echo'])}-{language}.example"
                made.append(
                    {
                        "guid": f"{number}-{language}{part}",
                        "outlet": outlet,
                        "language": language,
                        "headline": headline,
                        "body_text": "\n".join(lines),
                        "published": at.isoformat(),
                    }
                )
    return made


def word(chosen: random.Random) -> str:
    return "".join(chosen.choices(SYLLABLES, k=4))


def day_of(one: Record) -> int:
    return (dt.datetime.fromisoformat(one["published"]).date() - START.date()).days


def by_day(some: Iterable[Record], delayed: Mapping[str, int] | None = None) -> list[list[Record]]:
    """A day's arrivals after another's, each shuffled."""
    days: dict[int, list[Record]] = defaultdict(list)
    for one in some:
        days[day_of(one) + (delayed or {}).get(one["guid"], 0)].append(one)
    for day in sorted(days):
        random.Random(day).shuffle(days[day])
    return [days[day] for day in sorted(days)]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Everything in one run."""
    desk = Desk(tmp_path_factory.mktemp("once"))
    desk.take(records())
    return desk


@pytest.fixture(scope="module")
def daily(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Day by day."""
    desk = Desk(tmp_path_factory.mktemp("daily"))
    for day in by_day(records()):
        desk.take(day)
    return desk


def test_stories_are_those_that_were_written(once: Desk) -> None:
    gold: dict[str, set[str]] = defaultdict(set)
    for one in records():
        gold[one["guid"].split("-")[0]].add(one["guid"])
    assert set(once.stories().values()) == set(map(frozenset, gold.values()))


def test_every_article_stands_in_one_story(once: Desk) -> None:
    [(rows, articles)] = once.ask("SELECT count(*), count(DISTINCT article_id) FROM members_now")
    assert rows == articles == len(records())


def test_days_one_by_one_give_the_same_ids(once: Desk, daily: Desk) -> None:
    assert daily.told() == once.told()
    assert daily.ask("SELECT count(*) FROM story_members WHERE op = 'leave'") == [(0,)]
    assert daily.ask("SELECT count(*) FROM story_aliases WHERE withdrawn") == [(0,)]


def test_chunks_and_a_second_delivery_change_nothing(once: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take(records(), chunk=25)
    assert desk.told() == once.told()
    before = desk.pinned.read("story_members").num_rows
    desk.take(records())
    assert desk.pinned.read("story_members").num_rows == before
    assert desk.told() == once.told()


@pytest.mark.e2e
def test_a_tenth_that_comes_late_gives_the_same_stories_and_every_move_is_a_row(
    once: Desk, tmp_path: Path
) -> None:
    chosen = random.Random("late")
    names = sorted(one["guid"] for one in records())
    late = {name: chosen.randrange(1, 6) for name in chosen.sample(names, len(names) // 10)}
    assert len(late) >= 4
    desk = Desk(tmp_path)
    known: dict[str, str] = {}
    for day in by_day(records(), late):
        desk.take(day)
        now = dict(desk.ask("SELECT article_id, part_id FROM members_now"))
        moved = {one for one in known.keys() & now.keys() if known[one] != now[one]}
        rows = desk.ask(
            "SELECT article_id FROM story_members WHERE op = 'leave'"
            " AND sequence = (SELECT max(sequence) FROM runs)"
        )
        assert {article for (article,) in rows} >= moved
        known = now
    assert set(desk.stories().values()) == set(once.stories().values())
    assert [one for one in check(desk.pinned.lake) if one.is_damage] == []
    assert check_stories(desk.pinned.lake) == []


def test_who_stands_in_the_wrong_story_is_named(
    once: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def places_but_one(rows: Iterable[Mapping[str, Any]]) -> dict[str, Place]:
        places = places_of(rows)
        first, *_ = sorted(places)
        others = {place.story_id for place in places.values()} - {places[first].story_id}
        places[first] = replace(places[first], story_id=min(others))
        return places

    monkeypatch.setattr("pipeline.retell.places_of", places_but_one)
    found = check_stories(once.pinned.lake)
    [(first,)] = once.ask("SELECT min(article_id) FROM members_now")
    assert first in {finding.message.split()[0] for finding in found}
    assert all(finding.is_damage for finding in found)


def test_a_lake_that_may_only_be_read_is_told_again_without_its_profiles(
    once: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("lake.derived.Derived.read", lambda *_: None)
    monkeypatch.setattr("lake.derived.Derived.write", refuse)
    assert check_stories(once.pinned.lake) == []


def test_lost_and_damaged_profiles_are_made_again(once: Desk, tmp_path: Path) -> None:
    *before, last = by_day(records())
    desk = Desk(tmp_path)
    desk.take(chain(*before))
    files = sorted(desk.pinned.lake.profiles.iterdir())
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:-9] + b"something")
    assert [one.kind for one in check(desk.pinned.lake) if one.is_damage] == ["state"]
    desk.take(last)
    assert desk.told() == once.told()


def test_a_lake_from_before_there_were_stories_is_told_with_its_next_run(
    once: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *before, last = by_day(records())
    desk = Desk(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.conclude.plan_stories", lambda *_: None)
        desk.take(chain(*before))
    assert desk.stories() == {}
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.story_tasks.has_looked", lambda *_: False)
        desk.take(last)
    assert desk.told() == once.told()


def test_forgotten_articles_leave_their_story(daily: Desk, tmp_path: Path) -> None:
    """Who is left stays together, over languages too; the signs of it may be the forgotten's."""
    desk = Desk(tmp_path)
    shutil.copytree(daily.folder / "lake", tmp_path / "lake")
    [(article, part, story)] = desk.ask(
        """SELECT article_id, part_id, members_now.story_id FROM members_now JOIN story_aliases_now
           ON part_id IN (story_aliases_now.story_id, alias_of)
           WHERE members_now.reason = 'joins' ORDER BY ALL LIMIT 1"""
    )
    together = set(desk.ask(f"SELECT article_id FROM members_now WHERE story_id = '{story}'"))
    forget(tmp_path / "lake", Selection((article,)))
    left = desk.ask(
        f"""SELECT article_id FROM members_now WHERE story_id IN
            (SELECT story_id FROM members_now WHERE part_id = '{part}')"""
    )
    assert set(left) == together - {(article,)}
    signs = desk.ask(f"SELECT evidence FROM story_aliases WHERE '{part}' IN (story_id, alias_of)")
    assert signs
    assert all(found == ([],) for found in signs)
    assert [one for one in check(desk.pinned.lake) if one.is_damage] == []


def test_a_forgotten_story_leaves_nothing(daily: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    shutil.copytree(daily.folder / "lake", tmp_path / "lake")
    [(part,)] = desk.ask("SELECT alias_of FROM story_aliases_now ORDER BY ALL LIMIT 1")
    mine = desk.ask(f"SELECT article_id FROM members_now WHERE part_id = '{part}'")
    forget(tmp_path / "lake", Selection(tuple(article for (article,) in mine)))
    for table, columns in (("story_members", "story_id"), ("story_aliases", "story_id, alias_of")):
        assert desk.ask(f"SELECT * FROM {table} WHERE '{part}' IN ({columns})") == []
    assert [one for one in check(desk.pinned.lake) if one.is_damage] == []


def test_what_claims_no_day_joins_its_story_whichever_comes_first(tmp_path: Path) -> None:
    some = [one for one in records() if one["guid"].startswith("3-")]
    undated, *dated = sorted(some, key=lambda one: one["guid"])
    del undated["published"]
    for number, batches in enumerate(([[undated, *dated]], [[undated], dated])):
        desk = Desk(tmp_path / str(number))
        for batch in batches:
            desk.take(batch)
        assert set(desk.stories().values()) == {frozenset(one["guid"] for one in some)}
