"""Where a person, place or organization is named, and the other ids a person is written under."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from tracing.spellings import Bearer, Joined, Near, find_alike, find_joined, names_of

# A person's id, the scheme taken off, is a name: `name:` as it is written, `person:` in English.
_SCHEMES = ("name:", "person:")
# Consonants that every orthography writes with one letter, of the last word of a name: what may be
# a spelling of it has the same. Only that is asked of all ids; `may_be_one` judges the rest.
_ROW_OF = """
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        translate(
            regexp_extract({name}, '(?:ال)?([^: -]+)$', 1), 'лмнрбпдpلمنربپد', 'lmnrbbdblmnrbbd'
        ),
    '[^lmnrbd]', '', 'g'), 'l+', 'l', 'g'), 'm+', 'm', 'g'), 'n+', 'n', 'g'), 'r+', 'r', 'g')
"""
_ROWS = """
    SELECT entity_id, kind, articles_now.outlet, articles_now.language,
           list_sort(list_distinct(list(surface))) AS written,
           count(DISTINCT articles_now.current_article_id) AS articles, count(*) AS mentions,
           min(coalesce(published, first_seen)) AS first,
           max(coalesce(published, first_seen)) AS last,
           max(effective_embargoed) FILTER (effective_embargoed > $now) AS embargoed_until
    FROM entities JOIN articles_now USING (version_id)
    WHERE is_current AND NOT list_contains($unseen, articles_now.current_article_id)
          AND list_contains($ids, entity_id)
    GROUP BY ALL ORDER BY entity_id, articles DESC, outlet
"""
_ASKED = """
    SELECT DISTINCT entity_id, kind FROM entities
    WHERE (entity_id = $name OR lower(surface) = lower($name::VARCHAR)) AND entity_id IS NOT NULL
          AND NOT list_contains($unseen, article_id)
"""
_CANDIDATES = f"""
    SELECT entity_id FROM (
        SELECT DISTINCT entity_id FROM entities
        WHERE kind = 'person' AND NOT list_contains($ids, entity_id)
              AND (starts_with(entity_id, 'name:') OR starts_with(entity_id, 'person:'))
    ) WHERE {_ROW_OF.format(name="entity_id")} IN (
        SELECT {_ROW_OF.format(name="one")} FROM (SELECT unnest($names) AS one)
    )
"""
_NAMING = """
    CREATE OR REPLACE TEMP TABLE naming AS
    SELECT entity_id, version_id, min(kind) AS kind,
           min(articles_now.current_article_id) AS article
    FROM entities JOIN articles_now USING (version_id)
    WHERE is_current AND list_contains($ids, entity_id)
          AND NOT list_contains($unseen, articles_now.current_article_id)
    GROUP BY ALL
"""
_ARTICLES = "SELECT entity_id, list(article) FROM naming GROUP BY ALL"
_AROUND = """
    CREATE OR REPLACE TEMP TABLE around AS
    SELECT naming.entity_id AS bearer, entities.entity_id, min(entities.kind) AS kind,
           count(DISTINCT version_id) AS articles
    FROM naming JOIN entities USING (version_id)
    WHERE entities.entity_id IS NOT NULL AND NOT list_contains($ids, entities.entity_id)
    GROUP BY ALL
"""
_BEARERS = "SELECT bearer, entity_id, kind, articles FROM around"
# One version of an article is current: to count versions is to count articles.
_NAMED_IN = """
    SELECT entity_id, count(DISTINCT version_id)
    FROM entities JOIN articles_now USING (version_id)
    WHERE is_current AND entity_id IN (SELECT entity_id FROM around)
          AND NOT list_contains($unseen, articles_now.current_article_id)
    GROUP BY ALL
"""
_TOTAL = """
    SELECT count(*) FROM articles_now
    WHERE is_current AND NOT list_contains($unseen, current_article_id)
"""


def read_entity(
    connection: duckdb.DuckDBPyConnection, name: str, unseen: Sequence[str], now: dt.datetime
) -> list[dict[str, Any]]:
    """A row per id, outlet and language that bears `name` or has it for an id; `joined` last.

    `joined` is None for what was asked, else why a person's other id is taken for the same.
    """
    name = name.encode("utf-8", "replace").decode("utf-8")  # a broken argument names nobody
    asked = connection.execute(_ASKED, {"name": name, "unseen": unseen}).fetchall()
    ids = sorted({entity_id for entity_id, _ in asked})
    people = sorted({one for one, kind in asked if kind == "person" and one.startswith(_SCHEMES)})
    joined = {one.entity_id: one for one in _joined(connection, people, ids, unseen)}
    parameters = {"ids": [*ids, *joined], "unseen": unseen, "now": now}
    result = connection.execute(_ROWS, parameters)
    columns = [column[0] for column in result.description]
    rows = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
    rows.sort(key=lambda row: row["entity_id"] in joined)
    return [row | {"joined": joined.get(row["entity_id"])} for row in rows]


def _joined(
    connection: duckdb.DuckDBPyConnection, people: list[str], ids: list[str], unseen: Sequence[str]
) -> list[Joined]:
    """What else the people asked for are written as, with the reasons."""
    names = names_of(people)
    flat = [name for one in people for name in names[one]]
    found = connection.execute(_CANDIDATES, {"ids": ids, "names": flat}).fetchall() if flat else []
    others = names_of(one for (one,) in found)
    alike = find_alike({one: names[one] for one in people}, others)
    if not alike:
        return []
    of_ids = {"ids": [*names, *alike]}
    connection.execute(_NAMING, of_ids | {"unseen": unseen})
    connection.execute(_AROUND, of_ids)
    bearers = _bearers(connection, names | others)
    named_in = dict(connection.execute(_NAMED_IN, {"unseen": unseen}).fetchall())
    (total,) = connection.execute(_TOTAL, {"unseen": unseen}).fetchall()[0]
    return find_joined(
        [bearer for bearer in bearers if bearer.entity_id in names],
        [bearer for bearer in bearers if bearer.entity_id in alike],
        named_in,
        total,
    )


def _bearers(
    connection: duckdb.DuckDBPyConnection, names: Mapping[str, tuple[str, ...]]
) -> list[Bearer]:
    articles = dict(connection.execute(_ARTICLES).fetchall())
    around: dict[str, dict[str, Near]] = defaultdict(dict)
    for bearer, other, kind, count in connection.execute(_BEARERS).fetchall():
        around[bearer][other] = Near(kind, count)
    return [
        Bearer(one, names[one], frozenset(articles[one]), around[one]) for one in sorted(articles)
    ]
