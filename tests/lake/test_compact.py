"""Compaction changes files and no rows, once, and only intact ones."""

from __future__ import annotations

import json
import time
from pathlib import Path

import duckdb
import pytest

import lake.compact as compaction
from lake.check import check
from lake.commit import Plan, recover
from lake.compact import Compacted, compact, compact_gathered
from lake.tables import LakeDamaged
from tests.lake.builder import LakeBuilder, article, at, sighting

TABLES = ("articles", "sightings")


@pytest.fixture
def small_files(builder: LakeBuilder) -> LakeBuilder:
    """Four runs into two days: three files in one, one in the other, four in sightings' day."""
    for name, day in (("a", 1), ("b", 1), ("c", 1), ("d", 2)):
        version = article(name, published=at(day))
        builder.run(version, sighting(version))
    return builder


def contents(builder: LakeBuilder) -> dict[str, list[str]]:
    return {t: sorted(json.dumps(r, default=str) for r in builder.rows(t)) for t in TABLES}


def counts(builder: LakeBuilder) -> dict[str, int]:
    return {t: len(builder.snapshot.files(t)) for t in (*TABLES, "runs")}


def test_rows_stay_and_files_merge(small_files: LakeBuilder) -> None:
    """One file a partition, the same rows; `runs` has one more for the compaction itself."""
    before = contents(small_files)
    assert counts(small_files) == {"articles": 4, "sightings": 4, "runs": 4}
    assert compact(small_files.root) == Compacted(3, 11, 3)
    assert counts(small_files) == {"articles": 2, "sightings": 1, "runs": 2}
    assert contents(small_files) == before
    assert [r["command"] for r in small_files.rows("runs")].count("compact") == 1


def test_a_second_compaction_does_nothing(small_files: LakeBuilder) -> None:
    """Not even a commit."""
    compact(small_files.root)
    sequence = small_files.snapshot.sequence
    assert compact(small_files.root) == Compacted()
    assert small_files.snapshot.sequence == sequence


def test_many_partitions_take_several_turns(
    small_files: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is given up between batches of partitions, and all get done."""
    monkeypatch.setattr(compaction, "PARTITIONS_PER_COMMIT", 1)
    before = contents(small_files)
    compact(small_files.root)
    assert counts(small_files) == {"articles": 2, "sightings": 1, "runs": 2}
    assert contents(small_files) == before


def test_large_partitions_are_split_in_order(
    small_files: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files near the target size, each with its own range of ids; then nothing is left to do."""
    size = max(file.size for file in small_files.snapshot.files("articles"))
    monkeypatch.setattr(compaction, "TARGET_BYTES", size * 2)
    before = contents(small_files)
    compact(small_files.root)
    stats = [
        json.loads(file.stats)
        for file in small_files.snapshot.files("articles")
        if file.partition["date"] == "2024-05-01"
    ]
    ranges = sorted((s["minValues"]["article_id"], s["maxValues"]["article_id"]) for s in stats)
    assert len(ranges) == 2
    assert ranges[0][1] < ranges[1][0]
    assert contents(small_files) == before


def test_damage_is_not_merged(small_files: LakeBuilder) -> None:
    """A damaged file stays what it is: nothing is written, nothing staged is left."""
    path = Path(small_files.snapshot.paths("articles")[0])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    before = counts(small_files)
    with pytest.raises(LakeDamaged, match=path.name):
        compact(small_files.root)
    assert counts(small_files) == before
    assert list((small_files.lake.state / "staging").glob("*")) == []


def test_after_a_purge_a_glob_is_exact(small_files: LakeBuilder) -> None:
    """Plain readers of the live folders see each row once."""
    compact(small_files.root, purge=True)
    for table in (*TABLES, "runs"):
        glob = str(small_files.root / table / "**/*.parquet")
        [(rows,)] = duckdb.sql(f"SELECT count(*) FROM read_parquet('{glob}')").fetchall()
        assert rows == len(small_files.rows(table)), table


def test_a_killed_compaction_is_finished_by_the_next_writer(
    small_files: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dead after its plan: readers see the old files, and recovery the new ones."""
    before = contents(small_files)

    def die(lake: object, plan: Plan) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr("lake.commit.commit_runs", die)
        with pytest.raises(SystemExit):
            compact(small_files.root)
    assert counts(small_files) == {"articles": 4, "sightings": 4, "runs": 4}
    assert contents(small_files) == before
    assert recover(small_files.lake) == [5]
    assert counts(small_files) == {"articles": 2, "sightings": 1, "runs": 2}
    assert contents(small_files) == before


def test_a_watch_waits_until_many_have_gathered(
    small_files: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And looks without the lease: a round that has nothing to merge makes no commit."""
    monkeypatch.setattr(compaction, "GATHERED", 3)
    before, sequence = contents(small_files), small_files.snapshot.sequence
    done = compact_gathered(small_files.root)
    assert (done.partitions, done.files_before) == (2, 8), "sightings' day and runs have four"
    assert counts(small_files) == {"articles": 4, "sightings": 1, "runs": 2}
    assert contents(small_files) == before
    assert small_files.snapshot.sequence > sequence
    sequence = small_files.snapshot.sequence
    assert compact_gathered(small_files.root) == Compacted()
    assert small_files.snapshot.sequence == sequence


def test_what_a_watch_replaced_is_deleted_a_day_later(
    small_files: LakeBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers that pinned an older version have a day; nothing else is ever deleted."""
    monkeypatch.setattr(compaction, "GATHERED", 1)
    before = contents(small_files)
    assert compact_gathered(small_files.root).purged == 0
    on_disk = set(small_files.root.rglob("*.parquet"))
    monkeypatch.setattr(compaction, "KEPT_HOURS", 0)
    version = article("e", published=at(1))
    small_files.run(version, sighting(version))
    time.sleep(0.01)
    done = compact_gathered(small_files.root)
    assert done.purged >= 11
    assert len(on_disk - set(small_files.root.rglob("*.parquet"))) >= 11
    after = contents(small_files)
    assert all(set(before[table]) < set(after[table]) for table in TABLES)
    assert not any(finding.is_damage for finding in check(small_files.lake))
