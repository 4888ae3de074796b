"""Which files of a watched folder a round takes: complete ones, oldest first, none twice."""

from __future__ import annotations

import datetime as dt
import os
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

import transforms.read.drop_folder as drop_folder
from transforms.read.containers import Unreadable, read_segment
from transforms.read.drop_folder import Scan, list_dropped, scan_drops
from transforms.read.segment import Source

MINUTE = dt.timedelta(minutes=1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Memory:
    """The marks that the lake holds."""

    def __init__(self) -> None:
        self.marks: set[str] = set()

    def taken(self, marks: Sequence[str]) -> set[str]:
        return self.marks.intersection(marks)

    def scan(self, *patterns: object, at: dt.datetime | None = None) -> Scan:
        """What a round takes a minute from now, when all that lies there is complete."""
        sources = [Source(str(pattern)) for pattern in patterns]
        return scan_drops(sources, at or now() + MINUTE, self.taken)

    def take(self, *patterns: object) -> list[str]:
        """Names of what a round takes, and remembers."""
        files = self.scan(*patterns).files
        self.marks |= {file.mark for file in files}
        return [os.path.basename(file.path) for file in files]


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_a_file_is_taken_once_and_again_when_it_is_another(memory: Memory, inbox: Path) -> None:
    """Another content, an older file moved in its place, other rights: each time once more."""
    (inbox / "a.txt").write_text("one")
    assert memory.take(inbox) == ["a.txt"]
    assert memory.take(inbox) == []
    (inbox / "a.txt").write_text("two")
    assert memory.take(inbox) == ["a.txt"]
    os.chmod(inbox / "a.txt", 0o600)
    assert memory.take(inbox) == ["a.txt"]
    old = inbox.parent / "old"
    old.write_text("two")
    os.utime(old, (1, 1))
    os.replace(old, inbox / "a.txt")
    assert memory.take(inbox) == ["a.txt"]
    assert memory.take(inbox) == []


def test_a_folder_moved_in_is_taken_however_old_its_files_are(memory: Memory, inbox: Path) -> None:
    """A rename of the folder changes no time of its files: no date tells what was taken."""
    batch = inbox.parent / "batch"
    (batch / "deep").mkdir(parents=True)
    (batch / "deep" / "b.txt").write_text("b")
    memory.take(inbox)
    os.replace(batch, inbox / "batch")
    assert memory.take(inbox) == ["b.txt"]


def test_what_is_being_written_is_left_until_it_rests(memory: Memory, inbox: Path) -> None:
    (inbox / "a.txt").write_text("half")
    changed = dt.datetime.fromtimestamp((inbox / "a.txt").stat().st_ctime, dt.UTC)
    early, late = changed + dt.timedelta(seconds=4), changed + dt.timedelta(seconds=6)
    assert memory.scan(inbox, at=early) == Scan()
    assert len(memory.scan(inbox, at=late).files) == 1


def test_a_date_that_a_writer_sets_makes_no_file_complete(memory: Memory, inbox: Path) -> None:
    (inbox / "a.txt").write_text("half")
    os.utime(inbox / "a.txt", (1, 1))
    assert memory.scan(inbox, at=now()) == Scan()


def test_a_clock_that_is_behind_holds_no_file_back(memory: Memory, inbox: Path) -> None:
    (inbox / "a.txt").write_text("one")
    assert len(memory.scan(inbox, at=now() - dt.timedelta(days=1)).files) == 1


@pytest.mark.parametrize("name", [".a.txt", "a.txt.part", "a.filepart", "a.tmp", "a.txt~"])
def test_names_of_unfinished_files_are_left(memory: Memory, inbox: Path, name: str) -> None:
    (inbox / name).write_text("half")
    assert memory.take(inbox) == []
    os.rename(inbox / name, inbox / "a.txt")
    assert memory.take(inbox) == ["a.txt"]


def test_the_oldest_come_first_and_a_round_ends(
    memory: Memory, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_folder, "FILES_PER_ROUND", 3)
    monkeypatch.setattr(drop_folder, "_BATCH", 2)
    for number in range(7):
        path = inbox / f"{number}.txt"
        path.write_text("text")
        os.utime(path, (1_000 - number, 1_000 - number))
    assert memory.scan(inbox).left == 4
    rounds = [memory.take(inbox) for _ in range(4)]
    assert rounds == [["6.txt", "5.txt", "4.txt"], ["3.txt", "2.txt", "1.txt"], ["0.txt"], []]


def test_a_round_takes_so_many_bytes_but_always_one_file(
    memory: Memory, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_folder, "BYTES_PER_ROUND", 10)
    for number, size in enumerate((20, 4, 4, 4)):
        path = inbox / f"{number}.txt"
        path.write_text("x" * size)
        os.utime(path, (number, number))
    assert [memory.take(inbox) for _ in range(3)] == [["0.txt"], ["1.txt", "2.txt"], ["3.txt"]]


def test_what_is_no_file_is_one_reject_and_never_opened(memory: Memory, inbox: Path) -> None:
    """Links, FIFOs, names with newlines, files that went away: each has a reason, once."""
    (inbox / "secret").symlink_to("/etc/passwd")
    (inbox / "dangling").symlink_to("/nowhere")
    (inbox / "round").symlink_to(inbox)
    os.mkfifo(inbox / "pipe")
    (inbox / "a\nb").write_text("fine")
    (inbox / "gone").write_text("fine")
    files = memory.scan(inbox).files
    memory.marks |= {file.mark for file in files}
    (inbox / "gone").unlink()
    reasons = {}
    for segment in list_dropped(files):
        try:
            reasons[os.path.basename(segment.path)] = read_segment(segment).decode()
        except Unreadable as problem:
            reasons[os.path.basename(segment.path)] = problem.reason
    assert reasons == {
        "secret": "not_regular",
        "dangling": "not_regular",
        "round": "not_regular",
        "pipe": "not_regular",
        "a\nb": "fine",
        "gone": "not_found",
    }
    assert memory.take(inbox) == []


def test_a_link_that_the_user_named_is_followed(memory: Memory, inbox: Path) -> None:
    (inbox / "a.txt").write_text("one")
    link = inbox.parent / "link"
    link.symlink_to(inbox)
    assert memory.take(link) == ["a.txt"]
    (inbox / "a.txt").write_text("two")
    assert memory.take(link) == ["a.txt"]


def test_a_missing_folder_is_said_once_a_day(memory: Memory, inbox: Path) -> None:
    """As after a mount that failed; a pattern that matches nothing is no failure."""
    absent = inbox / "absent"
    assert memory.take(absent) == ["absent"]
    assert memory.take(absent) == []
    assert len(memory.scan(absent, at=now() + dt.timedelta(days=1)).files) == 1
    assert memory.scan(f"{inbox}/*.xml") == Scan()


def test_an_unreadable_folder_is_said_once(
    memory: Memory, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a scandir that is refused, since tests may run as root, whom no right stops."""
    (inbox / "closed").mkdir()
    (inbox / "open.txt").write_text("fine")
    really = os.scandir

    def refuse(path: str) -> os._ScandirIterator[str]:
        if path.endswith("closed"):
            raise PermissionError(path)
        return really(path)

    monkeypatch.setattr(os, "scandir", refuse)
    files = memory.scan(inbox).files
    assert {os.path.basename(file.path) for file in files} == {"closed", "open.txt"}
    problems = {os.path.basename(s.path): s.problem for s in list_dropped(files)}
    assert problems == {"closed": "permission_denied", "open.txt": None}


def test_a_file_that_two_sources_reach_is_read_as_the_first(memory: Memory, inbox: Path) -> None:
    (inbox / "a.txt").write_text("one")
    first, second = Source(str(inbox), "first.example"), Source(f"{inbox}/*", "second.example")
    scan = scan_drops([first, second], now() + MINUTE, memory.taken)
    assert [file.source.outlet for file in scan.files] == ["first.example"]
    assert scan.left == 0


def test_memory_does_not_grow_with_the_folder(
    memory: Memory, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty thousand files in place of a million: what a round takes is held, and one batch."""
    monkeypatch.setattr(drop_folder, "FILES_PER_ROUND", 100)
    monkeypatch.setattr(drop_folder, "_BATCH", 500)
    peaks = []
    for many in (2_000, 20_000):
        for number in range(many):
            (inbox / str(number)).touch()
        tracemalloc.start()
        assert len(memory.scan(inbox).files) == 100
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
