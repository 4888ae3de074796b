"""A stream over a clock of its own: what comes late, early, twice or out of order."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.dump import dump_lines
from lake.present import mirror_of
from lake.stream_state import read_progress
from lake.tables import Lake, Snapshot, open_lake, snapshot
from pipeline.batch import run_batch
from pipeline.options import RunOptions
from tests.e2e.flow import Flow
from tests.object_store import ObjectStore
from transforms.read.segment import Source

pytestmark = pytest.mark.e2e
TEXT = "The bridge over the Andamar was opened on Monday, the minister told TASS. " * 4


def record(number: int, **more: object) -> dict[str, object]:
    return {
        "uri": f"tag:example.org,2023:{number}",
        "url": f"https://example.org/{number}",
        "outlet": "example.org",
        "headline": f"Bridge {number} is open",
        "body_text": f"{number}. {TEXT}",
        "published": "2023-11-14T10:00:00Z",
        **more,
    }


def looked_up(flow: Flow) -> Snapshot:
    return snapshot(open_lake(flow.lake))


def windows(flow: Flow) -> list[tuple[int, int]]:
    """(seconds from the start to the end of the window, items seen) of each commit, in order."""
    rows = [row for row in looked_up(flow).read("runs").to_pylist() if row["window_end"]]
    return [
        (int(row["window_end"].timestamp()) - 1_700_000_000, row["seen"])
        for row in sorted(rows, key=lambda row: row["sequence"])
    ]


def same_as_one_run(flow: Flow, folder: Path) -> bool:
    """Whether a bounded run over the same files says the same, once stories are told."""
    run_batch(RunOptions(lake=flow.lake, sources=()))
    run_batch(RunOptions(lake=folder, sources=(Source(str(flow.files)),)))
    there = list(dump_lines(snapshot(open_lake(folder))))
    assert len(there) > 1
    return list(dump_lines(looked_up(flow))) == there


def test_versions_in_any_order_and_a_kill_before_its_article(tmp_path: Path) -> None:
    """The correction comes before what it corrects, the kill before both, one piece late."""
    flow = Flow(tmp_path)
    second = record(1, body_text=f"1. Corrected. {TEXT}", versioncreated="2023-11-14T11:00:00Z")
    killed = record(2, pubstatus="canceled", versioncreated="2023-11-14T12:00:00Z")
    flow.at(1, flow.arrival(second), flow.arrival(killed))
    flow.until(10)
    flow.at(11, flow.arrival(record(1, versioncreated="2023-11-14T10:00:00Z")))
    flow.until(20)
    flow.at(21, flow.arrival(record(2, versioncreated="2023-11-14T10:00:00Z")))
    flow.at(2, flow.arrival(record(3)))  # its window is long over
    flow.until(40)
    flow.play()
    assert sorted(windows(flow)) == [(10, 1), (10, 2), (20, 1), (30, 1)]
    assert windows(flow)[0] == (10, 2)
    assert same_as_one_run(flow, tmp_path / "other")


def test_one_article_on_both_sides_of_a_border_is_one(tmp_path: Path) -> None:
    """Three deliveries in two windows, and two in one."""
    flow = Flow(tmp_path)
    flow.at(9.5, flow.arrival(record(1)), flow.arrival(record(1)))
    flow.at(10.5, flow.arrival(record(1)))
    flow.until(30)
    flow.play()
    rows = looked_up(flow).read("runs").to_pylist()
    assert sum(row["new"] for row in rows) == 1
    assert sum(row["duplicate"] for row in rows) == 2
    assert looked_up(flow).read("articles").num_rows == 1
    assert same_as_one_run(flow, tmp_path / "other")


def test_what_an_engine_sends_again_is_left_out(tmp_path: Path) -> None:
    """A replay puts an arrival into a later window, with one that came meanwhile."""
    flow = Flow(tmp_path)
    first, other = flow.arrival(record(1), record(2)), flow.arrival(record(3))
    flow.at(1, first)
    flow.until(10)
    flow.at(11, first, other)
    flow.until(20)
    flow.at(21, first)
    flow.until(30)
    flow.play()
    # The last window holds nothing new: it is no commit.
    assert windows(flow) == [(10, 2), (20, 1)]
    assert same_as_one_run(flow, tmp_path / "other")


def test_what_cannot_be_read_is_a_row_of_the_window(tmp_path: Path) -> None:
    flow = Flow(tmp_path)
    gone = flow.arrival(record(1))
    flow.at(1, gone, flow.arrival(record(2)))
    flow.until(20)
    Path(gone[0].segment.path).unlink()
    flow.play()
    (run,) = looked_up(flow).read("runs").to_pylist()
    assert (run["seen"], run["new"], run["rejected"], run["containers"]) == (2, 1, 1, 2)
    (reject,) = looked_up(flow).read("rejects").to_pylist()
    assert (reject["stage"], reject["reason"]) == ("read", "not_found")
    assert reject["run_id"] == run["run_id"]


@pytest.mark.parametrize("with_tags", [True, False], ids=["tagged on the way", "at the commit"])
def test_tags_are_the_same_wherever_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_tags: bool
) -> None:
    """Recognition is a hint: the commit tags what it left out."""
    if not with_tags:
        monkeypatch.setattr("transforms.recognize.is_known", lambda *_: True)
    flow = Flow(tmp_path)
    flow.at(1, flow.arrival(record(1)), flow.arrival(record(4, headline="Pont ouvert")))
    flow.until(20)
    flow.play()
    assert looked_up(flow).read("citations").num_rows > 0
    assert same_as_one_run(flow, tmp_path / "other")


def test_windows_are_committed_to_an_object_store(
    tmp_path: Path, s3: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two windows with a repeated arrival; another machine then reads what one run would say."""
    s3.use(monkeypatch)
    monkeypatch.setenv("WIRETRACE_CACHE", str(tmp_path / "here"))
    url = s3.fresh_url()
    flow = Flow(tmp_path, mirror_of(url))
    first = flow.arrival(record(1), record(2))
    flow.at(1, first)
    flow.until(10)
    flow.at(11, first, flow.arrival(record(3)))
    flow.until(30)
    flow.play()
    monkeypatch.setenv("WIRETRACE_CACHE", str(tmp_path / "there"))
    flow.lake = mirror_of(url)
    assert windows(flow) == [(10, 2), (20, 1)]
    assert read_progress(Lake(flow.lake))["repeated_arrivals"] == 1
    assert same_as_one_run(flow, tmp_path / "other")
