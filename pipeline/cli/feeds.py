"""`wiretrace feeds`: the lake's list of feeds, and how each is doing."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipeline.cli.beam_import import silence_beam_import
from pipeline.cli.feed_options import allow_host_option, allow_hosts, read_list_file
from pipeline.cli.lake_option import lake_option

_LISTED = ("feed", "outlet", "last success", "last new item", "next due", "failures", "why")
_CHECKED = ("feed", "result", "format", "entries", "what")
wait_option = click.option(
    "--wait", type=click.FloatRange(0), default=10.0, help="Seconds for a busy lake."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("feeds")
def command() -> None:
    """Keep the lake's list of feeds (LAKE/feeds.toml), and see how each is doing.

    They are polled by `wiretrace run --lake LAKE --feeds LAKE/feeds.toml`.

    Example: wiretrace feeds list --lake LAKE
    """


@command.command("list")
@lake_option
@json_option
def list_feeds(lake: Path, as_json: bool) -> None:
    """List the feeds: last success, last new item, failures, when each is due, and why.

    Example: wiretrace feeds list --lake LAKE
    """
    from pipeline.cli import output
    from pipeline.feed_state import describe_feeds

    rows = describe_feeds(lake)
    if as_json:
        output.print_json(rows)
        return
    keys = [name.replace(" ", "_") for name in _LISTED]
    output.print_table(_LISTED, [[_short(row[key]) for key in keys] for row in rows])


@command.command("add")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@lake_option
@click.option("--outlet", help="Outlet of what these feeds hold; else each item is asked.")
@click.option("--title", help="A name for people.")
@click.option("--credential", metavar="NAME", help="Name of a secret; docs/feeds.md says where.")
@wait_option
def add_feeds(
    urls: tuple[str, ...],
    lake: Path,
    outlet: str | None,
    title: str | None,
    credential: str | None,
    wait: float,
) -> None:
    """Add feeds to the lake's list. What stands there already stays as it is.

    Example: wiretrace feeds add --lake LAKE https://example.org/rss
    """
    from transforms.feeds.feed_list import Feed, check_feed

    added = [
        check_feed(Feed(url=url, outlet=outlet, title=title, credential=credential)) for url in urls
    ]
    before, after = _change(lake, wait, lambda known: known.plus(added))
    click.echo(f"{after - before} added, {len(added) - (after - before)} were there; {after} feeds")


@command.command("remove")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@lake_option
@wait_option
def remove_feeds(urls: tuple[str, ...], lake: Path, wait: float) -> None:
    """Take feeds off the lake's list. Their articles stay.

    Example: wiretrace feeds remove --lake LAKE https://example.org/rss
    """
    gone = {url.strip() for url in urls}

    def without(known: Any) -> Any:
        from dataclasses import replace

        absent = gone - {feed.url for feed in known.feeds}
        if absent:
            raise click.UsageError(
                f"not in the list: {', '.join(sorted(absent))}; see `wiretrace feeds list`"
            )
        return replace(known, feeds=tuple(f for f in known.feeds if f.url not in gone))

    before, after = _change(lake, wait, without)
    click.echo(f"{before - after} removed; {after} feeds")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@lake_option
@wait_option
def import_feeds(file: Path, lake: Path, wait: float) -> None:
    """Add the feeds of an OPML or TOML list. Of a TOML list its `[polling]` is not taken over.

    Example: wiretrace feeds import --lake LAKE subscriptions.opml
    """
    found = read_list_file(str(file))
    for sentence in found.refused:
        click.echo(f"left out: {sentence}", err=True)
    before, after = _change(lake, wait, lambda known: known.plus(found.feeds))
    added = after - before
    click.echo(f"{added} added, {len(found.feeds) - added} were there; {after} feeds")
    sys.exit(3 if found.refused else 0)


@command.command("export")
@lake_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["opml", "toml"]),
    default="opml",
    help="OPML for other readers, TOML with everything.",
)
def export_feeds(lake: Path, form: str) -> None:
    """Print the list.

    Example: wiretrace feeds export --lake LAKE > subscriptions.opml
    """
    from pipeline.feed_state import read_feeds
    from transforms.feeds.feed_list import write_opml, write_toml

    known = read_feeds(lake)
    if form == "opml":
        click.echo(write_opml(known.feeds).decode(), nl=False)
    else:
        click.echo(write_toml(known), nl=False)


@command.command("check")
@click.argument("urls", nargs=-1, metavar="[URL…]")
@lake_option
@allow_host_option
@json_option
def check_feeds(
    urls: tuple[str, ...], lake: Path, allow_host: tuple[str, ...], as_json: bool
) -> None:
    """Ask feeds now, all of the list or those named, and say what they answer; nothing is stored.

    Leaves with 3 if one of them fails.

    Example: wiretrace feeds check --lake LAKE https://example.org/rss
    """
    silence_beam_import()
    from pipeline.check_feeds import check
    from pipeline.cli import output
    from pipeline.feed_state import read_feeds
    from transforms.feeds.feed_list import BadFeedList, Feed, check_feed_url

    known = read_feeds(lake)
    listed = {feed.url: feed for feed in known.feeds}
    try:
        named = [listed.get(url.strip()) or Feed(url=check_feed_url(url)) for url in urls]
    except BadFeedList as error:
        raise click.UsageError(str(error)) from None
    rows = check(tuple(named) or known.feeds, allow_hosts(known.polling, allow_host))
    if as_json:
        output.print_json(rows)
    else:
        output.print_table(_CHECKED, [[row[name] for name in _CHECKED] for row in rows])
    sys.exit(3 if any(row["result"] != "ok" for row in rows) else 0)


def _short(value: Any) -> Any:
    """A cell for people: minutes are enough, counts stand behind what they count."""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return value


def _change(lake: Path, wait: float, change: Callable[[Any], Any]) -> tuple[int, int]:
    """Rewrite the list; the numbers of feeds before and after."""
    from pipeline.feed_state import change_feeds

    return change_feeds(lake, change, wait_seconds=wait)
