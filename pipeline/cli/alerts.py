"""`wiretrace alerts`: what changed in stories since a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import embargoed_option, pin
from tracing.harmless import minute, strip_controls

if TYPE_CHECKING:
    from tracing.alert import Alert


@click.command("alerts")
@lake_option
@click.option(
    "--since", metavar="RUN", help="What came after this run, by id or sequence, or time."
)
@click.option("--story", "stories", multiple=True, help="Only this story; may be repeated.")
@embargoed_option
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print a JSON object a line.")
def command(
    lake: Path, since: str | None, stories: tuple[str, ...], embargoed: bool, form: str | None
) -> None:
    """Show what changed in stories: who joined, what became one, what was corrected or killed.

    Without --since, what the newest run that took something in changed. A story that is new is told
    once two outlets have it. Of a text that was killed or corrected, who still carries it is named.
    A time is UTC where it names no zone.

    Example: wiretrace alerts --lake LAKE --since 2024-05-01T06:00
    """
    load_pyarrow()
    from pipeline.cli import output
    from tracing.find_alerts import find_alerts
    from tracing.since import find_since

    now = dt.datetime.now(dt.UTC)
    pinned, unseen = pin(lake, now, embargoed=embargoed)
    after = find_since(pinned, since)
    found = find_alerts(pinned, after, stories, unseen)
    rows = [asdict(one) for one in found.alerts]
    if form == "json":
        output.print_json({"since": after.sequence, "sequence": pinned.sequence, "alerts": rows})
    elif form == "jsonl":
        for row in rows:
            output.print_json(row)
    else:
        for one in found.alerts:
            for line in _lines(one, now):
                click.echo(strip_controls(line))
    if not rows:
        click.echo(f"nothing changed in stories after run {after.sequence}", err=True)
    output.print_left_out(found.left_out)


def _lines(one: Alert, now: dt.datetime) -> Iterator[str]:
    from pipeline.cli.output import embargo_marks

    time = minute(one.time) if one.time else "no date claimed"
    marks = embargo_marks(one.embargoed, now, is_open=one.is_embargo_open)
    yield "  ".join((one.kind, time, one.outlet, one.language, *marks, one.headline or ""))
    count = "1 outlet" if one.outlets == 1 else f"{one.outlets} outlets"
    yield f"    story {one.story_id} ({count})  article {one.article_id}  run {one.run_id}"
    if one.from_story_id:
        yield f"    from story {one.from_story_id}: {one.reason}"
    for carrier in one.still_carried_by:
        yield f"    still carried by {carrier.outlet}: {carrier.article_id}"
