"""Whole commands against an S3: as on disk, with two writers, with writers that are killed."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lake.check import check
from lake.dump import dump_lines
from lake.present import mirror_of
from lake.tables import open_lake, snapshot
from tests.e2e.command import CORPUS, ENVIRONMENT, ROOT, Done
from tests.object_store import BUCKET, ObjectStore

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

# Each request is tried in memory (`test_remote_kills.py`); here every so many, 1 for all.
STRIDE = int(os.environ.get("WIRETRACE_KILL_STRIDE", "60"))
SHORT = 4.0  # seconds that a lease lasts where its holder will be killed


def wiretrace(s3: ObjectStore, cache: Path, *arguments: str | Path) -> Done:
    """The command on a machine with this cache."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=280,
        check=False,
        env=environment(s3, cache),
    )


def environment(s3: ObjectStore, cache: Path) -> dict[str, str]:
    return {**ENVIRONMENT, **s3.environment, "WIRETRACE_CACHE": str(cache)}


def works(done: Done) -> str:
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_as_on_disk(s3: ObjectStore, tmp_path: Path) -> None:
    """The same commands from several machines give the same answers as a lake on one disk."""
    url, disk = s3.fresh_url(), tmp_path / "disk"
    machines = [tmp_path / f"machine-{n}" for n in range(4)]
    runs = [["run", "--drop", CORPUS / "feeds"], ["run", "--drop", CORPUS, "--workers", "2"]]
    for number, words in enumerate(runs):
        # The second machine's workers fetch what they compare with.
        ours = json.loads(works(wiretrace(s3, machines[number], *words, "--lake", url, "--json")))
        theirs = json.loads(works(wiretrace(s3, tmp_path, *words, "--lake", disk, "--json")))
        assert (ours["sequence"], ours["new"]) == (number + 1, theirs["new"])
        assert ours["new"] > 10
    wanted = works(wiretrace(s3, tmp_path, "dump", "--lake", disk))
    for machine in machines[:3]:
        assert works(wiretrace(s3, machine, "dump", "--lake", url)) == wanted
    works(wiretrace(s3, machines[2], "compact", "--lake", url, "--purge"))
    assert works(wiretrace(s3, machines[3], "dump", "--lake", url)) == wanted
    assert works(wiretrace(s3, machines[0], "doctor", "--lake", url)) == "the lake is sound\n"
    works(wiretrace(s3, tmp_path, "compact", "--lake", disk, "--purge"))
    for command in (["trace", "fire", "--json"], ["agencies", "--json"], ["quotes", "--json"]):
        shown = works(wiretrace(s3, tmp_path / "fresh", *command, "--lake", url))
        wanted = works(wiretrace(s3, tmp_path, *command, "--lake", disk))
        assert _timeless(shown) == _timeless(wanted)
        assert len(shown) > 200
    # What an S3 client of anybody sees is a lake: the objects are the files.
    names = s3.names(url.removeprefix(f"s3://{BUCKET}/"))
    files = {p.relative_to(disk).as_posix() for p in disk.rglob("articles/**/*") if p.is_file()}
    folders = {name.rpartition("/")[0] for name in names if name.startswith("articles/")}
    assert folders == {name.rpartition("/")[0] for name in files}


def _timeless(text: str) -> str:
    """Less what two lakes differ in: when they were made, and in which runs."""
    drop = {"first", "first_seen", "run_id", "seen", "run", "as_of"}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in drop}
        return [plain(v) for v in value] if isinstance(value, list) else value

    return json.dumps(plain(json.loads(text)), sort_keys=True)


def test_state_that_is_no_row(s3: ObjectStore, tmp_path: Path) -> None:
    """The list of feeds, what is forgotten, and an export, from one machine and another."""
    url, one, two = s3.fresh_url(), tmp_path / "one", tmp_path / "two"
    drop = write_drop(tmp_path, "a", 3)
    works(wiretrace(s3, one, "feeds", "add", "--lake", url, "https://example.org/rss"))
    works(wiretrace(s3, two, "feeds", "add", "--lake", url, "https://example.org/atom"))
    listed = json.loads(works(wiretrace(s3, one, "feeds", "list", "--lake", url, "--json")))
    assert {row["feed"] for row in listed} == {
        "https://example.org/rss", "https://example.org/atom",
    }  # fmt: skip
    works(wiretrace(s3, two, "run", "--lake", url, "--drop", drop, "--json"))
    works(wiretrace(s3, one, "forget", "--lake", url, "--outlet", "x.example", "--yes"))
    works(wiretrace(s3, two, "export", "parquet", str(tmp_path / "out"), "--lake", url))
    again = json.loads(wiretrace(s3, two, "run", "--lake", url, "--drop", drop, "--json").stdout)
    assert (again["new"], again["rejected"]) == (0, 3)
    assert list((tmp_path / "out" / "articles").rglob("*.parquet")) == []


def test_errors_say_what_to_do(s3: ObjectStore, tmp_path: Path) -> None:
    """And leave with the code of their kind."""
    lake = "s3://nobody-made-this/lake"
    for command in (["dump"], ["run", "--drop", str(CORPUS)], ["compact"], ["doctor"]):
        done = wiretrace(s3, tmp_path, *command, "--lake", lake)
        assert done.returncode == 2
        assert "there is no bucket nobody-made-this; make it first" in done.stderr
    done = wiretrace(s3, tmp_path, "dump", "--lake", "ftp://x/y")
    assert done.returncode == 2
    assert "use a folder, or s3://BUCKET/PREFIX" in done.stderr


def test_serve_follows(s3: ObjectStore, tmp_path: Path) -> None:
    """A run that another machine commits is on the pages soon after."""
    url = s3.fresh_url()
    works(
        wiretrace(
            s3, tmp_path / "one", "run", "--lake", url, "--drop", write_drop(tmp_path, "a", 1)
        )
    )
    server = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "serve", "--lake", url, "--port", "0"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(s3, tmp_path / "server"),
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()

        def shows(text: str) -> bool:
            with urllib.request.urlopen(f"{address}outlets", timeout=30) as page:
                return text in re.sub("<[^>]*>", "", page.read().decode())

        assert until(lambda: shows("as of run 1."))
        assert not shows("as of run 2.")
        drop = write_drop(tmp_path, "b", 1)
        works(wiretrace(s3, tmp_path / "one", "run", "--lake", url, "--drop", drop))
        assert until(lambda: shows("as of run 2."))
    finally:
        server.terminate()
        assert server.wait(30) == 0


def until(happens: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def write_drop(folder: Path, name: str, items: int) -> Path:
    """A file of articles, each with a text of its own."""
    path = folder / f"{name}.jsonl"
    records = [
        {
            "guid": f"{name}{i}", "outlet": "x.example", "headline": f"headline {name} {i}",
            "body_text": f"Something happened in {name} {i}, and nobody else told of it today.",
            "published": "2024-05-01T12:00:00Z",
        }
        for i in range(items)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, records)))
    return path


@dataclass
class Writers:
    """Children of `remote_writer.py`."""

    process: subprocess.Popen[str]
    folder: Path

    def order(self, name: str, *args: str | Path, at: int = 0, signal: str = "SIGKILL") -> None:
        """Begin a command on the machine `name`."""
        assert self.process.stdin is not None
        order = {
            "args": [*map(str, args)], "cache": str(self.folder / name), "at": at,
            "signal": signal, "seconds": SHORT, "log": str(self.folder / f"{name}.log"),
        }  # fmt: skip
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def run(self, name: str, *args: str | Path, at: int = 0) -> int:
        """A command on the machine `name`; its exit code."""
        self.order(name, *args, at=at)
        code: int = self.answer()
        return code

    def requests(self, name: str) -> int:
        return (self.folder / f"{name}.log").stat().st_size

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log.out").read_text()


@pytest.fixture
def writers(s3: ObjectStore, tmp_path: Path) -> Iterator[Writers]:
    """Ready, with Beam loaded."""
    with start_writers(s3, tmp_path) as one:
        yield one


@contextlib.contextmanager
def start_writers(s3: ObjectStore, folder: Path) -> Iterator[Writers]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.remote_writer"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=environment(s3, folder),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield Writers(process, folder)
    finally:
        process.stdin.close()
        process.wait(60)


def dump_of(url: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("WIRETRACE_CACHE", str(cache))
    return list(dump_lines(snapshot(open_lake(mirror_of(url)))))


def copy_objects(s3: ObjectStore, source: str, target: str) -> None:
    client = s3.client()
    start = len(f"s3://{BUCKET}/")
    for name in s3.names(source[start:]):
        client.copy_object(
            Bucket=BUCKET, Key=f"{target[start:]}/{name}",
            CopySource={"Bucket": BUCKET, "Key": f"{source[start:]}/{name}"},
        )  # fmt: skip


@pytest.mark.parametrize("command", ["run", "compact"])
@pytest.mark.timeout(3600)
def test_killed_at_any_request(
    command: str,
    s3: ObjectStore,
    writers: Writers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SIGKILL before a request: readers see before or after, another machine makes it whole."""
    s3.use(monkeypatch)
    old, new = write_drop(tmp_path, "old", 2), write_drop(tmp_path, "new", 2)
    start, done = s3.fresh_url(), s3.fresh_url()
    assert writers.run("start", "run", "--lake", start, "--drop", old) == 0
    assert writers.run("start", "run", "--lake", start, "--drop", write_drop(tmp_path, "b", 1)) == 0
    before = dump_of(start, tmp_path / "look", monkeypatch)
    words = ["run", "--drop", new] if command == "run" else ["compact", "--purge"]
    copy_objects(s3, start, done)
    assert writers.run("done", *words, "--lake", done) == 0
    after = dump_of(done, tmp_path / "look", monkeypatch)
    assert (before == after) == (command == "compact")
    requests = writers.requests("done")
    # The last ones carry out what was decided.
    killed = {n: s3.fresh_url() for n in (*range(1, requests - 3, STRIDE), requests - 3)}
    for number, url in killed.items():
        copy_objects(s3, start, url)
        code = writers.run(f"killed-{number}", *words, "--lake", url, at=number)
        assert code == -signal.SIGKILL, (
            f"the fault did not fire: {writers.said(f'killed-{number}')}"
        )
        assert dump_of(url, tmp_path / "look", monkeypatch) in (before, after)
    seen = set()
    for number, url in killed.items():
        name = f"next-{number}"
        assert writers.run(name, *words, "--wait", "60", "--lake", url) == 0, writers.said(name)
        assert dump_of(url, tmp_path / "look", monkeypatch) == after
        assert [found for found in check(open_lake(mirror_of(url))) if found.is_damage] == []
        names = s3.names(url.removeprefix(f"s3://{BUCKET}/"))
        assert [n for n in names if n.startswith("_state/plans/")] == []
        mirror = mirror_of(url)
        runs = snapshot(open_lake(mirror)).read("runs", ["command", "new"]).to_pylist()
        seen.add(len(runs))
        if command == "run":
            assert sum(row["new"] for row in runs) == 5  # 2 + 1 + 2, once each
    assert requests > 20
    assert len(seen) == 2, "it was never killed after, or never before, its commit was decided"


def test_a_writer_that_was_stopped(
    s3: ObjectStore, writers: Writers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGSTOP before it commits; another one takes over; when it wakes it leaves with 75."""
    s3.use(monkeypatch)
    url = s3.fresh_url()
    assert writers.run("one", "run", "--lake", url, "--drop", write_drop(tmp_path, "a", 1)) == 0
    first = writers.requests("one")
    drop = write_drop(tmp_path, "b", 1)
    writers.order("one", "run", "--lake", url, "--drop", drop, at=first // 3, signal="SIGSTOP")
    child = writers.answer()["stopped"]
    with start_writers(s3, tmp_path) as others:
        busy = others.run("two", "run", "--lake", url, "--drop", write_drop(tmp_path, "c", 1))
        assert busy == 5
        assert f"{url} is being written by process" in others.said("two")
        patient = ["run", "--lake", url, "--wait", "60", "--drop", tmp_path / "c.jsonl"]
        assert others.run("two", *patient) == 0, others.said("two")
    os.kill(child, signal.SIGCONT)
    assert writers.answer() == 75
    assert "another writer took over" in writers.said("one")
    assert guids(url, tmp_path, monkeypatch) == ["a0", "c0"]
    assert writers.run("one", "run", "--lake", url, "--drop", drop) == 0
    assert guids(url, tmp_path, monkeypatch) == ["a0", "b0", "c0"]


def test_two_writers_at_once(
    s3: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From two machines, in one bucket, for four rounds: nothing is lost or doubled."""
    s3.use(monkeypatch)
    url = s3.fresh_url()
    rounds = 4
    codes: dict[str, list[int]] = {"a": [], "b": []}

    def write(name: str) -> None:
        with start_writers(s3, tmp_path / name) as own:
            for number in range(rounds):
                drop = write_drop(tmp_path / name, f"{name}{number}-", 2)
                words = ["run", "--lake", url, "--drop", drop]
                code = own.run(name, *words)
                codes[name].append(code)
                if code == 5:
                    codes[name].append(own.run(name, *words, "--wait", "120"))

    for name in codes:
        (tmp_path / name).mkdir()
    threads = [threading.Thread(target=write, args=(name,)) for name in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    both = codes["a"] + codes["b"]
    assert set(both) == {0, 5}, "the two never met, or one failed"
    assert both.count(0) == 2 * rounds
    wanted = [f"{name}{n}-{i}" for name in "ab" for n in range(rounds) for i in range(2)]
    assert guids(url, tmp_path, monkeypatch) == sorted(wanted)


def guids(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("WIRETRACE_CACHE", str(tmp_path / "look"))
    found = snapshot(open_lake(mirror_of(url))).read("articles", ["guid"])["guid"].to_pylist()
    return sorted(found)
