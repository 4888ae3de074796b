"""Killed at any of its requests, a writer to an object store leaves what the next one mends.

The store is in memory and the death is an exception that stops every later request as well, so that
no request is left out; `test_object_store.py` kills processes.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from lake.check import check
from lake.compact import compact
from lake.remote_lease import SECONDS, read_lease
from lake.tables import open_lake, snapshot
from tests.lake.machines import Machines, articles, assert_sound, commit_articles

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

LONG = SECONDS + 5


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """Machines with an empty bucket between them."""
    return Machines(tmp_path / "machines", monkeypatch)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_request_of_a_run(machines: Machines, after: bool) -> None:
    """Readers see the lake as before or as after; the next writer finishes or sweeps; no double."""
    outcomes = set()
    deaths = 0
    commit_articles(machines.new("first"), "a")
    for number in count(1):
        own = machines.again(f"case-{number}")
        first, killed, next_ = own.new("first"), own.new("killed"), own.new("next")
        with own.dying_at(number, after=after) as requests:
            commit_articles(killed, "b")
        if len(requests) < number:
            break
        deaths += 1
        lease = read_lease(own.store)
        assert lease is not None
        seen = articles(first)
        assert seen in (["a"], ["a", "b"])
        own.store.pass_time(LONG)
        commit_articles(next_, "c")
        # "b" is there once and for ever if its plan was named, or its row was already seen.
        wanted = ["a", "b", "c"] if lease.plan or "b" in seen else ["a", "c"]
        assert articles(next_) == articles(killed) == articles(first) == wanted, requests[-1]
        assert_sound(next_, own.store)
        outcomes.add((len(seen), len(wanted)))
    assert deaths > 20, "it hardly ever died"
    assert outcomes == {(1, 2), (1, 3), (2, 3)}, "a stage of the commit was never hit"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_request_of_a_compaction(machines: Machines, after: bool) -> None:
    """No row changes; one more compaction finishes, and files nobody needs go."""
    deaths = 0
    for name in ("a", "b"):
        commit_articles(machines.new("first"), name)
    for number in count(1):
        own = machines.again(f"case-{number}")
        one, killed, next_ = own.new("one"), own.new("killed"), own.new("next")
        with own.dying_at(number, after=after) as requests:
            compact(killed, purge=True)
        if len(requests) < number:
            break
        deaths += 1
        assert articles(one) == ["a", "b"]
        own.store.pass_time(LONG)
        compact(next_, purge=True)
        assert articles(next_) == articles(killed) == ["a", "b"]
        assert_sound(next_, own.store)
        assert check(open_lake(next_)) == [], "no file without a row is left"
        [file] = [n for n in own.store.objects if n.startswith("articles/date=")]
        assert snapshot(open_lake(next_)).files("articles")[0].path in file
    assert deaths > 20, "it hardly ever died"
