"""`wiretrace story`: one story over outlets and languages, with what shows who has it from whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from tracing.harmless import strip_controls

if TYPE_CHECKING:
    from tracing.story_model import Story

# What a JSON line is, beside the story's own: the name of its list, in the singular.
_LISTS = {
    "parts": "part", "ties": "tie", "lines": "article", "cites": "cites", "derives": "derives",
    "copies": "copies", "updates": "updates", "dangling": "dangling",
    "missing_credit": "missing_credit", "languages": "language", "lags": "lag",
}  # fmt: skip


@click.command("story")
@click.argument("story")
@lake_option
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo, marked.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print a JSON object a line.")
def command(story: str, lake: Path, embargoed: bool, form: str | None) -> None:
    """Show one story: who published, credited, copied and updated what, and when it reached whom.

    STORY is a story's id, or that of an article in it (`wiretrace trace` shows both). Times are as
    claimed and as seen, kept apart; where a claim may be otherwise the reason stands beside it.
    Articles under embargo are left out until its end.

    Example: wiretrace story --lake LAKE 4efc51ed0c2b7a9e8d1f3a5b6c7d8e9f
    """
    load_pyarrow()
    from lake.tables import open_lake, snapshot
    from pipeline.cli import output
    from pipeline.cli.story_text import story_text
    from tracing.story import read_story

    now = dt.datetime.now(dt.UTC)
    asked = story.encode("utf-8", "replace").decode().strip()
    pinned = snapshot(open_lake(lake))
    found = read_story(pinned, asked, embargo_at=None if embargoed else now)
    if form == "json":
        output.print_json(asdict(found))
    elif form == "jsonl":
        for row in _rows(found):
            output.print_json(row)
    elif found.lines:
        for line in story_text(found, now):
            click.echo(strip_controls(line))
    output.print_left_out(found.left_out)


def _rows(story: Story) -> Iterator[dict[str, Any]]:
    """The story's own fields, then its lists, an item a row; `row` says what it is."""
    fields = asdict(story)
    lists = {name: fields.pop(name) for name in _LISTS}
    yield {"row": "story", **fields}
    for name, items in lists.items():
        for item in items:
            yield {"row": _LISTS[name], **item}
