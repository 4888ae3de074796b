"""Five hundred feeds on fifty hosts, as the hosts see it: how many at once, how far apart."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CLOSING_LINE
from tests.e2e.command import assert_healthy, wiretrace
from tests.e2e.publisher import LiveFeed
from tests.transforms.fetch.fault_server import Asked, FaultServer, head, send

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
HOSTS = [f"127.0.1.{number}" for number in range(1, 51)]
FEEDS_PER_HOST = 10
ANSWER_SECONDS = 2.0
DELAY = 1.0
PARALLEL = 2
# The least that the rules allow: the last of a host's requests starts after nine delays.
LEAST_SECONDS = (FEEDS_PER_HOST - 1) * DELAY + ANSWER_SECONDS


@dataclass
class Host:
    """What one host saw of a round: start and end of each request, bytes that it sent."""

    server: FaultServer
    spans: list[tuple[float, float]] = field(default_factory=list)
    sent: int = 0

    def serve(self, names: list[str]) -> None:
        for name in names:
            feed = LiveFeed(name, gap=1.0, began=0.0, stopped=19.0)
            self.server.pages[f"/{name}"] = self._play(feed.body(19.0))

    def _play(self, body: bytes) -> Any:
        async def play(writer: asyncio.StreamWriter, asked: Asked) -> None:
            known = asked.headers.get("if-none-match") == '"v1"'
            start = time.monotonic()
            await asyncio.sleep(ANSWER_SECONDS)
            status, told = (304, b"") if known else (200, body)
            answer = head(status, 'ETag: "v1"', f"Content-Length: {len(told)}") + told
            self.sent += len(answer)
            self.spans.append((start, time.monotonic()))
            await send(writer, answer)

        return play

    def most_at_once(self) -> int:
        steps = sorted([(s, 1) for s, _ in self.spans] + [(e, -1) for _, e in self.spans])
        level = most = 0
        for _, step in steps:
            level += step
            most = max(most, level)
        return most


def poll(lake: Path, feed_list: Path, hosts: list[Host]) -> tuple[dict[str, Any], float, int]:
    """One round: its ledger, seconds between the first request and the last answer, bytes sent."""
    for host in hosts:
        host.spans, host.sent = [], 0
    done = wiretrace("run", "--lake", lake, "--feeds", feed_list, "--json")
    assert done.returncode == 0, done.stderr[-4000:]
    spans = [span for host in hosts for span in host.spans]
    assert len(spans) == len(HOSTS) * FEEDS_PER_HOST
    seconds = max(end for _, end in spans) - min(start for start, _ in spans)
    return json.loads(done.stdout), seconds, sum(host.sent for host in hosts)


def test_all_hosts_at_once_and_each_politely(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    lake, feed_list = tmp_path / "lake", tmp_path / "feeds.toml"
    shares: list[float] = []
    with contextlib.ExitStack() as stack:
        hosts = [Host(stack.enter_context(FaultServer(address))) for address in HOSTS]
        lines = ["[polling]", f"delay = {DELAY}", f"parallel = {PARALLEL}"]
        lines += [f"allow_hosts = {json.dumps(HOSTS)}"]
        for number, host in enumerate(hosts):
            names = [f"port-{number}-{feed}" for feed in range(FEEDS_PER_HOST)]
            host.serve(names)
            lines += [f'[[feed]]\nurl = "{host.server.url("/" + name)}"' for name in names]
        feed_list.write_text("\n".join(lines))
        rounds = []
        for _ in range(2):
            ledger, seconds, sent = poll(lake, feed_list, hosts)
            rounds.append((ledger, sent))
            shares.append(LEAST_SECONDS / seconds)
            for host in hosts:
                assert host.most_at_once() <= PARALLEL
                starts = sorted(start for start, _ in host.spans)
                assert min(b - a for a, b in pairwise(starts)) > DELAY - 0.05
    (first, sent_first), (second, sent_second) = rounds
    items = len(HOSTS) * FEEDS_PER_HOST * 20
    assert (first["seen"], first["new"], second["seen"]) == (items, items, 0)
    assert sent_second <= 0.05 * sent_first
    assert min(shares) >= 0.9
    told = " and ".join(f"{share:.0%}" for share in shares)
    record_property(
        CLOSING_LINE,
        f"500 feeds on 50 hosts: {told} of the concurrency that the rules allow; "
        f"{sent_first:,} bytes, then {sent_second:,} ({1 - sent_second / sent_first:.1%} less)",
    )
    assert_healthy(lake)
