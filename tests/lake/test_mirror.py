"""The mirror of a lake in an object store: what it fetches, and when, and what it does not keep."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from lake.compact import compact
from lake.data_file import hash_in_name
from lake.keys import KeyState, committed_state
from lake.mirror import pull, workspace
from lake.present import make_present
from lake.remote_lease import LEASE
from lake.sorted_runs import StateDamaged
from lake.tables import LakeDamaged, LakeNotFound, open_lake, refuse_foreign, snapshot
from lake.views import connect
from tests.lake.builder import article, key_of
from tests.lake.machines import Machines, articles, commit_articles, write_rows
from tests.lake.memory_store import Around


def watched(machines: Machines) -> tuple[Around, Counter[str]]:
    """A store that counts downloads by table or folder of state."""
    seen: Counter[str] = Counter()

    def count(kind: str, name: str) -> None:
        if kind == "download":
            seen[name.split("/")[1] if name.startswith("_state") else name.split("/")[0]] += 1

    return Around(machines.store, count), seen


def test_only_what_is_read_is_fetched_and_only_once(machines: Machines) -> None:
    """A table's files with its first reading, keys with the first look-up, all of it for SQL."""
    commit_articles(machines.new("one"), "a", "b")
    two = machines.new("two")
    around, fetched = watched(machines)
    with machines.seen_through(around):
        pinned = snapshot(open_lake(two))
        assert fetched == {"runs": 1}
        assert pinned.read("articles").num_rows == 2
        assert fetched == {"runs": 1, "articles": 1}
        state = KeyState(committed_state(pinned.lake, pinned.sequence))
        assert fetched == {"runs": 1, "articles": 1, "keys": 2}
        assert state.holds([key_of(article("a"))])
        for _ in range(2):
            with connect(snapshot(open_lake(two))) as connection:
                assert connection.sql("SELECT count(*) FROM articles").fetchall() == [(2,)]
            assert articles(two) == ["a", "b"]
    assert fetched == {"runs": 1, "articles": 1, "keys": 2}


def test_files_of_the_days_that_are_read(machines: Machines) -> None:
    """Of a table by date, no other day's."""
    days = [dt.datetime(2024, 5, day, tzinfo=dt.UTC) for day in (1, 2, 3)]
    rows = [article(f"a{day.day}", published=day) for day in days]
    write_rows(machines.new("one"), *rows)
    around, fetched = watched(machines)
    with machines.seen_through(around):
        pinned = snapshot(open_lake(machines.new("two")))
        files = pinned.files_on("articles", [days[1].date()])
        assert pinned.read("articles", files=files)["article_id"].to_pylist() == [
            rows[1].article_id
        ]
    assert fetched["articles"] == 1


def test_a_writer_fetches_what_it_needs_into_the_mirror(machines: Machines) -> None:
    """And uploads none of it again."""
    commit_articles(machines.new("one"), "a")
    commit_articles(machines.new("one"), "b")
    two = machines.new("two")
    around, fetched = watched(machines)
    before = set(machines.store.objects)
    put: list[str] = []
    puts = Around(around, lambda kind, name: put.append(name) if kind == "put" else None)
    with machines.seen_through(puts):
        compact(two)
        assert fetched["articles"] == 2
        again = Counter(fetched)
        commit_articles(two, "c")
        assert articles(two) == ["a", "b", "c"]
        assert fetched["articles"] == again["articles"]
    new = [n for n in set(machines.store.objects) - before if n.startswith("articles/date=")]
    assert before & set(put) == {LEASE}
    assert len(new) == 2  # the merged one, and that of the last run


def test_purged_elsewhere_is_gone_here(machines: Machines) -> None:
    """With the next look; and not before, as readers may be at it."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a")
    commit_articles(one, "b")
    articles(two)
    old = [p for p in two.glob("articles/date=*/**/*.parquet") if p.stat().st_size]
    assert len(old) == 2
    compact(one, purge=True)
    assert all(path.exists() for path in old)
    pull(two)
    assert not any(path.exists() for path in old)


def test_bytes_that_are_not_what_their_name_promises(machines: Machines) -> None:
    """They are refused, and nothing is kept of them."""
    commit_articles(machines.new("one"), "a")
    [name] = [n for n in machines.store.objects if n.startswith("articles/date=")]
    data = machines.store.objects[name][0]
    machines.store.put(name, data[:-1] + b"?")
    two = machines.new("two")
    for _ in range(2):
        with pytest.raises(LakeDamaged, match="is not what its name promises"):
            articles(two)
    machines.store.put(name, data)
    assert articles(two) == ["a"]


def test_an_object_that_is_missing(machines: Machines) -> None:
    """A data file: the lake is damaged; a run of keys: the state is, and can be rebuilt."""
    commit_articles(machines.new("one"), "a")
    two = machines.new("two")
    pinned = snapshot(open_lake(two))
    gone = [n for n in machines.store.objects if n.endswith(".run") or n.startswith("articles/da")]
    machines.store.delete(gone)
    with pytest.raises(LakeDamaged, match=r"is not in s3://memory/lake.*wiretrace doctor"):
        pinned.read("articles")
    with pytest.raises(StateDamaged, match="is not in s3://memory/lake"):
        KeyState(committed_state(pinned.lake, pinned.sequence))


def test_a_commit_while_we_list(machines: Machines) -> None:
    """Its row is left out, as its tables may have been listed before: we see the run before it."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a")
    committed = []

    def commit_now(kind: str, name: str) -> None:
        if (kind, name) == ("list", "runs/_delta_log/") and not committed:
            committed.append(True)
            with machines.seen_through(machines.store):
                commit_articles(one, "b")

    around = Around(machines.store, after=commit_now)
    with machines.seen_through(around):
        assert articles(two) == ["a"]
    assert committed
    assert articles(two) == ["a", "b"]


def test_no_name_leads_out_of_the_mirror(machines: Machines, tmp_path: Path) -> None:
    """Whoever can write to the bucket cannot write to our disk."""
    commit_articles(machines.new("one"), "a")
    for name in ("../evil", "articles/../../evil", "/evil", "articles//evil", "_state/lease/evil"):
        machines.store.put(name, b"evil")
    assert articles(machines.new("two")) == ["a"]
    assert list(tmp_path.rglob("evil")) == []
    assert not Path("/evil").exists()


def test_a_bucket_that_holds_something_else(machines: Machines) -> None:
    """It does not become a lake, and is no lake to read; an empty one may become one."""
    two = machines.new("two")
    with pytest.raises(LakeNotFound, match=r"no lake at s3://memory/lake; .*--lake s3://memory"):
        open_lake(two)
    refuse_foreign(two)
    machines.store.put("photos/1.jpg", b"?")
    with pytest.raises(LakeNotFound, match="s3://memory/lake is not empty"):
        refuse_foreign(two)
    with pytest.raises(LakeNotFound, match="no lake at"):
        open_lake(two)


def test_a_lake_that_is_half_made_is_none_yet(machines: Machines) -> None:
    """Readers are told so; the next writer makes it."""
    one = machines.new("one")
    commit_articles(one, "a")
    for name in [n for n in machines.store.objects if n.startswith("runs/")]:
        machines.store.delete([name])
    with pytest.raises(LakeNotFound):
        open_lake(one)
    refuse_foreign(one)


def test_copies_of_dead_writers_are_swept_those_of_living_ones_are_not(machines: Machines) -> None:
    """Whether one lives is known by its lock."""
    one = machines.new("one")
    commit_articles(one, "a")
    dead = one.parent / "work-dead"
    (dead / "articles").mkdir(parents=True)
    (one.parent / "work-dead.lock").touch()
    with workspace(one) as living:
        assert not dead.exists()
        with workspace(one):
            assert living.root.exists()
    assert list(one.parent.glob("work-*")) == []


def test_the_mirror_is_nobody_elses(machines: Machines) -> None:
    """It may hold what is under embargo."""
    assert machines.new("one").parent.stat().st_mode & 0o077 == 0


def test_names_of_data_files_hold_what_is_checked(machines: Machines) -> None:
    """Every object of a table but its log has a name that promises its bytes."""
    commit_articles(machines.new("one"), "a")
    data = [n for n in machines.store.objects if n.endswith(".parquet") and n[0] != "_"]
    assert len(data) >= 2
    assert all(hash_in_name(name) for name in data)


def test_an_empty_file_of_a_lake_on_disk_is_damage(tmp_path: Path) -> None:
    """Nobody is asked for it."""
    (tmp_path / "part.parquet").touch()
    make_present([tmp_path / "part.parquet", tmp_path / "absent"])
    assert (tmp_path / "part.parquet").stat().st_size == 0
