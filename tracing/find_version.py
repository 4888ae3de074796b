"""From what a user gives to one text: an article's current version, or any version by its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lake.current import family_of, rows_of, versions_now, versions_of
from lake.tables import Snapshot
from lake.where import is_any
from tracing.as_text import as_text
from tracing.find_articles import NoSuchArticle, Row, is_article_id, with_address

_COLUMNS = [
    "article_id", "version_id", "outlet", "outlet_name", "language", "headline", "published",
    "published_tz_known", "versioncreated", "first_seen", "date", "signals",
    "description_text", "body_text",
]  # fmt: skip

_IDS = ["article_id", "version_id", "date"]


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
    asked = as_text(asked)
    rows = _rows(pinned, asked, normalized_url)
    rows = {version: row for version, row in rows.items() if row["article_id"] not in unseen}
    if not rows:
        raise NoSuchArticle(
            f"no article has the id or address {asked[:200]!r} in {pinned.lake.root};"
            " `wiretrace trace` finds articles by words"
        )
    version_id = asked if asked in rows else _current(pinned, asked, rows)
    it = {version_id: rows[version_id]}
    [row] = rows_of(pinned, "articles", _COLUMNS, it).to_pylist()
    field = "body_text" if row["body_text"] else "description_text"
    text = row.pop("body_text") or row["description_text"] or ""
    del row["description_text"]
    return Version(**row, field=field, text=text)


def _rows(pinned: Snapshot, asked: str, normalized_url: str | None) -> Mapping[str, Row]:
    """By version id: of all versions of the articles, or of the one version."""
    if not is_article_id(asked):
        return with_address(pinned, asked, normalized_url)
    return versions_of(pinned, family_of(pinned, [asked])) or versions_by_id(pinned, [asked])


def versions_by_id(pinned: Snapshot, version_ids: Collection[str]) -> dict[str, Row]:
    """Ids and date of each version that there is, by its id.

    No index leads from a version to its article. What shares text with others, as most do that
    anybody looks at, is known from `links`; else the column is looked through.
    """
    found = {}
    where = is_any("from_version_id", version_ids) | is_any("to_version_id", version_ids)
    columns = [f"{end}_{name}" for end in ("from", "to") for name in _IDS]
    for link in pinned.read("links", columns, where).to_pylist():
        for end in ("from", "to"):
            row = {name: link[f"{end}_{name}"] for name in _IDS}
            if row["version_id"] in version_ids:
                found[row["version_id"]] = row
    missing = set(version_ids) - found.keys()
    if missing:
        for row in pinned.read("articles", _IDS, is_any("version_id", missing)).to_pylist():
            found[row["version_id"]] = row
    return found


def _current(pinned: Snapshot, asked: str, rows: Mapping[str, Row]) -> str:
    now = versions_now(pinned, {row["article_id"] for row in rows.values()}).values()
    current = {row["current_article_id"]: row["version_id"] for row in now if row["is_current"]}
    if len(current) > 1:
        ids = ", ".join(sorted(current))
        raise SeveralArticles(f"several articles have the address {asked[:200]!r}: {ids}")
    return str(*current.values())
