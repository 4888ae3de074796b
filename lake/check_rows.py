"""Whether the rows of an intact lake agree with each other and with the ledger."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

# Outcome and reason of the ledger entries in which `wiretrace forget` counts what it removed.
FORGOTTEN = "forgotten"
_REPORT = "report it; `wiretrace dump` of a backup shows what differs"
_SHOWN = 20

# What `transforms.citations.cite.provenance_text` makes of them.
_STATIONS = (
    "array_to_string(list_transform(provenance,"
    " lambda one: coalesce(nullif(one.name, ''), one.uri, '')), chr(10))"
)
# kind, table, and a query whose every row is one fault: a name and a sentence.
_FAULTS = (
    (
        "ledger",
        "runs",
        """SELECT run_id, format('{} items seen, but {} are accounted for', seen, total)
           FROM (SELECT *, new + revised + duplicate + control + rejected AS total FROM runs)
           WHERE seen <> total""",
    ),
    (
        "ledger",
        "runs",
        """WITH counted AS (
               SELECT run_id, count.outcome AS outcome, sum(count.items) AS items
               FROM (SELECT run_id, unnest(counts) AS count FROM runs) GROUP BY ALL)
           SELECT run_id, format('{} {} by source, but {} in all', c.items, outcome, l.items)
           FROM counted AS c JOIN ledger AS l USING (run_id, outcome) WHERE c.items <> l.items""",
    ),
    (
        "duplicate_version",
        "articles",
        """SELECT version_id, format('stands in {} rows', count(*))
           FROM articles GROUP BY version_id HAVING count(*) > 1""",
    ),
    (
        "unknown_version",
        "sightings",
        """SELECT DISTINCT version_id, 'is sighted but stands in no row of articles'
           FROM sightings ANTI JOIN articles USING (version_id)""",
    ),
    *(
        (
            "unknown_version",
            table,
            f"""SELECT DISTINCT version_id, 'has rows here but none in articles'
                FROM {table} ANTI JOIN articles USING (version_id)""",
        )
        for table in ("entities", "citations", "quotes", "facts")
    ),
    *(
        (
            "unknown_version",
            "links",
            f"""SELECT DISTINCT {side}, 'is linked but stands in no row of articles'
                FROM links ANTI JOIN articles ON articles.version_id = links.{side}""",
        )
        for side in ("from_version_id", "to_version_id")
    ),
    *(
        (
            "offset",
            "links",
            f"""SELECT {side}_version_id, format('has no {{}}[{{}}:{{}}] to show', {side}_field,
                                                 span.{side}_start, span.{side}_end)
                FROM (SELECT *, unnest(evidence) AS span FROM links) AS links
                JOIN articles ON articles.version_id = {side}_version_id
                WHERE NOT (0 <= span.{side}_start AND span.{side}_start < span.{side}_end
                           AND span.{side}_end <= length(
                               CASE {side}_field WHEN 'body_text' THEN body_text
                                                 WHEN 'description_text' THEN description_text
                               END))""",
        )
        for side in ("from", "to")
    ),
    *(
        (
            "offset",
            table,
            f"""SELECT version_id, format('{{}}[{{}}:{{}}] is not what the row says', field,
                                          start, "end")
                FROM {table} JOIN articles USING (version_id)
                WHERE substring(CASE field WHEN 'headline' THEN headline
                                           WHEN 'description_text' THEN description_text
                                           WHEN 'dateline' THEN dateline
                                           WHEN 'byline' THEN byline
                                           WHEN 'creditline' THEN creditline
                                           WHEN 'provenance' THEN {_STATIONS}
                                           WHEN 'body_text' THEN body_text END,
                                start + 1, "end" - start) IS DISTINCT FROM {words}""",
        )
        for table, words in (
            ("entities", "surface"),
            ("citations", "surface"),
            ("quotes", "text"),
            ("facts", "surface"),
        )
    ),
    (
        "unknown_article",
        "story_members",
        """SELECT DISTINCT article_id, 'is in a story but in no row of articles'
           FROM story_members ANTI JOIN articles USING (article_id)""",
    ),
    (
        "unexplained_move",
        "story_members",
        """SELECT article_id, format('{} {} in run {} after {}', op, story_id, run_id,
                                     coalesce(last_op || ' ' || last_story, 'nothing'))
           FROM (
               SELECT *, lag(op) OVER told AS last_op, lag(story_id) OVER told AS last_story
               FROM story_members
               WINDOW told AS (PARTITION BY article_id ORDER BY sequence, op DESC)
           )
           WHERE CASE op WHEN 'join' THEN last_op = 'join'
                         ELSE last_op IS DISTINCT FROM 'join' OR last_story <> story_id END""",
    ),
    (
        "unfounded_story",
        "story_members",
        """SELECT story_id, 'began without an article that founded it'
           FROM (
               SELECT *, min(sequence) OVER (PARTITION BY story_id) AS first_sequence
               FROM story_members
           )
           -- Whoever founded it may be forgotten.
           WHERE sequence = first_sequence AND 'forget' NOT IN (SELECT command FROM runs)
           GROUP BY story_id HAVING NOT bool_or(op = 'join' AND reason = 'founds')""",
    ),
    *(
        (
            "unknown_story",
            "story_aliases",
            f"""SELECT DISTINCT {side}, 'is an alias but no story has that id'
                FROM story_aliases
                WHERE {side} NOT IN (SELECT story_id FROM story_members)""",
        )
        for side in ("story_id", "alias_of")
    ),
)
_ROWS_OF_LEDGER = f"""
    SELECT (SELECT count(*) FROM articles),
           (SELECT coalesce(sum(new + revised), 0) FROM runs),
           (SELECT coalesce(sum(count.items), 0)
            FROM (SELECT unnest(counts) AS count FROM runs WHERE command = 'forget')
            WHERE count.outcome = '{FORGOTTEN}' AND count.reason = 'articles')"""


def check_rows(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[str, str, str, str]]:
    """Faults as (kind, table, message, remedy); at most 20 of one kind are named.

    The files must be intact: DuckDB does not verify page checksums.
    """
    for kind, table, sql in _FAULTS:
        for name, sentence in connection.sql(f"{sql} LIMIT {_SHOWN}").fetchall():
            yield kind, table, f"{name} {sentence}", _REPORT
    yield from _check_ledger_against_rows(connection)


def _check_ledger_against_rows(
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[str, str, str, str]]:
    [(rows, written, forgotten)] = connection.sql(_ROWS_OF_LEDGER).fetchall()
    if rows != written - forgotten:
        message = f"{rows} rows, but runs wrote {written} and forgot {forgotten}"
        yield "outcomes", "articles", message, _REPORT
