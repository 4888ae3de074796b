"""Faults of connections: one run over ten hosts, each behind a proxy that spoils it in its way."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lake.commit import newest_sequence
from lake.tables import open_lake, snapshot
from pipeline.batch import RunResult, run_batch
from pipeline.options import RunOptions
from tests.e2e.command import assert_healthy
from tests.e2e.publisher import LiveFeed
from tests.e2e.toxiproxy import Toxiproxy, find_program, started
from tests.transforms.fetch.fault_server import Asked, FaultServer, Play, whole
from tracing.feeds import known_health
from transforms.feeds.feed_list import Feed, Polling
from transforms.fetch.fetcher import Limits

PROGRAM = find_program()
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(400),
    pytest.mark.skipif(PROGRAM is None, reason="no toxiproxy-server: `make e2e` builds it with Go"),
]
ENTRIES = 20
Poison = Callable[[Toxiproxy, str], object]
# What each does to the answer, and the reason it must end with; None where it must arrive whole.
FAULTS: dict[str, tuple[Poison, str | None]] = {
    "none": (lambda toxi, name: None, None),
    "down": (lambda toxi, name: toxi.call("POST", f"/proxies/{name}", enabled=False),
             "connect_failed"),
    "late": (lambda toxi, name: toxi.poison(name, "latency", latency=3_000, jitter=1_000), None),
    "slow": (lambda toxi, name: toxi.poison(name, "bandwidth", rate=1), None),
    "sliced": (lambda toxi, name: toxi.poison(
        name, "slicer", average_size=64, size_variation=32, delay=500), None),
    "silent": (lambda toxi, name: toxi.poison(name, "timeout", timeout=0), "too_slow"),
    "dropped": (lambda toxi, name: toxi.poison(name, "timeout", timeout=500), "bad_response"),
    "reset": (lambda toxi, name: toxi.poison(name, "reset_peer", timeout=100), "bad_response"),
    "cut": (lambda toxi, name: toxi.poison(name, "limit_data", bytes=2_000), "truncated"),
    "unclosed": (lambda toxi, name: toxi.poison(name, "slow_close", delay=30_000), None),
}  # fmt: skip


@pytest.fixture
def toxi() -> Iterator[Toxiproxy]:
    assert PROGRAM is not None
    with started(PROGRAM) as control:
        yield control


def test_each_fault_costs_its_own_feed_only_and_nothing_is_lost(
    tmp_path: Path, toxi: Toxiproxy
) -> None:
    """Every host has its own address, for politeness counts by address there."""
    with FaultServer() as upstream:
        feeds = {}
        for number, name in enumerate(FAULTS, 1):
            live = LiveFeed(name, gap=1.0, began=0.0, stopped=float(ENTRIES - 1))
            body = live.body(float(ENTRIES - 1))
            upstream.pages[f"/{name}"] = _stays(body) if name == "silent" else whole(body)
            at = toxi.proxy(name, f"127.0.2.{number}:0", f"127.0.0.1:{upstream.port}")
            feeds[name] = Feed(url=f"http://{at}/{name}", outlet=f"{name}.example")
            assert 4_000 < len(body) < 20_000, "larger than what is cut, not too large for 1 kB/s"
        for name, (poison, _) in FAULTS.items():
            poison(toxi, name)
        started_at = time.monotonic()
        poll(tmp_path, feeds)
        assert time.monotonic() - started_at < Limits().total_seconds + 1 + 15, "15 s are the run's"

        assert reasons(tmp_path, feeds) == {
            name: reason for name, (_, reason) in FAULTS.items() if reason
        }
        arrived = {f"{name}.example" for name, (_, reason) in FAULTS.items() if not reason}
        assert counted(tmp_path) == dict.fromkeys(arrived, ENTRIES)
        assert upstream.played["down"] == 0
        assert {f"/{name}" for name in FAULTS} - {"/down"} <= set(upstream.played)

        for name in FAULTS:
            toxi.cure(name)
        poll(tmp_path, feeds)
        assert counted(tmp_path) == {f"{name}.example": ENTRIES for name in FAULTS}
        lake = open_lake(tmp_path / "lake")
        health = known_health(lake, newest_sequence(lake))
        assert all(not health[feed.url].failed_in_a_row for feed in feeds.values())
    assert_healthy(tmp_path / "lake")


def _stays(body: bytes) -> Play:
    """An answer whose connection stays open: its end would end the silence."""

    async def play(writer: asyncio.StreamWriter, asked: Asked) -> None:
        await whole(body)(writer, asked)
        await asyncio.sleep(Limits().total_seconds)

    return play


def poll(folder: Path, feeds: dict[str, Feed]) -> RunResult:
    polling = Polling(allow_hosts=tuple(f"127.0.2.{n}" for n in range(1, len(feeds) + 1)))
    return run_batch(
        RunOptions(lake=folder / "lake", sources=(), feeds=tuple(feeds.values()), polling=polling)
    )


def reasons(folder: Path, feeds: dict[str, Feed]) -> dict[str, str]:
    rows = snapshot(open_lake(folder / "lake")).read("rejects", ["source_uri", "reason"])
    names = {feed.url: name for name, feed in feeds.items()}
    return {names[row["source_uri"]]: row["reason"] for row in rows.to_pylist()}


def counted(folder: Path) -> dict[str, int]:
    rows = snapshot(open_lake(folder / "lake")).read("articles", ["outlet"])
    return dict(Counter(rows["outlet"].to_pylist()))
