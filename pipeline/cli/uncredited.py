"""`wiretrace uncredited`: which text of others an outlet carries without a word of whose it is."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.reading import EMBARGOED, embargoed_option, print_query

# Everything in doubt is left out, since each row is a claim about an outlet: whoever credits any
# agency, or names the other outlet or a source of it anywhere, in any version, is not in the list.
_QUERY = f"""
    WITH mine AS (
        SELECT current_article_id AS article_id, version_id,
               lower(concat_ws(' ', headline, description_text, body_text, byline, creditline,
                               dateline, ednote, slugline, provider, copyrightholder, usageterms,
                               array_to_string(authors, ' '))) AS words
        FROM articles_now WHERE outlet = $outlet
    ), cited AS (
        SELECT DISTINCT current_article_id AS article_id, agency, citations.kind
        FROM citations JOIN articles_now USING (version_id)
    ), crediting AS (
        SELECT article_id FROM cited WHERE kind = 'credit'
        UNION
        SELECT from_article_id FROM links_now WHERE credited
    ), carried AS (
        SELECT links_now.*, later.headline, later.published, later.effective_embargoed,
               substring(
                   CASE from_field WHEN 'body_text' THEN later.body_text
                                   ELSE later.description_text END,
                   longest_passage.from_start + 1,
                   longest_passage.from_end - longest_passage.from_start
               ) AS passage,
               earlier.outlet AS source, earlier.outlet_name AS source_name,
               earlier.headline AS source_headline, earlier.published AS source_published
        FROM (
            SELECT *, list_sort(list_transform(
                evidence,
                lambda one: {{'size': one.from_end - one.from_start, 'one': one}}
            ))[-1].one AS longest_passage
            FROM links_now
        ) AS links_now
        JOIN articles_now AS later ON later.version_id = from_version_id
        JOIN articles_now AS earlier ON earlier.version_id = to_version_id
        WHERE later.outlet = $outlet AND earlier.outlet <> $outlet
          AND links_now.kind IN ('reprint', 'embedded', 'excerpt')
          AND direction = 'likely' AND direction_reason = 'time'
          AND longest >= $run AND score >= $score
          AND NOT list_contains($unseen, from_article_id)
          AND NOT list_contains($unseen, to_article_id)
    ), uncredited AS (
        SELECT *, row_number() OVER (
            PARTITION BY from_article_id ORDER BY source_published, to_article_id
        ) AS place
        FROM carried
        WHERE from_article_id NOT IN (SELECT article_id FROM crediting)
          AND NOT EXISTS (
              FROM cited AS ours JOIN cited AS theirs USING (agency)
              WHERE ours.article_id = from_article_id AND theirs.article_id = to_article_id
          )
          AND NOT EXISTS (
              FROM mine
              WHERE mine.article_id = from_article_id
                AND (contains(words, lower(source_name))
                     OR contains(words, split_part(source, '.', 1))
                     OR contains(words, replace(split_part(source, '.', 1), '-', ' ')))
          )
    )
    SELECT published, headline, source, source_headline,
           date_diff('minute', source_published, published) / 60.0 AS hours_later,
           containment_from AS share_of_it, longest AS longest_run, passage,
           from_article_id AS article_id, to_article_id AS source_article_id,
           {EMBARGOED.replace("max(", "any_value(")}
    FROM uncredited WHERE place = 1
    GROUP BY ALL ORDER BY published, article_id
"""


@click.command("uncredited")
@click.option("--lake", required=True, type=click.Path(path_type=Path), help="Folder of the lake.")
@click.option("--outlet", required=True, help="Whose articles, such as example.org.")
@embargoed_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
def command(lake: Path, outlet: str, embargoed: bool, as_json: bool) -> None:
    """List an outlet's articles that have text of another's earlier one and name nobody for it.

    What is in doubt is left out: an article is not listed if it credits any agency, or names the
    other outlet or one of its sources anywhere, or if times do not tell who was first. A row says
    that the words stood there before, not that they were taken: both may have them from a source
    that the lake does not have, such as a press release.

    Example: wiretrace uncredited --lake LAKE --outlet example.org
    """
    from transforms.copies.thresholds import LIMITS

    parameters = {"outlet": outlet.lower(), **LIMITS["uncredited"]}
    print_query(lake, _QUERY, parameters, as_json=as_json, embargoed=embargoed)
