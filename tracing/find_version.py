"""From what a user gives to one text: an article's current version, or any version by its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from lake.current import family_of, versions_now, versions_of
from lake.tables import Snapshot
from tracing.find_articles import NoSuchArticle, Row, is_article_id, with_address

_COLUMNS = [
    "article_id", "version_id", "outlet", "outlet_name", "language", "headline", "published",
    "published_tz_known", "versioncreated", "first_seen", "date", "signals",
    "description_text", "body_text",
]  # fmt: skip


class SeveralArticles(Exception):
    """More than one article has the address that was given."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article and its text; `field` is the column that holds it."""

    article_id: str
    version_id: str
    outlet: str
    outlet_name: str | None
    language: str
    headline: str | None
    published: dt.datetime | None
    published_tz_known: bool | None
    versioncreated: dt.datetime | None
    first_seen: dt.datetime
    date: dt.date
    signals: Sequence[str]
    field: str
    text: str


def find_version(
    pinned: Snapshot, asked: str, normalized_url: str | None, unseen: Collection[str] = ()
) -> Version:
    """The version that an article id, an address or a version id means.

    Articles that are `unseen` are not found: who may not see them is not told that they are here.

    Raises:
        NoSuchArticle: there is none; SeveralArticles: two or more have the address.
    """
    asked = asked.encode("utf-8", "replace").decode()  # a shell may give bytes that are no text
    rows = _rows(pinned, asked, normalized_url)
    rows = {version: row for version, row in rows.items() if row["article_id"] not in unseen}
    if not rows:
        raise NoSuchArticle(
            f"no article has the id or address {asked[:200]!r} in {pinned.lake.root};"
            " `wiretrace trace` finds articles by words"
        )
    version_id = asked if asked in rows else _current(pinned, asked, rows)
    is_it = pc.field("version_id") == version_id
    [row] = pinned.read("articles", _COLUMNS, is_it).to_pylist()
    field = "body_text" if row["body_text"] else "description_text"
    text = row.pop("body_text") or row["description_text"] or ""
    del row["description_text"]
    return Version(**row, field=field, text=text)


def _rows(pinned: Snapshot, asked: str, normalized_url: str | None) -> Mapping[str, Row]:
    """By version id: of all versions of the articles, or of the one version."""
    if not is_article_id(asked):
        return with_address(pinned, asked, normalized_url)
    rows = versions_of(pinned, family_of(pinned, [asked]))
    if rows:
        return rows
    columns = ["article_id", "version_id", "date"]
    found = pinned.read("articles", columns, pc.field("version_id") == asked).to_pylist()
    return {row["version_id"]: row for row in found}


def _current(pinned: Snapshot, asked: str, rows: Mapping[str, Row]) -> str:
    now = versions_now(pinned, {row["article_id"] for row in rows.values()}).values()
    current = {row["current_article_id"]: row["version_id"] for row in now if row["is_current"]}
    if len(current) > 1:
        ids = ", ".join(sorted(current))
        raise SeveralArticles(f"several articles have the address {asked[:200]!r}: {ids}")
    return str(*current.values())
