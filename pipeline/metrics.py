"""What a watch or a stream tells Prometheus, as a text file for node_exporter's textfile collector.

Counters are read from the lake's ledger: they go on over restarts, and count what other commands
ran.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lake.tables import Snapshot
from pipeline.metric_names import COUNTERS, PREFIX, STREAM, WATCH
from pipeline.stream import Progress
from pipeline.watch import Round
from schemas.run import OUTCOMES

_HELP = WATCH | STREAM


def count_items(pinned: Snapshot) -> dict[str, int]:
    """Items by outcome, and `runs`, over all runs of a lake."""
    rows = pinned.read("runs", list(OUTCOMES))
    return {name: pc.sum(rows[name]).as_py() or 0 for name in OUTCOMES} | {"runs": rows.num_rows}


def measure(done: Round, now: float, last_success: float) -> dict[str, float]:
    """The gauges after a round, by name; times in seconds since 1970, 0 for never."""
    health = done.health.values()
    waiting = [one.next_due.timestamp() for one in health if one.last_attempt and not one.retired]
    new = [one.last_new_item.timestamp() for one in health if one.last_new_item]
    return {
        "last_round_timestamp_seconds": now,
        "last_success_timestamp_seconds": last_success,
        "last_new_item_timestamp_seconds": max(new, default=0.0),
        "feeds": len(done.health),
        "feeds_failing": sum(one.failing_since is not None for one in health),
        "feeds_retired": sum(one.retired is not None for one in health),
        "feed_lag_seconds": max(now - min(waiting, default=now), 0.0),
        "dropped_files_left": done.scan.left,
    }


def measure_stream(progress: Progress) -> dict[str, float]:
    """The gauges of a stream, by name."""
    told = progress.told
    gauges = {
        "stream_up": float(progress.state == "RUNNING"),
        "stream_windows": float(told.get("windows", 0)),
        "stream_repeated_arrivals": float(told.get("repeated_arrivals", 0)),
    }
    if progress.lag is not None:
        end = dt.datetime.fromisoformat(told["window_end"])
        gauges["stream_watermark_timestamp_seconds"] = end.timestamp()
        gauges["stream_lag_seconds"] = max(progress.lag, 0.0)
    return gauges


def write_metrics(path: Path, gauges: Mapping[str, float], counts: Mapping[str, int]) -> None:
    """Replace the file in one step.

    Raises:
        OSError: it cannot be written.
    """
    registry = CollectorRegistry()
    registry.register(_Told(gauges, counts))
    write_to_textfile(str(path), registry)


class _Told(Collector):
    """Numbers that somebody else has counted; the library's own counters begin at 0."""

    def __init__(self, gauges: Mapping[str, float], counts: Mapping[str, int]) -> None:
        self._gauges = gauges
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """The families of the file."""
        for name, value in self._gauges.items():
            yield GaugeMetricFamily(f"{PREFIX}{name}", _HELP[name], value=value)
        items = _counter("items_total", labels=["outcome"])
        for outcome in OUTCOMES:
            items.add_metric([outcome], self._counts[outcome])
        yield items
        yield _counter("runs_total", value=self._counts["runs"])


def _counter(name: str, **given: Any) -> CounterMetricFamily:
    return CounterMetricFamily(f"{PREFIX}{name}", COUNTERS[name], **given)
