"""An entity: how it is written, which articles name it, and beside whom.

No index leads from an entity to its articles. Its mentions are looked through from the newest day
back, until there are enough; what is counted is counted on these days.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow.compute as pc

from lake.current import family_of, whole_rows
from lake.data_file import DataFile
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from lake.where import is_any
from tracing.as_text import as_text
from tracing.count_credits import most_first, tellers_of
from tracing.day_tallies import files_by_day
from tracing.entity_model import EntityPage, NamingArticle, Spelling
from tracing.find_credits import words_of
from tracing.listed import list_articles
from tracing.missing import missing_tables
from tracing.newest_articles import newest_articles
from tracing.spellings import Joined

# Enough articles, and days that are looked through at once.
_ENOUGH, _DAYS_AT_ONCE = 500, 16
_MOST_LISTED, _MOST_TOGETHER = 50, 30
# Mentions among which other spellings of a person are looked for.
_MOST_COMPARED = 100_000
_PERSON = ("name:", "person:")
_COLUMNS = [
    "article_id", "version_id", "date", "kind", "field", "start", "end", "surface",
]  # fmt: skip
# What `articles_now` decides by, without the texts.
_DECIDING = [
    "article_id", "version_id", "version_stated", "outlet", "language", "uri", "guid", "pubstatus",
    "signals", "published", "versioncreated", "embargoed", "first_seen", "word_count", "run_id",
    "date",
]  # fmt: skip
# Until when articles are under embargo is not asked here.
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
Files = Mapping[dt.date, Sequence[DataFile]]
Row = dict[str, Any]


class NoSuchEntity(Exception):
    """An id that no article has which may be seen."""

    exit_code = 2


def read_entity_page(
    pinned: Snapshot, entity_id: str, *, embargo_at: dt.datetime | None
) -> EntityPage:
    """An entity by its id, as `entities.entity_id` has it.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchEntity: no article names it.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    entity_id = as_text(entity_id)
    days, rows = _mentions(pinned, entity_id, unseen)
    if not rows:
        raise NoSuchEntity(
            f"no article names {entity_id[:200]!r} in {pinned.lake.root};"
            " `wiretrace entity NAME` finds ids by names"
        )
    named = {row["date"] for row in rows}
    files = {day: some for day, some in files_by_day(pinned, "articles").items() if day in named}
    ids = {row["article_id"] for row in rows}
    tellers = tellers_of(pinned, files, ids)
    newest = tuple(_newest(pinned, files, rows))
    stories = Counter(one.article.story_id for one in newest if one.article.story_id)
    spelled = {(row["surface"], row["article_id"]) for row in rows if row["article_id"] in tellers}
    written = Counter((tellers[id_].language, surface) for surface, id_ in spelled)
    return EntityPage(
        sequence=pinned.sequence,
        entity_id=entity_id,
        kind=Counter(row["kind"] for row in rows).most_common(1)[0][0],
        articles=len(ids),
        spellings=tuple(
            Spelling(language, surface, articles)
            for (language, surface), articles in sorted(
                written.items(), key=lambda one: (-one[1], one[0])
            )
        ),
        outlets=most_first(Counter(one.outlet for one in tellers.values())),
        languages=most_first(Counter(one.language for one in tellers.values())),
        together=most_first(_together(pinned, entity_id, named, ids))[:_MOST_TOGETHER],
        newest=newest,
        stories=most_first(stories),
        joined=tuple(_joined(pinned, entity_id, unseen)),
        since=min(days) if min(days) > min(files_by_day(pinned, "entities")) else None,
        missing=missing_tables(pinned, "articles", "entities", "story_members"),
        left_out=len(unseen),
    )


def _mentions(
    pinned: Snapshot, entity_id: str, unseen: Collection[str]
) -> tuple[list[dt.date], list[Row]]:
    """The days that were looked through, the newest first, and the mentions on them."""
    files = files_by_day(pinned, "entities")
    left = iter(sorted(files, reverse=True))
    days: list[dt.date] = []
    found: list[Row] = []
    is_it = pc.field("entity_id") == entity_id
    while some := list(islice(left, _DAYS_AT_ONCE)):
        days += some
        mine = [file for day in some for file in files[day]]
        rows = pinned.read("entities", _COLUMNS, is_it, mine).to_pylist()
        found += [row for row in rows if row["article_id"] not in unseen]
        if len({row["article_id"] for row in found}) >= _ENOUGH:
            break
    return days, found


def _newest(pinned: Snapshot, files: Files, rows: Sequence[Row]) -> Iterator[NamingArticle]:
    """The newest articles, each with the first mention."""
    first: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row["field"] != "headline", row["start"])):
        first.setdefault(row["article_id"], row)
    newest = newest_articles(pinned, files, _MOST_LISTED, where=is_any("article_id", first))
    for article in list_articles(pinned, {row["article_id"] for row in newest}).values():
        ids = [article.article_id, *sorted(family_of(pinned, [article.article_id]))]
        yield NamingArticle(article, words_of(next(first[one] for one in ids if one in first)))


def _together(
    pinned: Snapshot, entity_id: str, days: Collection[dt.date], article_ids: Collection[str]
) -> Mapping[str, int]:
    """How many of the articles name each other entity, too."""
    where = is_any("article_id", article_ids) & pc.field("entity_id").is_valid()
    columns = ["entity_id", "article_id"]
    rows = pinned.read("entities", columns, where, pinned.files_on("entities", days))
    counted = rows.group_by("entity_id").aggregate([("article_id", "count_distinct")])
    found = {row["entity_id"]: row["article_id_count_distinct"] for row in counted.to_pylist()}
    found.pop(entity_id, None)
    return found


def _joined(pinned: Snapshot, entity_id: str, unseen: Collection[str]) -> Iterator[Joined]:
    """Other ids of a person, among the newest mentions."""
    if not entity_id.startswith(_PERSON):
        return
    from lake.views import connect_rows  # DuckDB takes 60 ms to load
    from tracing.entity import read_entity

    days = _compared(files_by_day(pinned, "entities"))
    rows = {}
    for table, columns in (("entities", None), ("articles", _DECIDING)):
        some = pinned.files_on(table, days)
        rows[table] = whole_rows(pinned.read(table, columns, None, some), table)
    rows |= {table: pinned.read(table) for table in ("article_aliases", "runs")}
    with connect_rows(rows, "articles_now") as connection:
        connection.register("entities", rows["entities"])
        found = read_entity(connection, entity_id, sorted(unseen), _NEVER)
    joined = {row["entity_id"]: row["joined"] for row in found if row["joined"] is not None}
    yield from joined.values()


def _compared(files: Files) -> frozenset[dt.date]:
    """The newest days with so many mentions; one at least."""
    mentions = 0
    days: list[dt.date] = []
    for day in sorted(files, reverse=True):
        mentions += sum(file.rows for file in files[day])
        if days and mentions > _MOST_COMPARED:
            break
        days.append(day)
    return frozenset(days)
