"""`wiretrace quotes`: who is quoted with what, and who else carries the same words."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.reading import EMBARGOED, SEEN, embargoed_option, print_query

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


@click.command("quotes")
@click.argument("words", required=False)
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--speaker", help="Only of this speaker: a part of the name, or an id.")
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(
    words: str | None, lake: Path, speaker: str | None, embargoed: bool, as_json: bool
) -> None:
    """List quotations, the same words once, with the outlets that carry them.

    WORDS are a part of the quotation, or its `quote_key`. Words are the same whatever the
    punctuation; translations are other words.

    Example: wiretrace quotes --lake LAKE --speaker Lavrov
    """
    print_query(
        lake, _QUERY, {"words": words, "speaker": speaker}, as_json=as_json, embargoed=embargoed
    )
