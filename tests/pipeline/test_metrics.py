"""The text file for Prometheus, read back by Prometheus' own parser."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from lake.tables import create_lake
from pipeline.metric_names import STREAM, WATCH
from pipeline.metrics import count_items, measure, measure_stream, write_metrics
from pipeline.stream import Progress
from pipeline.watch import Round
from tests.lake.builder import LakeBuilder, article, sighting
from transforms.feeds.health import FeedHealth
from transforms.read.drop_folder import Scan

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
COUNTS = {"new": 5, "revised": 4, "duplicate": 3, "control": 2, "rejected": 1, "runs": 7}


def at(minutes: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minutes)


def read(path: Path) -> dict[str, float]:
    return {
        sample.name + "".join(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(path.read_text())
        for sample in family.samples
    }


def test_what_is_told() -> None:
    """The lag is that of the feed which waits longest; one never asked, or gone, does not wait."""
    feeds = [
        FeedHealth(url="a", last_attempt=at(-9), next_due=at(-3), last_new_item=at(-20)),
        FeedHealth(url="b", last_attempt=at(-9), next_due=at(-5), failing_since=at(-60)),
        FeedHealth(url="c", last_attempt=at(-9), next_due=at(-50), retired="410 Gone"),
        FeedHealth(url="d"),
    ]
    done = Round(number=1, began=NOON, health={f.url: f for f in feeds}, scan=Scan((), 12))
    assert measure(done, NOON.timestamp(), 99.0) == {
        "last_round_timestamp_seconds": NOON.timestamp(),
        "last_success_timestamp_seconds": 99.0,
        "last_new_item_timestamp_seconds": at(-20).timestamp(),
        "feeds": 4,
        "feeds_failing": 1,
        "feeds_retired": 1,
        "feed_lag_seconds": 300.0,
        "dropped_files_left": 12,
    }


def test_what_is_told_of_a_stream() -> None:
    """The watermark is the end of the newest committed window."""
    told = {"window_end": at(-2).isoformat(), "windows": 7, "repeated_arrivals": 3}
    assert measure_stream(Progress("RUNNING", 120.5, told)) == {
        "stream_up": 1.0,
        "stream_windows": 7.0,
        "stream_repeated_arrivals": 3.0,
        "stream_watermark_timestamp_seconds": at(-2).timestamp(),
        "stream_lag_seconds": 120.5,
    }


def test_a_stream_before_its_first_window_has_no_watermark() -> None:
    """A window whose end is yet to come, by another machine's clock, is not behind."""
    none = {"stream_up": 0.0, "stream_windows": 0.0, "stream_repeated_arrivals": 0.0}
    assert measure_stream(Progress("STARTING", None, {})) == none
    ahead = measure_stream(Progress("RUNNING", -3.0, {"window_end": at(1).isoformat()}))
    assert ahead["stream_lag_seconds"] == 0.0


def test_the_gauges_of_a_stream_have_their_help(tmp_path: Path) -> None:
    path = tmp_path / "wiretrace.prom"
    gauges = measure_stream(Progress("RUNNING", 1.0, {"window_end": at(0).isoformat()}))
    write_metrics(path, gauges, COUNTS)
    assert read(path)["wiretrace_stream_watermark_timestamp_seconds"] == NOON.timestamp()
    assert gauges.keys() == STREAM.keys()


def test_the_file_is_one_that_prometheus_reads(tmp_path: Path) -> None:
    path = tmp_path / "wiretrace.prom"
    gauges = measure(Round(number=1, began=NOON), NOON.timestamp(), 0.0)
    write_metrics(path, gauges, COUNTS)
    found = read(path)
    assert gauges.keys() == WATCH.keys()
    assert found["wiretrace_items_totalduplicate"] == 3
    assert found["wiretrace_runs_total"] == 7
    assert found["wiretrace_feed_lag_seconds"] == 0
    assert len(found) == len(gauges) + len(COUNTS)
    assert [entry.name for entry in tmp_path.iterdir()] == ["wiretrace.prom"]


def test_counts_are_the_ledgers(tmp_path: Path) -> None:
    """Over all runs, so a restart is no reset."""
    builder = LakeBuilder(tmp_path / "lake")
    create_lake(builder.root)
    assert count_items(builder.snapshot) == dict.fromkeys(COUNTS, 0)
    for name in "ab":
        version = article(name)
        builder.run(version, sighting(version))
    rows = builder.rows("runs")
    expected = {name: sum(row[name] for row in rows) for name in COUNTS if name != "runs"}
    assert count_items(builder.snapshot) == {**expected, "runs": 2}


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        write_metrics(tmp_path / "absent" / "a.prom", {}, COUNTS)
