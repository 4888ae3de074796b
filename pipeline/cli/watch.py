"""`wiretrace watch`: rounds over what is due, until it is asked to stop."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from pipeline.cli import interrupts
from pipeline.cli.beam_import import silence_beam_import
from pipeline.cli.feed_options import (
    allow_host_option,
    allow_hosts,
    full_text_option,
    read_list_file,
)
from pipeline.cli.lake_option import lake_option
from pipeline.cli.run import exit_code, refuse_far_drops, refuse_outlet


@click.command("watch")
@lake_option
@click.option("--drop", "drops", multiple=True, metavar="PATH|GLOB", help="Folder to look into.")
@click.option("--feeds", "feed_list", metavar="FILE", help="Another list than LAKE/feeds.toml.")
@click.option("--outlet", help="Outlet of what lies in the drops.")
@click.option(
    "--every",
    type=click.FloatRange(1, 86_400),
    default=60.0,
    show_default=True,
    help="Seconds between the starts of two rounds, at least.",
)
@click.option("--once", is_flag=True, help="One round, for cron; leaves as `run` does.")
@click.option(
    "--entities",
    type=click.Choice(["fast", "best"]),
    default="fast",
    help="`best` uses installed models.",
)
@full_text_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Worker processes.")
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    help="Seconds for a busy lake; then the round is tried again.",
)
@click.option(
    "--metrics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.prom",
    help="Text file for Prometheus' node_exporter, written after each round.",
)
@allow_host_option
def command(
    lake: Path,
    drops: tuple[str, ...],
    feed_list: str | None,
    outlet: str | None,
    every: float,
    once: bool,
    entities: str,
    full_text: bool,
    workers: int,
    wait: float,
    metrics: Path | None,
    allow_host: tuple[str, ...],
) -> None:
    """Poll the feeds of the lake's list when they are due, and take in what is dropped.

    Ctrl-C or SIGTERM finish the round and leave with 0; the next one begins where it left off.

    Example: wiretrace watch --lake LAKE --drop inbox/
    """
    with interrupts.as_event() as stop:
        # Imported only now: threads that libraries start must have the signals blocked as well.
        silence_beam_import()
        from pipeline.options import RunOptions
        from pipeline.watch import WatchOptions, run_round, watch
        from transforms.read.segment import Source

        refuse_far_drops(drops)
        refuse_outlet(outlet)
        terminal = sys.stderr.isatty()
        options = WatchOptions(
            run=RunOptions(
                lake=lake,
                sources=(),
                workers=workers,
                wait=wait,
                log_json=not terminal,
                entities=entities,
                full_text=full_text,
            ),
            drops=tuple(Source(drop, outlet) for drop in drops),
            feeds=_list_reader(lake, feed_list, allow_host),
            every=every,
        )
        feeds, polling = options.feeds()
        if not feeds and not drops and not feed_list:
            raise click.UsageError(
                f"nothing to watch: `wiretrace feeds add --lake {lake} URL`, or name a --drop"
            )
        reporter = _Reporter(lake, metrics)
        with _status(terminal) as show:
            if once:
                done = run_round(options, feeds, polling, 1, stop)
                show(reporter.report(done))
                sys.exit(exit_code(done.result) if done.result else 0)
            watch(options, stop, lambda done: show(reporter.report(done)))


class _Reporter:
    """Writes the metrics of each round, and says in one line what it did."""

    def __init__(self, lake: Path, metrics: Path | None) -> None:
        self._lake = lake
        self._metrics = metrics
        self._last_success = 0.0

    def report(self, done: Any) -> str:
        """A line for people."""
        if done.problem is None:
            self._last_success = time.time()
        if self._metrics:
            self._write_metrics(done, self._metrics)
        return describe_round(done)

    def _write_metrics(self, done: Any, path: Path) -> None:
        from lake.store import StoreUnavailable
        from lake.tables import is_lake, open_lake, snapshot
        from pipeline.metrics import count_items, measure, write_metrics

        if not is_lake(self._lake):
            return
        try:
            counts = count_items(snapshot(open_lake(self._lake)))
            write_metrics(path, measure(done, time.time(), self._last_success), counts)
        except (OSError, StoreUnavailable) as error:
            click.echo(f"--metrics: {error}", err=True)


def describe_round(done: Any) -> str:
    """One line of status: what the round did, and when the next feed is due."""
    told = [f"round {done.number}, {done.began:%H:%M} UTC: {done.due} of {len(done.health)} feeds"]
    if done.scan.files or done.scan.left:
        told.append(f"{len(done.scan.files)} files, {done.scan.left} left")
    if done.result:
        outcomes = done.result.ledger.outcomes.items()
        told.append(", ".join(f"{items} {name}" for name, items in outcomes if items) or "no item")
    if done.problem:
        told.append(f"tried again: {done.problem}")
    due = [one.next_due for one in done.health.values() if not one.retired]
    if due:
        told.append(f"next feed due {max(min(due), done.began):%H:%M:%S}")
    return "; ".join(told)


@contextmanager
def _status(terminal: bool) -> Iterator[Callable[[str], None]]:
    """A line that stays in place on a terminal; elsewhere the log says it all."""
    if not terminal:
        yield lambda line: None
        return
    from rich.console import Console

    with Console(stderr=True).status("first round …") as status:
        yield status.update


def _list_reader(
    lake: Path, feed_list: str | None, allow_host: tuple[str, ...]
) -> Callable[[], tuple[Any, Any]]:
    """Reads the list anew each time: `feeds add` while the watch goes on counts."""

    def read() -> tuple[Any, Any]:
        from lake.tables import is_lake
        from pipeline.feed_state import read_feeds
        from transforms.feeds.feed_list import FeedList

        if feed_list:
            listed = read_list_file(feed_list)
        else:
            listed = read_feeds(lake) if is_lake(lake) else FeedList()
        return listed.feeds, allow_hosts(listed.polling, allow_host)

    return read
