"""Where quotations stand: article, field and offsets, by whom they are said, who is credited."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas.citation import CREDITING
from tracing.as_text import as_text
from transforms.quotes.clauses import sentence_start

# A sentence that is longer than this between quotation and credit is none.
_REACH = 600
_COLUMNS = """
    quote_key, articles_now.language, "text", speaker, speaker_entity_id, field, start, "end",
    current_article_id AS article_id, version_id, outlet, headline, published, first_seen,
    effective_pubstatus AS pubstatus, effective_embargoed AS embargoed, is_embargo_open
"""
_QUOTES = f"""
    SELECT {_COLUMNS} FROM quotes JOIN articles_now USING (version_id)
    WHERE is_current AND NOT list_contains($unseen, current_article_id)
"""
_MATCHING = f"""
    {_QUOTES}
      AND quote_key IN (
          SELECT quote_key FROM quotes JOIN articles_now USING (version_id)
          WHERE is_current AND NOT list_contains($unseen, current_article_id)
            AND (contains(lower("text"), lower($words::VARCHAR)) OR quote_key = $words)
            AND ($speaker IS NULL OR contains(lower(speaker), lower($speaker::VARCHAR))
                 OR speaker_entity_id = $speaker)
      )
"""
_OF_ARTICLES = f"{_QUOTES} AND current_article_id IN (SELECT unnest($articles))"
_CREDITS = f"""
    SELECT version_id, field, agency, kind, phrase, start, "end" FROM citations
    WHERE kind IN ({", ".join(f"'{kind}'" for kind in CREDITING)})
      AND version_id IN (SELECT unnest($versions))
    ORDER BY version_id, field, start, agency, kind
"""
_TEXTS = """
    SELECT version_id, headline, description_text, body_text FROM articles
    WHERE version_id IN (SELECT unnest($versions))
"""
_FIELDS = ("headline", "description_text", "body_text")


@dataclass(frozen=True, slots=True)
class Credited:
    """A source that the article credits; `is_near`: in the sentence of the quotation."""

    agency: str
    kind: str
    phrase: str
    field: str
    start: int
    end: int
    is_near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A quotation in an article as it stands now: `field[start:end]` is `text`.

    `published` is what the article claims, None if nothing. `speaker` is as given there.
    """

    quote_key: str
    language: str
    text: str
    speaker: str | None
    speaker_entity_id: str | None
    field: str
    start: int
    end: int
    article_id: str
    version_id: str
    outlet: str
    headline: str | None
    published: dt.datetime | None
    first_seen: dt.datetime
    pubstatus: str
    embargoed: dt.datetime | None
    is_embargo_open: bool
    credits: tuple[Credited, ...] = ()

    @property
    def order(self) -> tuple[dt.datetime, str, str, int]:
        """By time, claimed or else seen."""
        return self.published or self.first_seen, self.article_id, self.field, self.start


def find_matching(
    connection: duckdb.DuckDBPyConnection, words: str, speaker: str | None, unseen: Sequence[str]
) -> list[Occurrence]:
    """Where the quotations stand that hold these words, or have this key, by time.

    `speaker` chooses quotations that somebody gives to one so called; all places of them count.
    """
    asked = {"words": as_text(words), "speaker": speaker and as_text(speaker)}
    return _read(connection, _MATCHING, asked | {"unseen": unseen})


def find_of_articles(
    connection: duckdb.DuckDBPyConnection, articles: Collection[str], unseen: Sequence[str]
) -> list[Occurrence]:
    """All quotations of some articles, by time."""
    return _read(connection, _OF_ARTICLES, {"articles": sorted(articles), "unseen": unseen})


def credits_of(
    connection: duckdb.DuckDBPyConnection, occurrences: Sequence[Occurrence]
) -> Mapping[Occurrence, tuple[Credited, ...]]:
    """Whom the articles credit, sources in the quotation's own sentence first."""
    versions = {"versions": sorted({one.version_id for one in occurrences})}
    credits: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(connection, _CREDITS, versions):
        credits[row["version_id"]].append(row)
    texts = {
        (row["version_id"], field): row[field] or ""
        for row in _rows(connection, _TEXTS, {"versions": sorted(credits)})
        for field in _FIELDS
    }
    found = {}
    for one in occurrences:
        text = texts.get((one.version_id, one.field), "")
        mine = [
            Credited(
                agency=row["agency"],
                kind=row["kind"],
                phrase=row["phrase"],
                field=row["field"],
                start=row["start"],
                end=row["end"],
                is_near=row["field"] == one.field
                and _in_one_sentence(text, (one.start, one.end), (row["start"], row["end"])),
            )
            for row in credits.get(one.version_id, ())
        ]
        found[one] = tuple(sorted(mine, key=lambda credited: not credited.is_near))
    return found


def _in_one_sentence(text: str, quotation: tuple[int, int], credit: tuple[int, int]) -> bool:
    """Stops within the quotation end no sentence of the one who quotes."""
    (_, reached), (begins, _) = sorted((quotation, credit))
    if begins - reached > _REACH:
        return False
    return sentence_start(text, begins, reached) <= reached


def _read(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any]
) -> list[Occurrence]:
    found = [Occurrence(**row) for row in _rows(connection, query, parameters)]
    return sorted(found, key=lambda one: one.order)


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
