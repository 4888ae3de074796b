"""`wiretrace export story`: one story as files that other programs open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow

if TYPE_CHECKING:
    from lake.tables import Snapshot
    from tracing.story_model import Story

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("story")
@click.argument("story")
@lake_option
@click.option("--html", type=_FILE, help="Write a page, for any browser, that loads nothing.")
@click.option("--csv", type=_FILE, help="Write a table of its articles and edges.")
@click.option("--graphml", type=_FILE, help="Write a graph, for Gephi, NetworkX or yEd.")
@click.option("--json", type=_FILE, help="Write all of it, as `wiretrace story --json`.")
@click.option("--jsonld", type=_FILE, help="Write it in the words of schema.org.")
@click.option("--rss", type=_FILE, help="Write a feed of its articles, the newest first.")
@click.option("--full-texts", is_flag=True, help="Whole texts on the page, too.")
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo, marked.")
def command(
    story: str, lake: Path, embargoed: bool, full_texts: bool, **files: Path | None
) -> None:
    """Write one story as files: headlines, outlets, times, addresses and evidence, no whole texts.

    STORY is a story's id, or that of an article in it. A file that is there is replaced. Articles
    under embargo are left out until its end. Texts remain their publishers': who puts a page with
    --full-texts where others read it needs their leave.

    Example: wiretrace export story 4efc51ed0c2b7a9e8d1f3a5b6c7d8e9f --lake LAKE --html story.html
    """
    wanted = {name: path for name, path in files.items() if path is not None}
    if not wanted:
        raise click.UsageError(f"give at least one of {', '.join(f'--{name}' for name in files)}")
    if len(set(wanted.values())) < len(wanted):
        raise click.UsageError("two formats in one file: give each its own")
    if full_texts and "html" not in wanted:
        raise click.UsageError("--full-texts is for --html")
    load_pyarrow()
    from lake.tables import open_lake, snapshot
    from pipeline.cli import output
    from pipeline.cli.write_whole import write_whole
    from tracing.story import read_story

    now = dt.datetime.now(dt.UTC)
    asked = story.encode("utf-8", "replace").decode().strip()
    pinned = snapshot(open_lake(lake))
    found = read_story(pinned, asked, embargo_at=None if embargoed else now)
    twins = _twins(now) | {
        "html": lambda found: page_for_disk(pinned, found, now, full_texts=full_texts)
    }
    texts = {path: twins[name](found) for name, path in wanted.items()}
    for path, text in texts.items():
        write_whole(path, text)
    output.print_left_out(found.left_out)


def page_for_disk(pinned: Snapshot, story: Story, now: dt.datetime, *, full_texts: bool) -> str:
    """The page of a story as one file, with whole texts or with the words of its edges only."""
    from tracing.page.links import Exported
    from tracing.page.story_page import story_page
    from tracing.story_texts import read_story_texts

    texts = read_story_texts(pinned, story, whole=full_texts)
    links = Exported({line.article_id for line in story.lines})
    return story_page(story, texts, links, now, full_texts=full_texts)


def _twins(now: dt.datetime) -> dict[str, Callable[[Story], str]]:
    """By option what makes the text of its file."""
    from tracing.twins.csv_rows import story_csv
    from tracing.twins.graphml import story_graphml
    from tracing.twins.jsonld import story_jsonld
    from tracing.twins.rss import story_rss
    from tracing.twins.story_json import story_json

    return {
        "csv": story_csv,
        "graphml": story_graphml,
        "json": story_json,
        "jsonld": story_jsonld,
        "rss": lambda story: story_rss(story, now),
    }
