"""`wiretrace run`: what it leaves with, what it prints where, and what it refuses."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from pathlib import Path

import pytest

from lake.lease import acquire
from lake.tables import create_lake, open_lake, snapshot
from tests.cli.conftest import Wiretrace, record, write_jsonl


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A drop file of two articles."""
    return write_jsonl(tmp_path / "drop.jsonl", record(1), record(2))


def rows(lake: Path, table: str = "articles") -> int:
    return len(snapshot(open_lake(lake)).read(table))


def test_all_accounted_for_is_0_and_stdout_is_the_ledger(
    wiretrace: Wiretrace, tmp_path: Path, drop: Path
) -> None:
    """Exit code 0; stdout is the ledger as JSON and nothing else, the log lines are on stderr."""
    done = wiretrace("run", "--lake", tmp_path / "lake", "--drop", drop, "--json")
    assert done.code == 0
    ledger = done.json
    assert (ledger["seen"], ledger["new"], ledger["rejected"]) == (2, 2, 0)
    assert (ledger["containers"], ledger["committed"]) == (1, True)
    events = [json.loads(line) for line in done.err.splitlines()]
    assert {event["run_id"] for event in events} == {ledger["run_id"]}
    assert rows(tmp_path / "lake") == 2


def test_some_rejected_is_3_and_the_good_ones_land(
    wiretrace: Wiretrace, tmp_path: Path, drop: Path
) -> None:
    """Exit code 3; the text form balances and names each reject's reason and source."""
    (tmp_path / "bad.bin").write_bytes(b"\x00\x01\xff\xfe\x00binary")
    done = wiretrace(
        "run", "--lake", tmp_path / "lake", "--drop", drop, "--drop", tmp_path / "bad.bin"
    )
    assert done.code == 3
    _, balance, reject = done.out.splitlines()
    assert balance == (
        "3 seen = 2 new + 0 revised + 0 duplicate + 0 control + 1 rejected  (2 containers)"
    )
    assert reject == f"  rejected 1: parse:binary  {tmp_path / 'bad.bin'}"
    assert (rows(tmp_path / "lake"), rows(tmp_path / "lake", "rejects")) == (2, 1)


def test_a_run_leaves_nothing_in_the_folder_of_temporary_files(
    wiretrace: Wiretrace, tmp_path: Path, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every Beam pipeline that is made and not run leaves a folder; a watch runs for months."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert wiretrace("run", "--lake", tmp_path / "lake", "--drop", drop).code == 0
    assert list(temporary.iterdir()) == []


def test_a_second_run_finds_duplicates(wiretrace: Wiretrace, tmp_path: Path, drop: Path) -> None:
    """The same drop again adds no article."""
    wiretrace("run", "--lake", tmp_path / "lake", "--drop", drop)
    done = wiretrace("run", "--lake", tmp_path / "lake", "--drop", drop, "--json")
    assert (done.code, done.json["duplicate"], done.json["new"]) == (0, 2, 0)
    assert rows(tmp_path / "lake") == 2


def test_no_source_that_can_be_read_is_7(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """Exit code 7, and the run is in the ledger with its reject."""
    done = wiretrace("run", "--lake", tmp_path / "lake", "--drop", tmp_path / "absent.xml")
    assert done.code == 7
    assert "read:not_found" in done.out
    assert rows(tmp_path / "lake", "rejects") == 1


def test_one_absent_source_beside_a_good_one_is_3(
    wiretrace: Wiretrace, tmp_path: Path, drop: Path
) -> None:
    """A source that cannot be read is a reject, not the end of the run."""
    done = wiretrace(
        "run", "--lake", tmp_path / "lake", "--drop", tmp_path / "absent.xml", "--drop", drop
    )
    assert (done.code, rows(tmp_path / "lake")) == (3, 2)


def test_dry_run_commits_nothing(wiretrace: Wiretrace, tmp_path: Path, drop: Path) -> None:
    """The ledger is shown; no row, no run, no key and no staging folder is left."""
    lake = tmp_path / "lake"
    done = wiretrace("run", "--lake", lake, "--drop", drop, "--dry-run", "--json")
    assert (done.code, done.json["new"], done.json["committed"]) == (0, 2, False)
    assert (rows(lake), rows(lake, "runs")) == (0, 0)
    assert list((lake / "_state" / "staging").glob("*")) == []
    assert wiretrace("run", "--lake", lake, "--drop", drop, "--json").json["new"] == 2


USAGE = {
    "nothing to read": ([], "nothing to read"),
    "an unknown option": (["--drop", "x", "--nonsense"], "--nonsense"),
    "an unknown value": (["--drop", "x", "--entities", "slow"], "'slow'"),
    "no number of workers": (["--drop", "x", "--workers", "0"], "--workers"),
    "an unknown format": (["--drop", "x", "--format", "nitf2"], "nitf2"),
    "an unknown runner": (["--drop", "x", "--runner", "SparkRunner"], "use DirectRunner"),
    "a runner that is not there": (
        ["--drop", "x", "--runner", "flink", "--runner-option", "job_endpoint=127.0.0.1:1"],
        "make flink-up",
    ),
    "threads": (
        ["--drop", "x", "--runner-option", "direct_running_mode=multi_threading"],
        "--workers",
    ),
    "an address to drop": (["--drop", "https://example.org/feed"], "--feed"),
    "an address with a password": (["--feed", "https://u:p@example.org/feed"], "credential"),
    "an address of no scheme that is fetched": (["--feed", "ftp://example.org/feed"], "https://"),
    "a feed list that is not there": (["--feeds", "absent.opml"], "absent.opml"),
    "a format of a feed": (["--feed", "https://example.org/feed", "--format", "rss"], "--format"),
    "hosts that are none": (["--drop", "x", "--allow-host", "a:b:c"], "--allow-host"),
    "an outlet of nothing": (["--drop", "x", "--outlet", " / "], "--outlet"),
    "an outlet that is no text": (["--drop", "x", "--outlet", "a\udcff"], "--outlet"),
    "an outlet that hides its name": (["--drop", "x", "--outlet", "a\u202eb"], "--outlet"),
}


@pytest.mark.parametrize("case", USAGE)
def test_what_cannot_be_served_is_2_and_makes_no_lake(
    wiretrace: Wiretrace, tmp_path: Path, case: str
) -> None:
    """Refused with a sentence that names it, before anything is made; stdout stays empty."""
    options, told = USAGE[case]
    done = wiretrace("run", "--lake", tmp_path / "lake", *options)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert not (tmp_path / "lake").exists()


def test_a_folder_of_something_else_is_2_and_stays_as_it_is(
    wiretrace: Wiretrace, tmp_path: Path, drop: Path
) -> None:
    """A mistyped --lake puts nothing into a stranger's folder."""
    other = tmp_path / "photos"
    other.mkdir()
    (other / "one.jpg").write_bytes(b"jpg")
    done = wiretrace("run", "--lake", other, "--drop", drop)
    assert done.code == 2
    assert "no wiretrace lake" in done.err
    assert [path.name for path in other.iterdir()] == ["one.jpg"]


def test_a_file_for_a_lake_is_2(wiretrace: Wiretrace, drop: Path) -> None:
    """A file cannot become a lake, and the sentence says so."""
    before = drop.read_bytes()
    done = wiretrace("run", "--lake", drop, "--drop", drop)
    assert (done.code, drop.read_bytes()) == (2, before)
    assert "is a file" in done.err


def test_a_lake_whose_making_was_cut_off_is_made(
    wiretrace: Wiretrace, tmp_path: Path, drop: Path
) -> None:
    """Killed between its first table and its last one, or still being made: it is no stranger's."""
    lake = tmp_path / "lake"
    with acquire(lake):
        create_lake(lake)
    shutil.rmtree(lake / "runs")
    done = wiretrace("run", "--lake", lake, "--drop", drop)
    assert (done.code, rows(lake)) == (0, 2)


def test_a_busy_lake_is_5_at_once(wiretrace: Wiretrace, tmp_path: Path, drop: Path) -> None:
    """Without --wait the second writer leaves, naming the first."""
    with acquire(tmp_path / "lake", command="compact"):
        done = wiretrace("run", "--lake", tmp_path / "lake", "--drop", drop)
    assert (done.code, done.out) == (5, "")
    assert "wiretrace compact" in done.err


def test_wait_outlasts_a_short_writer(wiretrace: Wiretrace, tmp_path: Path, drop: Path) -> None:
    """With --wait it runs as soon as the other is done."""
    taken = threading.Event()

    def hold() -> None:
        with acquire(tmp_path / "lake", command="compact"):
            taken.set()
            time.sleep(0.3)

    other = threading.Thread(target=hold)
    other.start()
    taken.wait(10)
    done = wiretrace("run", "--lake", tmp_path / "lake", "--drop", drop, "--wait", "60")
    other.join()
    assert (done.code, rows(tmp_path / "lake")) == (0, 2)


def test_outlet_and_format_are_what_the_user_told(wiretrace: Wiretrace, tmp_path: Path) -> None:
    """--outlet wins over the record, --format over the content."""
    file = tmp_path / "note.txt"
    file.write_text('{"headline": "not a record"}')
    lake = tmp_path / "lake"
    done = wiretrace(
        "run", "--lake", lake, "--drop", file, "--outlet", "Told.example", "--format", "text"
    )
    assert done.code == 0
    found = snapshot(open_lake(lake)).read("articles", ["outlet", "outlet_rule", "source_format"])
    assert found.to_pylist() == [
        {"outlet": "told.example", "outlet_rule": "option", "source_format": "text"}
    ]


def test_entities_best_is_accepted(wiretrace: Wiretrace, tmp_path: Path, drop: Path) -> None:
    """Accepted from the first version on, whether or not a model is installed."""
    done = wiretrace(
        "run", "--lake", tmp_path / "lake", "--drop", drop, "--entities", "best", "--json"
    )
    assert (done.code, done.json["new"]) == (0, 2)
