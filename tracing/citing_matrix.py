"""Who cites whom, counted: rows are the citing side, columns the agencies and outlets cited.

Only what credits counts (`CREDITING`), of an article its current version. In a cell an article
counts once, whatever it says how often, and copies of one text count once (`copy_families`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from schemas.citation import CREDITING
from tracing.country import country_of

_KINDS = ", ".join(f"'{kind}'" for kind in CREDITING)
# By what rows may be told, as SQL over `articles_now` and `countries`.
BY = {"language": "articles_now.language", "outlet": "articles_now.outlet", "country": "country"}
_CELLS = f"""
    WITH countries AS (SELECT unnest($outlets) AS outlet, unnest($countries) AS country)
    SELECT {{row}} AS citing, agency,
           count(DISTINCT coalesce(copy_id, current_article_id)) AS articles,
           max(effective_embargoed) FILTER (effective_embargoed > $now) AS embargoed_until
    FROM citations
    JOIN articles_now USING (version_id)
    JOIN countries ON countries.outlet = articles_now.outlet
    LEFT JOIN copy_families ON copy_families.article_id = current_article_id
    WHERE is_current AND citations.kind IN ({_KINDS})
      AND NOT list_contains($unseen, current_article_id)
      AND ($agency IS NULL OR agency = $agency)
      AND ($outlet IS NULL OR articles_now.outlet = $outlet)
    GROUP BY ALL ORDER BY citing, articles DESC, agency
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many articles of a row credit an agency; until when the last of them is under embargo."""

    row: str
    agency: str
    articles: int
    embargoed_until: dt.datetime | None


def read_matrix(
    connection: duckdb.DuckDBPyConnection,
    by: str,
    agency: str | None,
    outlet: str | None,
    unseen: Sequence[str],
    now: dt.datetime,
) -> list[Cell]:
    """The cells that are not empty, by row, the most cited first; `by` is one of `BY`."""
    found = connection.execute("SELECT DISTINCT outlet FROM articles ORDER BY outlet").fetchall()
    outlets = [one for (one,) in found]
    parameters = {
        "outlets": outlets, "countries": [country_of(one) for one in outlets], "agency": agency,
        "outlet": outlet, "unseen": unseen, "now": now,
    }  # fmt: skip
    cells = connection.execute(_CELLS.format(row=BY[by]), parameters).fetchall()
    return [Cell(*cell) for cell in cells]
