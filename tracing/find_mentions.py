"""The newest articles that name an entity or have a quotation, by its id or key.

No index leads from these to articles: rows are looked through from the newest day back, until there
are enough.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection

import pyarrow.compute as pc

from lake.current import rows_of
from lake.data_file import DataFile
from lake.tables import Snapshot
from schemas.article import is_notice
from tracing.find_articles import ARTICLE_COLUMNS, MOST_HITS, Asked, Row
from tracing.trace_model import Reason

# As in docs/entities.md.
_ENTITY_ID = re.compile(r"(?:iso3166|geonames|agency|org|person|name):\S+")
# Days that are read at once.
_DAYS_AT_ONCE = 8


def is_entity_id(text: str) -> bool:
    """Whether it has the form of an entity's id."""
    return _ENTITY_ID.fullmatch(text) is not None


def by_entity(pinned: Snapshot, entity_id: str, unseen: Collection[str]) -> Asked:
    """The newest articles that name an entity."""
    return _newest(
        pinned, "entities", "entity_id", entity_id, Reason("entity", what=(entity_id,)), unseen
    )


def by_quote(pinned: Snapshot, quote_key: str, unseen: Collection[str]) -> Asked:
    """The newest articles that have a quotation."""
    return _newest(
        pinned, "quotes", "quote_key", quote_key, Reason("quote", what=(quote_key,)), unseen
    )


def _newest(
    pinned: Snapshot, table: str, column: str, value: str, why: Reason, unseen: Collection[str]
) -> Asked:
    files: dict[str, list[DataFile]] = defaultdict(list)
    for file in pinned.files(table):
        files[file.partition["date"]].append(file)
    days = sorted(files, reverse=True)
    met: dict[str, Row] = {}
    for at in range(0, len(days), _DAYS_AT_ONCE):
        some = [file for day in days[at : at + _DAYS_AT_ONCE] for file in files[day]]
        columns = ["article_id", "version_id", "date"]
        found = pinned.read(table, columns, pc.field(column) == value, some).to_pylist()
        met |= {row["version_id"]: row for row in found}
        if len({row["article_id"] for row in met.values()} - set(unseen)) >= MOST_HITS:
            break
    left_out = {row["article_id"] for row in met.values()} & set(unseen)
    seen = {version: row for version, row in met.items() if row["article_id"] not in unseen}
    found = rows_of(pinned, "articles", ARTICLE_COLUMNS, seen).to_pylist()
    newest = sorted((row for row in found if not is_notice(row)), key=_age)
    articles = list(dict.fromkeys(row["article_id"] for row in newest))[:MOST_HITS]
    rows = {row["version_id"]: row for row in newest if row["article_id"] in articles}
    return Asked(rows, dict.fromkeys(rows, why), frozenset(left_out))


def _age(row: Row) -> tuple[dt.timedelta, str]:
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return latest - (row["published"] or row["first_seen"]), row["version_id"]
