"""`wiretrace run`: one bounded run over drops and feeds."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipeline.cli.beam_import import silence_beam_import
from pipeline.cli.feed_options import (
    allow_host_option,
    allow_hosts,
    full_text_option,
    read_list_file,
)
from pipeline.cli.interrupts import as_exit_codes
from pipeline.cli.lake_option import lake_option, wait_option


@click.command("run")
@lake_option
@click.option("--drop", "drops", multiple=True, metavar="PATH|GLOB", help="File, folder or glob.")
@click.option("--feed", "feeds", multiple=True, metavar="URL|FILE", help="A feed.")
@click.option("--feeds", "feed_list", metavar="FILE", help="A list of feeds: OPML or TOML.")
@click.option("--outlet", help="Outlet of everything that this run reads.")
@click.option("--format", "wire_format", default="auto", help="Wire format; `wiretrace formats`.")
@click.option(
    "--entities",
    type=click.Choice(["fast", "best"]),
    default="fast",
    help="`best` uses installed models; without any it falls back to `fast` with a warning.",
)
@full_text_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Worker processes.")
@click.option("--chunk", type=click.IntRange(1), help="Deliveries per pipeline (default 5000).")
@wait_option
@click.option("--dry-run", is_flag=True, help="Do everything but the commit.")
@click.option(
    "--runner",
    default="DirectRunner",
    help="Beam runner: DirectRunner, FlinkRunner, PrismRunner or DataflowRunner.",
)
@click.option(
    "--runner-option",
    "runner_options",
    multiple=True,
    metavar="KEY=VALUE",
    help="An option of the runner, as Beam names it: job_endpoint=host:8099.",
)
@allow_host_option
@click.option("--json", "as_json", is_flag=True, help="Print the ledger as JSON.")
def command(
    lake: Path,
    drops: tuple[str, ...],
    feeds: tuple[str, ...],
    feed_list: str | None,
    outlet: str | None,
    wire_format: str,
    entities: str,
    full_text: bool,
    workers: int,
    chunk: int | None,
    wait: float,
    dry_run: bool,
    runner: str,
    runner_options: tuple[str, ...],
    allow_host: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read drops and feeds once and commit what they hold.

    Example: wiretrace run --lake LAKE --drop inbox/ --outlet example.com
    """
    refuse_addresses(drops)
    if not drops and not feeds and not feed_list:
        raise click.UsageError("nothing to read: name at least one --drop, --feed or --feeds")
    from pipeline.options import DEFAULT_CHUNK, RunOptions
    from transforms.parse.sniff import FORMATS
    from transforms.read.segment import Source

    refuse_outlet(outlet)
    if wire_format != "auto" and wire_format not in FORMATS:
        raise click.UsageError(f"--format {wire_format} is unknown; use {', '.join(FORMATS)}")
    if entities == "best":
        _say_which_models()
    sources = (
        *(Source(drop, outlet, wire_format) for drop in drops),
        *(Source(f, outlet, wire_format, is_feed=True) for f in feeds if not _is_address(f)),
    )
    if wire_format != "auto" and (feed_list or any(map(_is_address, feeds))):
        raise click.UsageError("--format is for files; what a feed answers says what it is")
    polled, polling = _read_feeds([f for f in feeds if _is_address(f)], feed_list, outlet)
    terminal = sys.stderr.isatty()
    options = RunOptions(
        lake=lake,
        sources=sources,
        feeds=polled,
        polling=allow_hosts(polling, allow_host),
        runner=runner,
        runner_options=runner_options,
        workers=workers,
        chunk=chunk or DEFAULT_CHUNK,
        wait=wait,
        dry_run=dry_run,
        log_json=not terminal,
        entities=entities,
        full_text=full_text,
    )
    result = execute(options, terminal=terminal)
    print_ledger(result, as_json=as_json)
    sys.exit(exit_code(result))


def execute(options: Any, *, terminal: bool) -> Any:
    """Run with a progress line on a terminal.

    Leaves with 130 or 143 when interrupted: without a plan nothing of the run stays.
    """
    silence_beam_import()
    from pipeline.batch import run_batch

    with as_exit_codes():
        if not terminal:
            return run_batch(options)
        from rich.console import Console

        console = Console(stderr=True)
        with console.status("reading …") as status:
            return run_batch(options, lambda stage, items: status.update(f"{stage}: {items} items"))


def print_ledger(result: Any, *, as_json: bool) -> None:
    """The balance of the run on stdout."""
    ledger = result.ledger
    if as_json:
        value = {
            "run_id": result.run.run_id,
            "sequence": result.run.sequence,
            "committed": result.committed,
            "containers": ledger.containers,
            "seen": ledger.seen,
            **ledger.outcomes,
        }
        click.echo(json.dumps(value))
        return
    click.echo(f"run {result.run.run_id}{'' if result.committed else ' (dry run)'}")
    parts = " + ".join(f"{items} {outcome}" for outcome, items in ledger.outcomes.items())
    click.echo(f"{ledger.seen} seen = {parts}  ({ledger.containers} containers)")
    for count in ledger.counts:
        if count.outcome == "rejected":
            click.echo(f"  rejected {count.items}: {count.reason}  {_plain(count.source)}")


def exit_code(result: Any) -> int:
    """0 all accounted for, 3 some rejected, 7 no source could be read."""
    ledger = result.ledger
    if ledger.containers and ledger.read_failures >= ledger.containers:
        return 7
    return 3 if ledger.outcomes["rejected"] else 0


def _say_which_models() -> None:
    from transforms.entities.backends import installed

    models = ", ".join(f"{language} {name}" for language, name in sorted(installed().items()))
    click.echo(f"--entities best: {models or 'no model'} installed; rules elsewhere", err=True)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _read_feeds(urls: list[str], list_file: str | None, outlet: str | None) -> tuple[Any, Any]:
    """The feeds to ask, those of a list included, and how; each address once."""
    from transforms.feeds.feed_list import BadFeedList, Feed, FeedList, check_feed_url

    listed = read_list_file(list_file) if list_file else FeedList()
    for sentence in listed.refused:
        click.echo(f"left out: {sentence}", err=True)
    try:
        named = [Feed(url=check_feed_url(url)) for url in urls]
    except BadFeedList as error:
        raise click.UsageError(f"--feed: {error}") from None
    feeds = listed.plus(named)
    told = (replace(feed, outlet=feed.outlet or outlet) for feed in feeds.feeds)
    return tuple(told), listed.polling


def _is_address(source: str) -> bool:
    return "://" in source and source.split(":", 1)[0].lower() in ("http", "https", "ftp")


def refuse_outlet(outlet: str | None) -> None:
    """A name that is not printable cannot be stored, or looks like another one."""
    from transforms.outlets import clean_outlet

    if outlet is not None and not (clean_outlet(outlet) and outlet.isprintable()):
        raise click.UsageError(f"--outlet {outlet!r} cannot be the name of an outlet")


def refuse_addresses(drops: tuple[str, ...]) -> None:
    """A drop is a file or a folder."""
    for drop in drops:
        if _is_address(drop):
            raise click.UsageError("a drop is a file or folder; name an address with --feed")


def refuse_far_drops(drops: tuple[str, ...]) -> None:
    """A folder that is looked into again and again is one of this machine's."""
    refuse_addresses(drops)
    for drop in drops:
        if "://" in drop:
            raise click.UsageError(
                f"{drop} is no folder of this machine, and only such are looked into; "
                "take it in with `wiretrace run --drop`, or send messages (docs/scheduling.md)"
            )
