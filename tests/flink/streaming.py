"""`Newsdesk`: a stream on a Flink cluster, what is dropped for it, and what must be in its lake.

Everything that is written is counted, so that the end can be held against it: every record was
seen once, every article is there once, the ledger balances, windows hold what came in them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from bench.made_stories import Made, make_story
from deploy.flink.cluster import Cluster
from lake.stream_state import read_progress
from lake.tables import Lake, Snapshot, open_lake, snapshot
from tests.e2e.command import ROOT

WINDOW_SECONDS = 10
EVERY_SECONDS = 2
RECORDS_PER_FILE = 5
# Of every hundred records so many are sent again, revise an article, or are broken.
AGAIN, REVISED, BROKEN = 10, 5, 1


@dataclass
class Written:
    """What was dropped so far."""

    records: int = 0
    articles: int = 0
    versions: int = 0
    broken: int = 0
    files: int = 0
    newest: list[dict[str, Any]] = field(default_factory=list)


class Feeder(threading.Thread):
    """Drops records at a steady rate, until it is told to stop."""

    def __init__(self, inbox: Path, per_second: float, seed: int = 1) -> None:
        super().__init__(daemon=True)
        self.inbox = inbox
        self.per_second = per_second
        self.written = Written()
        self._random = random.Random(seed)
        self._made = _stories()
        self._over = threading.Event()

    def run(self) -> None:
        began, files = time.monotonic(), 0
        while not self._over.is_set():
            self.drop()
            files += 1
            self._over.wait(began + files * RECORDS_PER_FILE / self.per_second - time.monotonic())

    def stop(self) -> None:
        self._over.set()
        self.join()

    def drop(self) -> None:
        """One file, complete when it has its name."""
        written = self.written
        lines = [self._line() for _ in range(RECORDS_PER_FILE)]
        folder = self.inbox / f"{written.files // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{written.files:06}"
        temporary.write_text("".join(lines), "utf-8")
        temporary.rename(folder / f"{written.files:06}.jsonl")
        written.files += 1
        written.records += len(lines)

    def _line(self) -> str:
        written, chance = self.written, self._random.randrange(100)
        if chance < BROKEN:
            written.broken += 1
            return '{"headline": "cut off\n'
        if chance < BROKEN + AGAIN and written.newest:
            return json.dumps(self._random.choice(written.newest)) + "\n"
        if chance < BROKEN + AGAIN + REVISED and written.newest:
            record = dict(self._random.choice(written.newest))
            written.versions += 1
            record["body_text"] = f"Updated {written.versions}. {record['body_text']}"
            return json.dumps(record) + "\n"
        record = self._record()
        written.articles += 1
        written.versions += 1
        written.newest = [*written.newest[-200:], record]
        return json.dumps(record) + "\n"

    def _record(self) -> dict[str, Any]:
        made = next(self._made)
        return {
            "url": made.url,
            "outlet": made.outlet,
            "headline": made.headline,
            "body_text": f"{made.body}\n\nTASS reported on Monday.",
            "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }


def _stories() -> Iterator[Made]:
    """The articles of one story after the other, in up to three languages each."""
    for number in count():
        yield from make_story(f"stream {number}", dt.date(2026, 1, 1))[0]


class Newsdesk:
    """A lake and an inbox in a folder, and the stream that fills it from a cluster."""

    def __init__(self, cluster: Cluster, folder: Path, *words: str) -> None:
        self.cluster = cluster
        self.words = words
        self.lake = folder / "lake"
        self.inbox = folder / "inbox"
        self.inbox.mkdir(parents=True)
        self.log = folder / "stream.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, checkpoint: Path | None = None) -> None:
        """`wiretrace stream`, from nothing but the lake, or from a retained checkpoint."""
        settings = self.cluster.settings
        options = {
            "job_endpoint": settings.job_endpoint,
            "environment_config": settings.pool,
            "flink_master": settings.rest.removeprefix("http://"),
        }
        if checkpoint is not None:
            options["savepoint_path"] = checkpoint.as_uri()
        command = [
            sys.executable, "-m", "pipeline.cli", "stream", "--lake", self.lake,
            "--drop", self.inbox, "--window", str(WINDOW_SECONDS), "--every", str(EVERY_SECONDS),
            "--workers", str(settings.slots), "--runner", "flink",
            *self.words,
        ]  # fmt: skip
        for name, value in options.items():
            command += ["--runner-option", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )

    def drain(self, seconds: float = 400) -> int:
        """Ask it to stop; its exit code."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    def kill(self) -> None:
        """The command only; what the cluster runs goes on."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def code(self) -> int | None:
        """The command's exit code, None while it lives."""
        assert self._process
        return self._process.poll()

    @property
    def progress(self) -> dict[str, Any]:
        return read_progress(Lake(self.lake))

    def wait_for_commit(self, seconds: float = 400) -> float:
        """Until a window that began after now is committed; gives the seconds that it took."""
        began, now = time.monotonic(), time.time()
        while time.monotonic() - began < seconds:
            end = self.progress.get("window_end")
            if end and _seconds(end) - WINDOW_SECONDS >= now:
                return time.monotonic() - began
            time.sleep(0.5)
        tail = self.log.read_text("utf-8", "replace")[-2000:]
        raise AssertionError(f"no window committed in {seconds} s: {self.progress}\n{tail}")

    @property
    def pinned(self) -> Snapshot:
        return snapshot(open_lake(self.lake))


def _seconds(moment: str) -> float:
    return dt.datetime.fromisoformat(moment).timestamp()


def faults(desk: Newsdesk, written: Written) -> list[str]:
    """What of the lake is not as it was written, as sentences; empty where all is."""
    pinned = desk.pinned
    runs = [row for row in pinned.read("runs").to_pylist() if row["command"] == "stream"]
    found = []
    for name, wanted in (
        ("seen", written.records),
        ("new", written.articles),
        ("revised", written.versions - written.articles),
        ("rejected", written.broken),
        ("duplicate", written.records - written.versions - written.broken),
        ("containers", written.files),
    ):
        got = sum(row[name] for row in runs)
        if got != wanted:
            found.append(f"{got} {name}, {wanted} written")
    outcomes = ("new", "revised", "duplicate", "control", "rejected")
    found += [
        f"run {row['sequence']} does not balance"
        for row in runs
        if row["seen"] != sum(row[name] for name in outcomes)
    ]
    articles = pinned.read("articles", ["version_id", "url"]).to_pylist()
    distinct = {row["version_id"] for row in articles}
    if len(articles) != written.versions or len(distinct) != written.versions:
        found.append(
            f"{len(articles)} rows of {len(distinct)} versions, {written.versions} written"
        )
    urls = {row["url"] for row in articles}
    if len(urls) != written.articles:
        found.append(f"{len(urls)} addresses, {written.articles} written")
    return found


def repeated_windows(desk: Newsdesk) -> int:
    """Commits beyond the first of a window: what a replay added to it, by content."""
    ends = [
        row["window_end"]
        for row in desk.pinned.read("runs", ["window_end", "seen"]).to_pylist()
        if row["window_end"] and row["seen"]
    ]
    return len(ends) - len(set(ends))
