"""`wiretrace run`: one bounded run over drops and feeds."""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path
from typing import Any

import click

LATER = {
    "feeds": "feed lists arrive with the fetcher; name each downloaded feed with --feed FILE",
    "allow_host": "nothing is fetched in this version, so no host needs to be allowed",
    "full_text": "article pages are not fetched in this version",
}


@click.command("run")
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--drop", "drops", multiple=True, metavar="PATH|GLOB", help="File, folder or glob.")
@click.option("--feed", "feeds", multiple=True, metavar="FILE", help="A feed from a local file.")
@click.option("--feeds", "feed_list", metavar="FILE", help="Feed list (not in this version).")
@click.option("--outlet", help="Outlet of everything that this run reads.")
@click.option("--format", "wire_format", default="auto", help="Wire format; `wiretrace formats`.")
@click.option(
    "--entities",
    type=click.Choice(["fast", "best"]),
    default="fast",
    help="`best` uses installed models; without any it falls back to `fast` with a warning.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Worker processes.")
@click.option("--chunk", type=click.IntRange(1), help="Deliveries per pipeline (default 5000).")
@click.option("--wait", type=click.FloatRange(0), default=0.0, help="Seconds for a busy lake.")
@click.option("--dry-run", is_flag=True, help="Do everything but the commit.")
@click.option("--runner", default="DirectRunner", help="Beam runner.")
@click.option("--allow-host", multiple=True, metavar="HOST", help="Not in this version.")
@click.option("--full-text", is_flag=True, help="Not in this version.")
@click.option("--json", "as_json", is_flag=True, help="Print the ledger as JSON.")
def command(
    lake: Path,
    drops: tuple[str, ...],
    feeds: tuple[str, ...],
    feed_list: str | None,
    outlet: str | None,
    wire_format: str,
    entities: str,
    workers: int,
    chunk: int | None,
    wait: float,
    dry_run: bool,
    runner: str,
    allow_host: tuple[str, ...],
    full_text: bool,
    as_json: bool,
) -> None:
    """Read drops and feeds once and commit what they hold.

    Example: wiretrace run --lake LAKE --drop inbox/ --outlet example.com
    """
    _refuse_later(feeds=feed_list, allow_host=allow_host, full_text=full_text)
    _refuse_fetching((*drops, *feeds))
    if not drops and not feeds:
        raise click.UsageError("nothing to read: name at least one --drop or --feed")
    from pipeline.options import DEFAULT_CHUNK, RunOptions
    from transforms.outlets import clean_outlet
    from transforms.parse.sniff import FORMATS
    from transforms.read.sources import Source

    # A name that is not printable cannot be stored, or looks like another one.
    if outlet is not None and not (clean_outlet(outlet) and outlet.isprintable()):
        raise click.UsageError(f"--outlet {outlet!r} cannot be the name of an outlet")
    if wire_format != "auto" and wire_format not in FORMATS:
        raise click.UsageError(f"--format {wire_format} is unknown; use {', '.join(FORMATS)}")
    if entities == "best":
        _say_which_models()
    sources = (
        *(Source(drop, outlet, wire_format) for drop in drops),
        *(Source(feed, outlet, wire_format, is_feed=True) for feed in feeds),
    )
    terminal = sys.stderr.isatty()
    options = RunOptions(
        lake=lake,
        sources=sources,
        runner=runner,
        workers=workers,
        chunk=chunk or DEFAULT_CHUNK,
        wait=wait,
        dry_run=dry_run,
        log_json=not terminal,
        entities=entities,
    )
    result = execute(options, terminal=terminal)
    print_ledger(result, as_json=as_json)
    sys.exit(exit_code(result))


def execute(options: Any, *, terminal: bool) -> Any:
    """Run with a progress line on a terminal, and SIGTERM as a clean interruption.

    Leaves with 130 or 143 when interrupted: without a plan nothing of the run stays.
    """
    # While it is imported, Beam warns that Google's clients are absent; nothing here needs them.
    logging.root.setLevel(logging.ERROR)
    from pipeline.batch import run_batch

    def stop(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        if not terminal:
            return run_batch(options)
        from rich.console import Console

        console = Console(stderr=True)
        with console.status("reading …") as status:
            return run_batch(options, lambda stage, items: status.update(f"{stage}: {items} items"))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        signal.signal(signal.SIGTERM, previous)


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


def _refuse_later(**given: Any) -> None:
    for name, value in given.items():
        if value:
            raise click.UsageError(f"--{name.replace('_', '-')}: {LATER[name]}")


def _refuse_fetching(sources: tuple[str, ...]) -> None:
    for source in sources:
        if source.split(":", 1)[0].lower() in ("http", "https", "ftp") and "://" in source:
            raise click.UsageError(
                "nothing is fetched in this version: download the feed, then --feed FILE"
            )
