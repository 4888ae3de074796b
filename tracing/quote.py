"""A quotation by its key: who carries it, how its words changed, what may be it elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pyarrow.compute as pc

from lake.current import family_of, whole_rows
from lake.embargo import embargoed_articles
from lake.tables import Snapshot
from lake.where import is_any
from tracing.as_text import as_text
from tracing.missing import missing_tables
from tracing.quote_model import QuotePage
from tracing.quote_travels import Travels, find_travels
from tracing.story_links import rows_about
from tracing.story_rows import has_stories, stories_of


class NoSuchQuote(Exception):
    """A key that no quotation has which may be seen."""

    exit_code = 2


def read_quote(pinned: Snapshot, quote_key: str, *, embargo_at: dt.datetime | None) -> QuotePage:
    """A quotation by its key, with those of the stories of the articles that carry it.

    Articles whose embargo ends after `embargo_at` are left out as if they were not there; None
    shows all.

    Raises:
        NoSuchQuote: no article has it.
    """
    unseen = embargoed_articles(pinned, embargo_at) if embargo_at else frozenset()
    quote_key = as_text(quote_key)
    is_it = pc.field("quote_key") == quote_key
    carriers = set(pinned.read("quotes", ["article_id"], is_it)["article_id"].to_pylist()) - unseen
    found = _travels(pinned, quote_key, carriers, unseen) if carriers else Travels()
    if not found.travels:
        raise NoSuchQuote(
            f"no quotation has the key {quote_key[:200]!r} in {pinned.lake.root};"
            " `wiretrace quotes WORDS` finds keys by words"
        )
    return QuotePage(
        sequence=pinned.sequence,
        quote_key=quote_key,
        travels=found.travels,
        missing=missing_tables(pinned, "citations", "story_members"),
        left_out=len(unseen),
    )


def _travels(
    pinned: Snapshot, quote_key: str, carriers: Collection[str], unseen: Collection[str]
) -> Travels:
    """By the rows of the stories of these articles alone."""
    from lake.views import connect_rows  # DuckDB takes 60 ms to load

    stories = stories_of(pinned, carriers) if has_stories(pinned) else []
    around = {member.article_id for told in stories for member in told.members}
    ids = family_of(pinned, around | set(carriers))
    rows = rows_about(pinned, ids)
    rows["quotes"] = whole_rows(pinned.read("quotes", where=is_any("article_id", ids)), "quotes")
    with connect_rows(rows, "articles_now") as connection:
        for table in ("quotes", "citations"):
            connection.register(table, rows[table])
        return find_travels(connection, pinned, quote_key, None, sorted(unseen))
