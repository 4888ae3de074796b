"""A Delta log is held against what was written down of it, before anything is read by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from deltalake import DeltaTable

from lake.check import check
from lake.log_sums import read_sums, sums_path
from lake.tables import LakeDamaged, snapshot
from tests.lake.builder import LakeBuilder, article, sighting


@pytest.fixture
def sound(builder: LakeBuilder) -> LakeBuilder:
    """A lake of two runs."""
    for name in "ab":
        builder.run(article(name), sighting(article(name)))
    return builder


def entry(builder: LakeBuilder, table: str, version: int) -> Path:
    return builder.root / table / "_delta_log" / f"{version:020d}.json"


@pytest.mark.parametrize("table", ["articles", "runs"])
def test_a_log_that_says_something_else_is_refused(sound: LakeBuilder, table: str) -> None:
    """As valid as ever, it names a transaction that was not: the next commits would be skipped."""
    path = entry(sound, table, 2)
    text = path.read_text()
    assert '"version":2' in text
    path.write_text(text.replace('"version":2', '"version":9'))
    with pytest.raises(LakeDamaged, match=r"has changed.*doctor"):
        sound.snapshot.files(table)
    with pytest.raises(LakeDamaged, match=r"has changed.*doctor"):
        sound.run(article("c"))
    assert [finding.kind for finding in check(sound.lake)] == ["log"]


def test_an_entry_that_is_gone_is_missed(sound: LakeBuilder) -> None:
    """Without its last entry the log of `runs` would be that of yesterday's lake."""
    entry(sound, "runs", 2).unlink()
    with pytest.raises(LakeDamaged, match="is gone"):
        snapshot(sound.lake)


def test_what_a_checkpoint_holds_may_go(sound: LakeBuilder) -> None:
    """delta-rs deletes old entries itself, and a reader may have come between."""
    DeltaTable(str(sound.root / "articles")).create_checkpoint()
    for version in (0, 1):
        entry(sound, "articles", version).unlink()
    assert len(sound.rows("articles")) == 2
    sound.run(article("c"))
    names = [name for name in read_sums(sound.root) or () if name.startswith("articles/")]
    assert sorted(name.partition(".")[0][-1] for name in names) == ["2", "2", "3"]
    assert check(sound.lake) == []


def test_a_commit_of_another_program_is_taken_as_it_is(sound: LakeBuilder) -> None:
    """It is written down with our next one."""
    table = DeltaTable(str(sound.root / "articles"))
    table.alter.set_table_properties({"delta.appendOnly": "false"})
    assert len(sound.rows("articles")) == 2
    sound.run(article("c"))
    assert "articles/00000000000000000003.json" in (read_sums(sound.root) or {})


def test_damaged_sums_are_found_and_stop_nobody(sound: LakeBuilder) -> None:
    path = sums_path(sound.root)
    value = json.loads(path.read_text())
    value["files"]["articles/00000000000000000001.json"] = "0" * 64
    path.write_text(json.dumps(value))
    assert [(f.kind, f.path) for f in check(sound.lake)] == [("state", "_state/log_sums.json")]
    assert len(sound.rows("articles")) == 2
