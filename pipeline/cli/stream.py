"""`wiretrace stream`: the unbounded pipeline on a real engine, until it is asked to stop."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.cli import interrupts
from pipeline.cli.beam_import import silence_beam_import
from pipeline.cli.feed_options import allow_host_option, allow_hosts, read_list_file
from pipeline.cli.lake_option import lake_option
from pipeline.cli.run import refuse_far_drops, refuse_outlet


@click.command("stream")
@lake_option
@click.option("--drop", "drops", multiple=True, metavar="PATH|GLOB", help="Folder to look into.")
@click.option("--feeds", "feed_list", metavar="FILE", help="A list of feeds: OPML or TOML.")
@click.option("--subscription", metavar="NAME", help="projects/PROJECT/subscriptions/NAME.")
@click.option("--outlet", help="Outlet of what lies in the drops.")
@click.option(
    "--every",
    type=click.FloatRange(1, 3_600),
    default=5.0,
    show_default=True,
    help="Seconds between two looks at drops and at which feeds are due.",
)
@click.option(
    "--window",
    type=click.FloatRange(5, 86_400),
    default=60.0,
    show_default=True,
    help="Seconds of arrivals that are one commit.",
)
@click.option(
    "--entities",
    type=click.Choice(["fast", "best"]),
    default="fast",
    help="`best` uses installed models.",
)
@click.option(
    "--stories/--no-stories",
    default=True,
    help="Tell stories now and then, or leave them to the next `run`.",
)
@click.option("--runner", default="FlinkRunner", show_default=True, help="Beam runner.")
@click.option(
    "--runner-option",
    "runner_options",
    multiple=True,
    metavar="KEY=VALUE",
    help="Handed on to the runner.",
)
@click.option("--workers", type=click.IntRange(1, 1_000), default=1, help="Parallel workers.")
@click.option(
    "--metrics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.prom",
    help="Text file for Prometheus' node_exporter.",
)
@allow_host_option
def command(
    lake: Path,
    drops: tuple[str, ...],
    feed_list: str | None,
    subscription: str | None,
    outlet: str | None,
    every: float,
    window: float,
    entities: str,
    stories: bool,
    runner: str,
    metrics: Path | None,
    allow_host: tuple[str, ...],
    runner_options: tuple[str, ...],
    workers: int,
) -> None:
    """Take in what arrives, without end: one commit for each window.

    Ctrl-C or SIGTERM end the sources, wait for the last window's commit and leave with 0.

    Example: wiretrace stream --lake LAKE --drop inbox/ --window 60
    """
    with interrupts.as_event() as stop:
        # Imported only now: threads that libraries start must have the signals blocked as well.
        silence_beam_import()
        from pipeline.logs import configure
        from pipeline.options import StreamOptions
        from pipeline.stream import run_stream
        from transforms.feeds.feed_list import FeedList
        from transforms.read.pubsub import check_subscription
        from transforms.read.segment import Source

        refuse_far_drops(drops)
        refuse_outlet(outlet)
        if not drops and not feed_list and not subscription:
            raise click.UsageError(
                "nothing to read: name at least one --drop, --feeds or --subscription"
            )
        listed = read_list_file(feed_list) if feed_list else FeedList()
        configure(None, json=not sys.stderr.isatty())
        options = StreamOptions(
            lake=lake.absolute(),
            drops=tuple(Source(str(Path(drop).absolute()), outlet) for drop in drops),
            feeds=tuple(listed.feeds),
            polling=allow_hosts(listed.polling, allow_host),
            subscription=check_subscription(subscription) if subscription else None,
            every=every,
            window=window,
            entities=entities,
            stories=stories,
            runner=runner,
            runner_options=runner_options,
            workers=workers,
        )
        drained = run_stream(options, stop, _Reporter(lake, metrics))
        click.echo("drained" if drained else "handed in", err=True)


class _Reporter:
    """Writes the metrics after each look."""

    def __init__(self, lake: Path, path: Path | None) -> None:
        self._lake = lake
        self._path = path
        self._sequence = -1
        self._counts: dict[str, int] = {}

    def __call__(self, progress: Any) -> None:
        """Told of how far the stream is."""
        if self._path is None:
            return
        from lake.tables import open_lake, snapshot
        from pipeline.metrics import count_items, measure_stream, write_metrics

        try:
            pinned = snapshot(open_lake(self._lake))
            if pinned.sequence != self._sequence:
                self._sequence, self._counts = pinned.sequence, count_items(pinned)
            write_metrics(self._path, measure_stream(progress), self._counts)
        except OSError as error:
            click.echo(f"--metrics: {error}", err=True)
