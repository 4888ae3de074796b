"""`wiretrace watch` as a service runs it: started, fed, asked to stop, killed, started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.command import ENVIRONMENT, ROOT, assert_healthy, rows, wiretrace
from tests.pipeline.newsroom import page, rss
from tests.transforms.fetch.fault_server import FaultServer, hang, whole

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
TEXT = "The bridge opened on Monday after two years of work, its builders say.\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@contextlib.contextmanager
def watching(
    lake: Path, *arguments: object, log: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """In a process group of its own, as a terminal's job is; stderr to `log`, or a pipe."""
    command = [sys.executable, "-m", "pipeline.cli", "watch", "--lake", lake, "--every", "1"]
    process = subprocess.Popen(
        [*map(str, command), *map(str, arguments)],
        stderr=log.open("w") if log else subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
        env=ENVIRONMENT,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for(process: subprocess.Popen[str], event: str) -> None:
    """Until the log says it."""
    assert process.stderr is not None
    for line in process.stderr:
        if event in line:
            return
    pytest.fail(f"the watch ended before {event!r}")


def drop(inbox: Path, number: int) -> None:
    (inbox / f"{number}.txt").write_text(f"Bridge {number} is open\n\n{TEXT}")


def to_the_service(process: subprocess.Popen[str], number: int) -> None:
    """As systemd does with KillMode=mixed, and `kill`."""
    process.send_signal(number)


def to_the_group(process: subprocess.Popen[str], number: int) -> None:
    """As a terminal does, and systemd by default: the parser's processes get it as well."""
    os.killpg(process.pid, number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("send", [to_the_service, to_the_group])
def test_asked_to_stop_in_a_round_it_finishes_it_and_leaves_with_0(
    tmp_path: Path, inbox: Path, number: int, send: Callable[..., None]
) -> None:
    lake = tmp_path / "lake"
    for name in range(40):
        drop(inbox, name)
    with watching(lake, "--drop", inbox) as process:
        wait_for(process, "bundle read")
        children = psutil.Process(process.pid).children(recursive=True)
        assert children, "the parser is at work"
        send(process, number)
        log = process.communicate(timeout=60)[1]
    assert process.returncode == 0, log
    assert '"event": "run ended"' in log
    (run,) = rows(lake, "SELECT command, new, rejected FROM runs")
    assert run == {"command": "watch", "new": 40, "rejected": 0}
    gone = psutil.wait_procs(children, timeout=10)[1]
    assert not gone, "no process is left behind"
    assert_healthy(lake)


def test_a_second_signal_ends_it_on_the_spot(tmp_path: Path, inbox: Path) -> None:
    """Nothing of the round stays, and the next watch takes the files."""
    lake = tmp_path / "lake"
    for name in range(40):
        drop(inbox, name)
    with watching(lake, "--drop", inbox) as process:
        wait_for(process, "bundle read")
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert not psutil.wait_procs(children, timeout=10)[1]
    assert rows(lake, "SELECT run_id FROM runs") == []
    done = wiretrace("watch", "--lake", lake, "--drop", inbox, "--once")
    assert done.returncode == 0, done.stderr
    assert [row["new"] for row in rows(lake, "SELECT new FROM runs")] == [40]
    assert_healthy(lake)


def test_it_polls_what_is_added_while_it_runs_and_idles_without_writing(
    tmp_path: Path, inbox: Path
) -> None:
    """Also `run` may write beside it, since it has the lease for its rounds only."""
    lake, metrics = tmp_path / "lake", tmp_path / "wiretrace.prom"
    with FaultServer() as server:
        server.pages["/a"] = whole(rss(0, 1))
        arguments = ("--drop", inbox, "--allow-host", "127.0.0.1", "--metrics", metrics)
        drop(inbox, 0)
        time.sleep(5)
        with watching(lake, *arguments) as process:
            wait_for(process, "run ended")
            added = wiretrace("feeds", "add", "--lake", lake, server.url("/a"))
            assert added.returncode == 0, added.stderr
            wait_for(process, "run ended")
            (inbox.parent / "other.txt").write_text(f"The market is open\n\n{TEXT}")
            other = wiretrace("run", "--lake", lake, "--drop", inbox.parent / "other.txt")
            assert other.returncode == 0, other.stderr
            time.sleep(3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        assert server.played["/a"] == 1
    found = rows(lake, "SELECT command, new FROM runs ORDER BY sequence")
    assert [(row["command"], row["new"]) for row in found] == [
        ("watch", 1),
        ("watch", 2),
        ("run", 1),
    ]
    assert 'wiretrace_items_total{outcome="new"} 4.0' in metrics.read_text()
    assert_healthy(lake)


def test_once_leaves_as_run_does(tmp_path: Path, inbox: Path) -> None:
    """3 when something was rejected, 0 when there is nothing to do, 2 if there never is."""
    lake = tmp_path / "lake"
    (inbox / "bad.bin").write_bytes(bytes(range(256)) * 40)
    drop(inbox, 1)
    time.sleep(5)
    codes = [wiretrace("watch", "--lake", lake, "--drop", inbox, "--once").returncode]
    codes += [wiretrace("watch", "--lake", lake, "--drop", inbox, "--once").returncode]
    assert codes == [3, 0]
    nothing = wiretrace("watch", "--lake", lake, "--once")
    assert nothing.returncode == 2
    assert "nothing to watch" in nothing.stderr


def test_killed_between_the_pages_of_a_feed_it_has_all_texts_after_the_next_start(
    tmp_path: Path,
) -> None:
    """Neither the memory of the feed nor that of its pages is ahead of the articles."""
    lake = tmp_path / "lake"
    with FaultServer() as server:
        feed = rss(*range(4)).replace(b"https://harbour-post.example", server.url("").encode())
        server.pages["/a"] = whole(feed)
        for n in range(4):
            server.pages[f"/ferry-{n}"] = whole(page(n), "Content-Type: text/html")
        held = server.pages["/ferry-3"]
        server.pages["/ferry-3"] = hang
        added = wiretrace("feeds", "add", "--lake", lake, server.url("/a"))
        assert added.returncode == 0, added.stderr
        with watching(lake, "--full-text", "--allow-host", "127.0.0.1") as process:
            until(lambda: server.played["/ferry-3"] and server.played["/ferry-2"])
            os.killpg(process.pid, signal.SIGKILL)
        assert rows(lake, "SELECT run_id FROM runs") == []
        server.pages["/ferry-3"] = held
        arguments = ("--lake", lake, "--full-text", "--allow-host", "127.0.0.1", "--once")
        done = wiretrace("watch", *arguments)
        assert done.returncode == 0, done.stderr
        assert [server.played[f"/ferry-{n}"] for n in range(4)] == [2] * 4
    found = rows(lake, "SELECT headline, body_text FROM articles_now WHERE is_current")
    assert sorted(row["headline"] for row in found) == [f"Ferry {n} sails" for n in range(4)]
    assert all("oranges" in row["body_text"] for row in found)
    assert [row["new"] for row in rows(lake, "SELECT new FROM runs")] == [4]
    assert_healthy(lake)


def until(holds: Callable[[], object]) -> None:
    """Wait for it, for half a minute."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
