"""`wiretrace quotes`: who is quoted with what, who else carries the same words, how they travel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.lake_option import lake_option
from pipeline.cli.load_pyarrow import load_pyarrow
from pipeline.cli.reading import EMBARGOED, SEEN, embargoed_option, pin, print_query
from tracing.harmless import minute, strip_controls

if TYPE_CHECKING:
    from tracing.quote_occurrences import Credited, Occurrence
    from tracing.quote_travels import Travel
    from transforms.quotes.variants import Piece

_QUERY = f"""
    WITH now AS (
        SELECT quotes.*, outlet, articles_now.language, current_article_id,
               coalesce(published, first_seen) AS moment, effective_embargoed
        FROM quotes JOIN articles_now USING (version_id) WHERE is_current AND {SEEN}
    )
    SELECT min(speaker) AS speaker, arg_min("text", moment) AS "text",
           list_sort(list_distinct(list(outlet))) AS outlets, language,
           count(DISTINCT current_article_id) AS articles, min(moment) AS first, quote_key,
           {EMBARGOED}
    FROM now
    WHERE ($speaker IS NULL OR contains(lower(speaker), lower($speaker::VARCHAR))
           OR speaker_entity_id = $speaker)
      AND ($words IS NULL OR contains(lower("text"), lower($words::VARCHAR)) OR quote_key = $words)
    GROUP BY quote_key, language ORDER BY first, quote_key
"""


# Marks of `git diff --word-diff`, as in `wiretrace diff`.
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command("quotes")
@click.argument("words", required=False)
@lake_option
@click.option("--speaker", help="Only of this speaker: a part of the name, or an id.")
@click.option("--travels", is_flag=True, help="Every place by time, and how the words changed.")
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(
    words: str | None,
    lake: Path,
    speaker: str | None,
    travels: bool,
    embargoed: bool,
    as_json: bool,
) -> None:
    """List quotations, the same words once, with the outlets that carry them.

    WORDS are a part of the quotation, or its `quote_key`. Words are the same whatever the
    punctuation; translations are other words.

    With --travels each place of it by time, with whom the article credits. In the same stories:
    variants, with [-words only in the first-] and {+only in the variant+}; and what the same
    speaker says there in other languages, which may be the same or not.

    Example: wiretrace quotes --lake LAKE --speaker Lavrov
    """
    if travels:
        if not words:
            raise click.UsageError("--travels follows a quotation: give words of it, or its key")
        _print_travels(lake, words, speaker, embargoed=embargoed, as_json=as_json)
        return
    print_query(
        lake, _QUERY, {"words": words, "speaker": speaker}, as_json=as_json, embargoed=embargoed
    )


def _print_travels(
    lake: Path, words: str, speaker: str | None, *, embargoed: bool, as_json: bool
) -> None:
    load_pyarrow()
    from lake.views import connect
    from pipeline.cli import output
    from tracing.quote_travels import find_travels

    now = dt.datetime.now(dt.UTC)
    pinned, unseen = pin(lake, now, embargoed=embargoed)
    with connect(pinned) as connection:
        found = find_travels(connection, pinned, words, speaker, sorted(unseen))
    if as_json:
        output.print_json([asdict(travel) for travel in found.travels])
    else:
        for travel in found.travels:
            for line in _lines(travel, now):
                click.echo(strip_controls(line))
    if not found.travels:
        click.echo("nothing found", err=True)
    if found.more:
        click.echo(f"{found.more} later ones have these words too; give more of them", err=True)
    output.print_left_out(len(unseen))


def _lines(travel: Travel, now: dt.datetime) -> Iterator[str]:
    yield f"“{travel.text}”  {travel.language}  {travel.quote_key}"
    yield from _places(travel.occurrences, now)
    for changed in travel.variants:
        words = _word_diff(changed.variant.pieces)
        yield f"  {changed.variant.kind}: “{words}”  {changed.quote_key}"
        yield from _places(changed.occurrences, now)
    for other in travel.translated:
        yield f"  translated?  “{other.text}”  {other.language}  {other.quote_key}"
        yield from _places(other.occurrences, now)


def _word_diff(pieces: tuple[Piece, ...]) -> str:
    marked = ((piece.text, *_MARKS[piece.kind]) for piece in pieces)
    return " ".join(f"{opened}{text}{closed}" for text, opened, closed in marked)


def _places(places: tuple[Occurrence, ...], now: dt.datetime) -> Iterator[str]:
    from pipeline.cli.output import embargo_marks

    for one in places:
        time = minute(one.published) if one.published else "no date claimed"
        speaker = f"said by {one.speaker}" if one.speaker else "speaker not stated"
        marks = [] if one.pubstatus == "usable" else [f"[{one.pubstatus}]"]
        marks += embargo_marks(one.embargoed, now, is_open=one.is_embargo_open)
        yield "    " + "  ".join((time, one.outlet, one.language, *marks, speaker))
        yield f"        {one.article_id}  {one.field}[{one.start}:{one.end}]"
        for credited in one.credits:
            yield f"        {_credit(credited)}"


def _credit(credited: Credited) -> str:
    where = "beside it" if credited.is_near else "in the article"
    return f"{credited.kind} {where}: {credited.agency} “{credited.phrase}”"
