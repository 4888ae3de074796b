"""A commit to an object store happens whole or not at all, whoever dies, sleeps or comes next."""

from __future__ import annotations

import pytest

from lake import remote_lease
from lake.commit import newest_sequence
from lake.forget import Selection, forget
from lake.lease import LakeBusy, acquire
from lake.publish import Put, RemotePlan
from lake.remote_lease import LEASE, SECONDS, LeaseLost
from lake.store import StoreUnavailable
from lake.tables import LakeDamaged, open_lake, snapshot
from tests.lake.builder import id_of
from tests.lake.machines import (
    Machines,
    articles,
    assert_sound,
    commit_articles,
    write_articles,
)
from tests.lake.memory_store import Around

LONG = SECONDS + 5


def test_what_one_machine_commits_the_other_reads(machines: Machines) -> None:
    """Runs, one after the other, from two machines."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a", "b")
    assert articles(two) == ["a", "b"]
    commit_articles(two, "c")
    assert articles(one) == ["a", "b", "c"]
    assert newest_sequence(open_lake(one)) == 2
    assert_sound(two, machines.store)


def test_a_block_that_raises_commits_nothing(machines: Machines) -> None:
    """Though it had committed to its own copy; and the lease is given back."""
    one = machines.new("one")
    commit_articles(one, "a")
    before = dict(machines.store.objects)

    def fail() -> None:
        with acquire(one) as lease:
            write_articles(lease, "b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert articles(one) == ["a"]
    del before[LEASE]
    assert {n: o for n, o in machines.store.objects.items() if n != LEASE} == before
    commit_articles(one, "b")
    assert articles(one) == ["a", "b"]


def test_a_turn_that_changes_nothing_writes_the_lease_only(machines: Machines) -> None:
    """Take it, give it back."""
    one = machines.new("one")
    commit_articles(one, "a")
    puts: list[str] = []
    around = Around(machines.store, lambda kind, name: puts.append(f"{kind} {name}"))
    with machines.seen_through(around), acquire(one):
        pass
    assert [p for p in puts if p.startswith(("put", "delete"))] == [f"put {LEASE}"] * 2


def test_a_writer_that_slept_before_its_commit_cannot_commit(machines: Machines) -> None:
    """Another one took over; what the sleeper wrote is nothing, and is said to be."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a")

    def sleep_and_go_on() -> None:
        with acquire(one) as lease:
            write_articles(lease, "b")
            machines.store.pass_time(LONG)
            commit_articles(two, "c")

    with pytest.raises(LeaseLost, match="nothing was committed"):
        sleep_and_go_on()
    assert articles(one) == articles(two) == ["a", "c"]
    assert_sound(one, machines.store)


@pytest.mark.parametrize("request_", ["put runs/_delta_log", "put articles/_delta_log", "delete"])
def test_a_writer_that_slept_after_its_commit_has_committed(
    machines: Machines, request_: str
) -> None:
    """Who took over carried its plan out; what it still does when it wakes changes nothing."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a")
    commit_articles(one, "b")  # the next one has a manifest to delete
    slept = []

    def sleep(kind: str, name: str) -> None:
        if f"{kind} {name}".startswith(request_) and not slept:
            slept.append(name)
            machines.store.pass_time(LONG)
            with machines.seen_through(machines.store):
                commit_articles(two, "d")

    with machines.seen_through(Around(machines.store, sleep)):
        commit_articles(one, "c")
    assert slept, "it never slept"
    assert articles(two) == articles(one) == ["a", "b", "c", "d"]
    assert_sound(two, machines.store)


def test_a_writer_that_slept_deletes_nothing(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that it was to delete may have come back since: it looks at its lease first."""
    began = machines.store.now
    monkeypatch.setattr(
        remote_lease, "_clock", lambda: (machines.store.now - began).total_seconds()
    )
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a")
    commit_articles(one, "b")
    slept: list[str] = []
    deleted: list[str] = []

    def sleep(kind: str, name: str) -> None:
        if kind == "delete":
            deleted.append(name)
        if f"{kind} {name}".startswith("put runs/_delta_log") and not slept:
            slept.append(name)
            machines.store.pass_time(LONG)
            with machines.seen_through(machines.store):
                commit_articles(two, "d")

    with machines.seen_through(Around(machines.store, sleep)):
        commit_articles(one, "c")
    assert slept, "it never slept"
    assert [name for name in deleted if not name.startswith("_state/plans/")] == []
    assert articles(two) == ["a", "b", "c", "d"]


def test_readers_see_a_commit_whole(machines: Machines) -> None:
    """Whichever request it is at, and on a machine that has seen nothing yet as well."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a")
    seen = []

    def look(kind: str, name: str) -> None:
        with machines.seen_through(machines.store):
            seen.append(articles(two))
            assert articles(machines.new(f"look-{len(seen)}")) == seen[-1]

    around = Around(machines.store, after=look)
    with machines.seen_through(around), acquire(one) as lease:
        machines.between = machines.store
        write_articles(lease, "b")
        machines.between = around
    changes = [now for now, before in zip(seen[1:], seen, strict=False) if now != before]
    assert seen[0] == ["a"]
    assert changes == [["a", "b"]]


def test_nobody_is_let_in_while_one_writes(machines: Machines) -> None:
    """The second leaves with 5 and names the first."""
    one, two = machines.new("one"), machines.new("two")
    with acquire(one) as lease:
        write_articles(lease, "a")
        with pytest.raises(LakeBusy, match="s3://memory/lake is being written by process"):
            commit_articles(two, "b")
    assert articles(two) == ["a"]


def test_a_store_that_goes_away_in_the_middle(machines: Machines) -> None:
    """The next writer completes what was decided, and the error says that it may."""
    one = machines.new("one")
    commit_articles(one, "a")

    def go(kind: str, name: str) -> None:
        if (kind, name.split("/")[0]) == ("put", "runs") and "_delta_log" in name:
            raise StoreUnavailable("gone")

    with (
        machines.seen_through(Around(machines.store, go)),
        pytest.raises(StoreUnavailable, match="the next writer completes it"),
    ):
        commit_articles(one, "b")
    assert articles(one) == ["a"]
    commit_articles(one, "c")  # at once: the lease was given back, with its plan
    assert articles(one) == ["a", "b", "c"]
    assert_sound(one, machines.store)


def test_a_stranger_that_writes_to_a_table(machines: Machines) -> None:
    """Its version of the log is not overwritten; what to do is said, and then it goes on."""
    one = machines.new("one")
    commit_articles(one, "a")
    version = snapshot(open_lake(one)).versions["articles"] + 1
    name = f"articles/_delta_log/{version:020}.json"
    foreign: list[str] = []

    def intrude(kind: str, written: str) -> None:
        if (kind, written) == ("put", LEASE) and len(foreign) < 2:
            foreign.append(written)
            if len(foreign) == 2:  # the one that names the plan
                machines.store.put(name, b"{}")

    with (
        machines.seen_through(Around(machines.store, intrude)),
        pytest.raises(LakeDamaged, match=f"{name} was written by something else"),
    ):
        commit_articles(one, "b")
    assert machines.store.objects[name][0] == b"{}"
    machines.store.delete([name])
    commit_articles(one, "c")
    assert articles(one) == ["a", "b", "c"]


def test_what_is_forgotten_is_gone_everywhere(machines: Machines) -> None:
    """From the bucket with the commit, from other machines with their next look."""
    one, two = machines.new("one"), machines.new("two")
    commit_articles(one, "a", "b")
    assert articles(two) == ["a", "b"]
    held = [p for p in two.rglob("*.parquet") if b"Body of a" in p.read_bytes()]
    old = {n for n in machines.store.objects if n.startswith("articles/date=")}
    forget(one, Selection(article_ids=(id_of("a"),)))
    assert not old & machines.store.objects.keys()
    assert articles(two) == ["b"]
    assert [p for p in held if p.exists()] == []
    assert [p for p in two.rglob("*.parquet") if f"articles/{p.name}" in old] == []


def test_plans_as_bytes() -> None:
    """They say the same after a trip through the store."""
    plan = RemotePlan(7, (Put("a/x", b"\0\xff", None), Put("b", b"", "tag")), ("gone",))
    assert RemotePlan.from_bytes(plan.to_bytes()) == plan
