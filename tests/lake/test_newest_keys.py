"""The key state of a lake in which others write, while it is looked at."""

from __future__ import annotations

import pytest

import lake.newest_keys
from lake.keys import StateFiles, committed_state
from lake.newest_keys import newest_keys
from lake.sorted_runs import StateDamaged
from lake.tables import Lake, create_lake
from tests.lake.builder import LakeBuilder, article, key_of
from tests.lake.machines import Machines, commit_articles


def test_as_of_the_newest_run(builder: LakeBuilder) -> None:
    a, b = article("a"), article("b")
    builder.run(a)
    assert newest_keys(builder.lake).holds([key_of(a), key_of(b)]) == {key_of(a)}
    builder.run(b)
    assert newest_keys(builder.lake).holds([key_of(a), key_of(b)]) == {key_of(a), key_of(b)}


def test_a_lake_without_runs_knows_nothing(builder: LakeBuilder) -> None:
    create_lake(builder.root)
    assert newest_keys(builder.lake).holds([key_of(article("a"))]) == set()


def merged_away(builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """A manifest was read whose files another writer has removed since, so many times."""
    looks: list[int] = []

    def read(lake: Lake, sequence: int) -> StateFiles:
        state = committed_state(lake, sequence)
        looks.append(sequence)
        if len(looks) > times:
            return state
        (file,) = state.keys[:1]
        moved = file.path.with_name(f"keys-{'0' * 32}.run")
        return StateFiles((type(file)(moved, file.count, file.size),), state.versions)

    monkeypatch.setattr(lake.newest_keys, "committed_state", read)
    return looks


def test_files_that_were_merged_away_are_looked_for_again(
    builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.run(article("a"))
    looks = merged_away(builder, monkeypatch, 3)
    assert newest_keys(builder.lake).holds([key_of(article("a"))])
    assert len(looks) == 4


def test_files_that_stay_away_are_damage(
    builder: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.run(article("a"))
    looks = merged_away(builder, monkeypatch, 99)
    with pytest.raises(StateDamaged, match="doctor --rebuild-state"):
        newest_keys(builder.lake)
    assert len(looks) == 4


def test_what_another_machine_commits_is_seen(machines: Machines) -> None:
    one, two = machines.new("one"), machines.new("two")
    a, b = key_of(article("a")), key_of(article("b"))
    commit_articles(one, "a")
    assert newest_keys(Lake(two)).holds([a, b]) == {a}
    commit_articles(one, "b")
    assert newest_keys(Lake(two)).holds([a, b]) == {a, b}
