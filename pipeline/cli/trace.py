"""`wiretrace trace`: who published what about one thing, by time, with the words as evidence."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from tracing.harmless import minute, strip_controls

_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_WHY = {
    "asked": "what you asked for",
    "words": "holds your words: {what}",
    "entity": "names {what}",
    "quote": "has the quotation {what}",
    "story": "in story {what}",
    "same_text": "the same text",
    "take": "another take of it: {what}",
    "cited": "cited there as {what}",
    "cites": "cites it as {what}",
    "same_agency": "credits {what} too",
    "names": "names the same: {what}",
}


@click.command("trace")
@click.argument("what")
@lake_option
@click.option("--since", type=_TIME, help="Nothing older; UTC.")
@click.option("--until", type=_TIME, help="Nothing younger; UTC, a day without time in full.")
@click.option("--lang", "languages", multiple=True, help="Only this language; may be repeated.")
@click.option("--outlet", "outlets", multiple=True, help="Only this outlet; may be repeated.")
@click.option("--embargoed", is_flag=True, help="Also what is still under embargo, marked.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print a JSON object a line.")
def command(
    what: str,
    lake: Path,
    since: dt.datetime | None,
    until: dt.datetime | None,
    languages: tuple[str, ...],
    outlets: tuple[str, ...],
    embargoed: bool,
    form: str | None,
) -> None:
    """Show an article's relatives by time: its story, copies, whom it cites, who cites it.

    WHAT is an article's id, its address, or words of it; `-` reads words from stdin, and the name
    of a file reads that. Or a story's id; or, for the newest 20 articles that have it, an entity's
    (`person:sergei-lavrov`) or a quotation's key. Times are as claimed and as seen, kept apart.
    Articles under embargo are left out until its end; tests and messages to editors are shown only
    by their id or address.

    Example: wiretrace trace --lake LAKE "Lavrov Mali Wagner"
    """
    load_pyarrow()
    from lake.tables import open_lake, snapshot
    from pipeline.cli import output
    from tracing.find_articles import is_article_id
    from tracing.trace import Filters, trace

    pinned = snapshot(open_lake(lake))
    asked = _read(what)
    filters = Filters(_utc(since), _end_of(until), frozenset(languages), frozenset(outlets))
    url = None if is_article_id(asked) else _normalized(asked)
    now = dt.datetime.now(dt.UTC)
    found = trace(pinned, asked, url, filters, embargo_at=None if embargoed else now)
    if form is None:
        print_trace(found, now)
    else:
        _print_json(found, lines=form == "jsonl")
    output.print_left_out(found.left_out)
    if not found.lines and not found.left_out:
        click.echo("nothing found; try fewer or rarer words, or an address", err=True)


def _read(what: str) -> str:
    if what == "-":
        return sys.stdin.read().strip()
    path = Path(what)
    try:
        return path.read_text("utf-8", "replace").strip() if path.is_file() else what.strip()
    except OSError:  # a text too long for a file's name
        return what.strip()


def _normalized(text: str) -> str | None:
    """The text's normalized form if it is an address, else None."""
    if not text.startswith(("http://", "https://")) or " " in text:
        return None
    from transforms.urls import normalize_url

    return normalize_url(text) or text


def _utc(time: dt.datetime | None) -> dt.datetime | None:
    return None if time is None else time.replace(tzinfo=dt.UTC)


def _end_of(time: dt.datetime | None) -> dt.datetime | None:
    whole_day = time is not None and time.time() == dt.time()
    return _utc(time + dt.timedelta(days=1, microseconds=-1) if time and whole_day else time)


def print_trace(found: Any, now: dt.datetime) -> None:
    """A `tracing.trace_model.Trace` for people, who read it `now`."""
    from tracing.line_marks import marks_of

    by_id = {line.article_id: line for line in found.lines}
    for line in found.lines:
        claimed = "no date claimed     " if line.published is None else minute(line.published)
        head = (claimed, line.outlet, line.language, *marks_of(line, now), line.headline or "")
        click.echo(strip_controls("  ".join(head)))
        click.echo(f"    {line.article_id}  seen {minute(line.first_seen)}")
        for credit in line.credits:
            if credit.kind != "mention":
                click.echo(strip_controls(f"    {_credit(credit, by_id)}"))
        for one in line.unreached:
            click.echo(strip_controls(f"    still has text that {one.outlet} has {one.what}"))
        for why in dict.fromkeys(_reason(reason) for reason in line.reasons):
            click.echo(strip_controls(f"    {why}"))


def _credit(credit: Any, lines: dict[str, Any]) -> str:
    """Whom an article credits, with its words, and which article of the lake that means."""
    outlets = sorted({lines[one].outlet for one in credit.cited if one in lines})
    meant = f"→ {', '.join(outlets)}" if outlets else "→ dangling: no article of it here that fits"
    return f"{credit.kind}: {credit.agency} “{credit.phrase}” {meant}"


def _reason(reason: Any) -> str:
    names = [evidence.text for evidence in reason.evidence] if reason.by == "names" else reason.what
    score = "" if reason.score is None else f" (score {reason.score:.2f})"
    return "because: " + _WHY[reason.by].format(what=", ".join(dict.fromkeys(names))) + score


def _print_json(found: Any, *, lines: bool) -> None:
    from pipeline.cli.output import print_json

    rows = [asdict(line) for line in found.lines]
    if not lines:
        print_json({"asked": found.asked, "sequence": found.sequence, "lines": rows})
    for row in rows if lines else ():
        print_json(row)
