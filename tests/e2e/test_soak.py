"""A watch left alone with live feeds of which one answer in twenty fails, and a folder that fills.

`make soak` lets it run for a quarter of an hour; `make e2e` for two minutes.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.conftest import CLOSING_LINE
from tests.e2e.command import assert_healthy, rows, wiretrace
from tests.e2e.publisher import LiveFeed, Publisher
from tests.e2e.test_watch import drop, watching
from tests.transforms.fetch.fault_server import FaultServer

MINUTES = float(os.environ.get("WIRETRACE_SOAK_MINUTES", "2"))
FEEDS = 40
# Beam, Arrow and the taggers load what they need in the first rounds.
WARM_SECONDS = 45.0
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(MINUTES * 60 + 400)]


@dataclass
class Sample:
    """Of the command and all its processes between two rounds or within one."""

    at: float
    mb: float
    descriptors: int


def sample(process: psutil.Process, began: float) -> Sample | None:
    try:
        family = [process, *process.children(recursive=True)]
        mb = sum(one.memory_full_info().pss for one in family) / 1e6
        return Sample(time.monotonic() - began, mb, process.num_fds())
    except psutil.NoSuchProcess:
        return None  # a child of a round that ended meanwhile


def test_nothing_is_lost_or_doubled_and_nothing_grows(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    lake, inbox, feed_list = tmp_path / "lake", tmp_path / "inbox", tmp_path / "feeds.toml"
    inbox.mkdir()
    began = time.monotonic()
    feeds = {
        name: LiveFeed(name, gap=4.0 + number % 10 * 6, began=began)
        for number, name in enumerate(f"port-{n}" for n in range(FEEDS))
    }
    publisher = Publisher(feeds, faults=0.05)
    samples: list[Sample] = []
    dropped = 0
    with FaultServer() as server:
        publisher.attach(server)
        lines = ["[polling]", "min_interval = 5", "max_interval = 15", "delay = 0", "parallel = 8"]
        lines += [f'[[feed]]\nurl = "{server.url("/" + name)}"' for name in feeds]
        feed_list.write_text("\n".join(lines))
        arguments = ("--feeds", feed_list, "--drop", inbox, "--allow-host", "127.0.0.1")
        with watching(lake, *arguments, log=tmp_path / "log") as process:
            watched = psutil.Process(process.pid)
            while time.monotonic() - began < MINUTES * 60:
                time.sleep(0.5)
                assert process.poll() is None, (tmp_path / "log").read_text()[-4000:]
                samples += filter(None, [sample(watched, began)])
                if time.monotonic() - began > dropped * 3:
                    drop(inbox, dropped)
                    dropped += 1
            publisher.stop()
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0
        time.sleep(5)
        ended = wiretrace("run", "--lake", lake, *arguments)
        assert ended.returncode == 0, ended.stderr[-4000:]
    played = {name: count for name, count in publisher.played.items() if name.startswith("/")}
    assert len(played) >= 4, "the faults fired"
    share = sum(played.values()) / publisher.played.total()
    assert 0.02 < share < 0.09
    _assert_all_landed_once(lake, feeds, dropped)
    assert_healthy(lake)
    warm = [one for one in samples if one.at > WARM_SECONDS]
    third = len(warm) // 3
    figures = []
    # Descriptors of a round come and go with it, and on a busy machine rounds are most of the time:
    # those that nobody closes are there at the quietest moment too.
    for name, of, most in (("mb", statistics.median, 1.1), ("descriptors", min, 1.05)):
        first, last = (
            of(getattr(one, name) for one in part) for part in (warm[:third], warm[-third:])
        )
        figures.append(f"{name} {first:.0f} to {last:.0f}")
        assert last <= first * most + 1, f"{name} grows: {first} to {last}"
    runs = rows(lake, "SELECT count(*) AS n FROM runs WHERE command = 'watch'")[0]["n"]
    record_property(
        CLOSING_LINE,
        f"soak: {MINUTES:g} minutes, {publisher.played.total()} requests, {share:.1%} faults, "
        f"{runs} rounds with a commit; {', '.join(figures)}",
    )


def _assert_all_landed_once(lake: Path, feeds: dict[str, LiveFeed], dropped: int) -> None:
    """Each item one article, with its last text, in one or two versions."""
    found: dict[str, set[str]] = {}
    versions: dict[str, list[str]] = {}
    for row in rows(lake, "SELECT article_id, url, description_text FROM articles"):
        found.setdefault(row["url"], set()).add(row["article_id"])
        versions.setdefault(row["url"], []).append(row["description_text"])
    now = time.monotonic()
    expected = {
        feed.url(n): feed.text(n, now) for feed in feeds.values() for n in range(feed.count(now))
    }
    assert expected.keys() - found.keys() == set(), "nothing is lost"
    assert {url: ids for url, ids in found.items() if url in expected and len(ids) > 1} == {}
    for url, text in expected.items():
        texts = versions[url]
        assert len(texts) == len(set(texts)) <= 2
        assert text in texts
    bridges = rows(lake, "SELECT count(*) AS n FROM articles WHERE headline LIKE 'Bridge %'")
    assert bridges[0]["n"] == dropped
