"""Machines that share a lake in a store in memory, each with a cache of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lake import mirror
from lake.check import check
from lake.commit import commit, recover
from lake.lease import Lease, acquire
from lake.present import mirror_of
from lake.remote_lease import read_lease
from lake.store import Store
from lake.tables import create_lake, open_lake, snapshot
from tests.lake.builder import LakeBuilder, article
from tests.lake.memory_store import Around, MemoryStore


class Dead(BaseException):
    """What a writer that was killed would have done next."""


class Machines:
    """`store` is what lies in the bucket; `between` is what the machines see of it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = MemoryStore()
        self.between: Store = self.store
        self._folder = folder
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(mirror, "open_store", lambda url: self.between)

    def again(self, name: str) -> Machines:
        """Others, with a bucket that holds the same."""
        others = Machines(self._folder.parent / name, self._monkeypatch)
        others.store.objects |= self.store.objects
        return others

    def new(self, name: str) -> Path:
        """The mirror on another machine."""
        self._monkeypatch.setenv("WIRETRACE_CACHE", str(self._folder / name))
        return mirror_of(self.store.url)

    @contextlib.contextmanager
    def seen_through(self, store: Store) -> Iterator[None]:
        """For the length of the block every request goes through another store."""
        self.between = store
        try:
            yield
        finally:
            self.between = self.store

    @contextlib.contextmanager
    def dying_at(self, number: int, *, after: bool) -> Iterator[list[str]]:
        """The process dies with a request, and none comes after it; gives the requests that came.

        Dies before the request, or `after` the store has carried it out.
        """
        requests: list[str] = []

        def count(kind: str, name: str) -> None:
            if not after:
                requests.append(f"{kind} {name}")
            if len(requests) >= number:
                raise Dead

        def begin(kind: str, name: str) -> None:
            if len(requests) >= number:
                raise Dead
            requests.append(f"{kind} {name}")

        dying = Around(self.store, begin, count) if after else Around(self.store, count)
        with self.seen_through(dying), contextlib.suppress(Dead):
            yield requests


def commit_articles(root: Path, *names: str) -> None:
    """A run with an article of each name."""
    with acquire(root) as lease:
        write_articles(lease, *names)


def write_rows(root: Path, *rows: Any) -> None:
    """A run with rows of any tables."""
    with acquire(root) as lease:
        builder = LakeBuilder(lease.root)
        commit(builder.lake, builder.plan(lease.sequence, *rows))


def write_articles(lease: Lease, *names: str) -> None:
    """The part of a run that is done under the lease."""
    recover(create_lake(lease.root))
    builder = LakeBuilder(lease.root)
    commit(builder.lake, builder.plan(lease.sequence, *map(article, names)))


def articles(root: Path) -> list[str]:
    """The names of a lake's articles, as they were given."""
    found = snapshot(open_lake(root)).read("articles", ["headline"])["headline"].to_pylist()
    return sorted(headline.split()[2] for headline in found)


def assert_sound(root: Path, store: MemoryStore) -> None:
    """Nothing is damaged, nothing half done, and the lease is free."""
    assert [found for found in check(open_lake(root)) if found.is_damage] == []
    assert [name for name in store.objects if name.startswith("_state/plans/")] == []
    lease = read_lease(store)
    assert lease is not None
    assert (lease.holder, lease.plan) == (None, None)
