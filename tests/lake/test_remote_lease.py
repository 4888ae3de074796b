"""The lease of a lake in an object store: one holder, rising numbers, nobody commits after it."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import pytest

from lake import remote_lease
from lake.lease import LakeBusy
from lake.remote_lease import LEASE, SECONDS, HeldLease, LeaseLost, read_lease, take
from lake.store import PutConflict, Store, StoreRefused
from lake.tables import LakeDamaged
from tests.lake.memory_store import Around, MemoryStore

LAKE = Path("/lake")


def held(store: Store, holder: str = "one", *, wait: float = 0, floor: int = 0) -> HeldLease:
    return take(store, LAKE, holder, wait_seconds=wait, floor=floor)


def test_one_after_the_other() -> None:
    """Whoever has it keeps others out until they give it back; its numbers only rise."""
    store = MemoryStore()
    first = held(store, "one")
    with pytest.raises(LakeBusy, match="is being written by one") as busy:
        held(store, "two")
    assert busy.value.exit_code == 5
    first.release()
    second = held(store, "two")
    assert (first.state.sequence, second.state.sequence) == (1, 2)
    assert not second.is_taken_over
    second.release()
    assert held(store, floor=40).state.sequence == 41


def test_whoever_waits_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is given back, and not before."""
    monkeypatch.setattr(remote_lease, "_POLL", 0.01)
    store = MemoryStore()
    first = held(store)
    released = []

    def give_back() -> None:
        released.append(True)
        first.release()

    timer = threading.Timer(0.2, give_back)
    timer.start()
    assert held(store, "two", wait=20).state.holder == "two"
    assert released
    timer.join()


def test_taken_from_the_dead_by_the_clock_of_the_store() -> None:
    """Not before its time is over, and then without the help of whoever had it."""
    store = MemoryStore()
    held(store, "dead")
    store.pass_time(SECONDS)
    with pytest.raises(LakeBusy):
        held(store, "two")
    store.pass_time(5)
    taken = held(store, "two")
    assert taken.is_taken_over
    assert taken.state.sequence == 2


def test_renewed_it_stays() -> None:
    """However long its holder works."""
    store = MemoryStore()
    first = held(store)
    for _ in range(5):
        store.pass_time(SECONDS - 1)
        first.renew()
    with pytest.raises(LakeBusy):
        held(store, "two")


def test_the_heart_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself, while the block lasts, and no longer."""
    monkeypatch.setattr(remote_lease, "SECONDS", 0.2)
    store = MemoryStore()
    first = held(store)
    with first.beating():
        before = store.objects[LEASE][1]
        time.sleep(0.5)
        assert store.objects[LEASE][1] != before
    after = store.objects[LEASE][1]
    time.sleep(0.2)
    assert store.objects[LEASE][1] == after


def test_a_paused_writer_can_do_nothing_any_more() -> None:
    """Neither renew, nor name a plan, nor give back what is no longer theirs."""
    store = MemoryStore()
    paused = held(store, "paused")
    store.pass_time(SECONDS + 5)
    other = held(store, "other")
    for act in (paused.renew, paused.name_plan, paused.release):
        with pytest.raises(LeaseLost, match="nothing was committed"):
            act()
    assert LeaseLost.exit_code == 75
    now = read_lease(store)
    assert now is not None
    assert (now.holder, now.plan) == ("other", None)
    other.name_plan()


def test_a_plan_is_handed_on() -> None:
    """By whoever dies and by whoever gives up; it goes when it was carried out."""
    store = MemoryStore()
    first = held(store, "one")
    first.name_plan()
    first.release()
    second = held(store, "two")
    assert second.state.plan == 1
    store.pass_time(SECONDS + 5)
    third = held(store, "three")
    assert (third.state.sequence, third.state.plan) == (3, 1)
    third.clear_plan()
    third.release()
    assert held(store).state.plan is None


@pytest.mark.parametrize("attempt", range(20))
def test_of_two_at_once_one_gets_it(attempt: int) -> None:
    """Both see it free; one swap succeeds."""
    store = MemoryStore()
    held(store).release()
    meet = threading.Barrier(2)
    seen: set[str] = set()

    def together(kind: str, name: str) -> None:
        # Each has read the lease once before either writes it.
        mine = threading.current_thread().name
        if kind == "get" and mine not in seen:
            seen.add(mine)
            meet.wait(5)

    around = Around(store, after=together)
    got: list[str] = []

    def writer() -> None:
        with contextlib.suppress(LakeBusy):
            got.append(held(around, threading.current_thread().name).state.holder or "")

    threads = [threading.Thread(target=writer, name=name) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2, "the two never met"
    assert len(got) == 1


def test_a_swap_whose_answer_was_lost_has_happened() -> None:
    """The repeated request finds our own lease in the way, and goes on with it."""
    store = MemoryStore()

    class Repeating(Around):
        def put(self, name, data, *, if_absent=False, if_match=None):  # type: ignore[no-untyped-def]
            self.inner.put(name, data, if_absent=if_absent, if_match=if_match)
            raise PutConflict(name)

    first = held(store)
    first.release()
    second = take(Repeating(store), LAKE, "two", wait_seconds=0, floor=0)
    second.name_plan()
    now = read_lease(store)
    assert now is not None
    assert (now.sequence, now.plan) == (2, 2)


@pytest.mark.parametrize("ignored", ["if_absent", "if_match"])
def test_a_store_that_ignores_conditions_is_refused(ignored: str) -> None:
    """It would let two writers in; the first one to come finds out, and leaves nothing behind."""
    store = MemoryStore()

    class Careless(Around):
        def put(self, name, data, *, if_absent=False, if_match=None):  # type: ignore[no-untyped-def]
            kept = {"if_absent": if_absent, "if_match": if_match}
            kept.pop(ignored)
            return self.inner.put(name, data, **kept)

    with pytest.raises(StoreRefused, match="ignores If-None-Match and If-Match"):
        take(Careless(store), LAKE, "one", wait_seconds=0, floor=0)
    assert not store.objects


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"sequence": 1}', b"\xff"])
def test_a_damaged_lease_lets_nobody_in(damage: bytes) -> None:
    """What to do about it is said."""
    store = MemoryStore()
    store.put(LEASE, damage)
    with pytest.raises(LakeDamaged, match="delete it when nobody writes"):
        held(store)


def test_after_a_lost_lease_the_numbers_go_on() -> None:
    """From what the lake carries."""
    first = held(MemoryStore())
    first.advance(7)
    assert first.state.sequence == 8
