"""A `Delivery`: one item received, normalized, on its way to being identified.

Bodies are never shuffled (DESIGN.md §7): deliveries are staged as Parquet in the bundle that made
them (`STAGED` is the layout of those run-private files), and only `Sighted`, the identity view of a
delivery, travels.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa

from schemas.article import ARTICLES, Article, Media, Station
from schemas.definition import to_arrow
from schemas.ids import key_id
from transforms.fingerprint import Fingerprint

KEY_KINDS = ("uri", "guid", "url", "content")


@dataclass(frozen=True, slots=True)
class Key:
    """An identity key: its kind (rank of `KEY_KINDS`) and a hash over outlet, kind and value."""

    kind: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A normalized item: the row it may become (ids still empty) and what identifies it.

    `source` is the container's address without record number; `control` is the kind of control
    message, None for an article; `control_at` is its time.
    """

    article: Article
    keys: tuple[Key, ...]
    control_hash: str
    fingerprint: Fingerprint
    source: str
    feed: str | None
    control: str | None = None
    control_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """The identity view of a staged delivery: no text, a few hundred bytes.

    `staged` and `row` say where the whole lies. `day` is its event day, `order` the stated order of
    its version in microseconds (0 where nothing was stated).
    """

    staged: str
    row: int
    outlet: str
    keys: tuple[Key, ...]
    content_hash: str
    control_hash: str
    fingerprint: Fingerprint
    source: str
    source_uri: str
    feed: str | None
    uri: str
    outlet_rule: str
    control: str | None
    control_at: dt.datetime | None
    control_reason: str | None
    day: dt.date
    order: int
    published: dt.datetime | None
    seen_at: dt.datetime
    raw_sha256: str


def find_keys(article: Article) -> tuple[Key, ...]:
    """Identity keys in the order of DESIGN.md §4.2; the content key stands in for the others."""
    values = {"uri": article.uri, "guid": article.guid, "url": article.normalized_url}
    keys = [(kind, value) for kind, value in values.items() if value]
    date = article.published.isoformat() if article.published else ""
    keys.append(("content", "\n".join((article.content_hash, date))))
    return tuple(Key(kind, key_id(article.outlet, kind, value)) for kind, value in keys)


_IDENTITY = pa.schema(
    [
        ("key_kinds", pa.list_(pa.string())),
        ("key_hashes", pa.list_(pa.string())),
        ("control_hash", pa.string()),
        ("fp_headline", pa.uint64()),
        ("fp_description", pa.uint64()),
        ("fp_text", pa.uint64()),
        ("fp_words", pa.int64()),
        ("fp_marked", pa.bool_()),
        ("fp_grid", pa.list_(pa.uint64())),
        ("fp_sentences", pa.list_(pa.uint64())),
        ("source", pa.string()),
        ("feed", pa.string()),
        ("control", pa.string()),
        ("control_at", pa.timestamp("us", tz="UTC")),
    ]
)
STAGED = pa.schema([*(f.remove_metadata() for f in ARTICLES.schema), *_IDENTITY])
SIGHTED_COLUMNS = [
    "outlet", "outlet_rule", "content_hash", "date", "uri", "guid", "url", "published",
    "versioncreated", "first_seen", "source_uri", "raw_sha256", "ednote", *_IDENTITY.names,
]  # fmt: skip
ARTICLE_COLUMNS = [field.name for field in fields(Article)]


def to_staged(deliveries: list[Delivery]) -> pa.Table:
    """Deliveries as a table of `STAGED`."""
    articles = to_arrow(ARTICLES, [delivery.article for delivery in deliveries])
    columns = {
        "key_kinds": [[key.kind for key in d.keys] for d in deliveries],
        "key_hashes": [[key.hash for key in d.keys] for d in deliveries],
        "control_hash": [d.control_hash for d in deliveries],
        "fp_headline": [d.fingerprint.headline for d in deliveries],
        "fp_description": [d.fingerprint.description for d in deliveries],
        "fp_text": [d.fingerprint.text for d in deliveries],
        "fp_words": [d.fingerprint.words for d in deliveries],
        "fp_marked": [d.fingerprint.marked for d in deliveries],
        "fp_grid": [list(d.fingerprint.grid) for d in deliveries],
        "fp_sentences": [list(d.fingerprint.sentences) for d in deliveries],
        "source": [d.source for d in deliveries],
        "feed": [d.feed for d in deliveries],
        "control": [d.control for d in deliveries],
        "control_at": [d.control_at for d in deliveries],
    }
    identity = pa.Table.from_pydict(columns, schema=_IDENTITY)
    return pa.table([*articles.columns, *identity.columns], schema=STAGED)


def sighted(row: dict[str, Any], staged: str, number: int) -> Sighted:
    """The identity view of row `number` of a staged file, from its `SIGHTED_COLUMNS`."""
    stated = row["versioncreated"] or row["published"]
    return Sighted(
        staged=staged,
        row=number,
        outlet=row["outlet"],
        keys=tuple(map(Key, row["key_kinds"], row["key_hashes"])),
        content_hash=row["content_hash"],
        control_hash=row["control_hash"],
        fingerprint=Fingerprint(
            headline=row["fp_headline"],
            description=row["fp_description"],
            text=row["fp_text"],
            words=row["fp_words"],
            marked=row["fp_marked"],
            grid=tuple(row["fp_grid"]),
            sentences=tuple(row["fp_sentences"]),
        ),
        source=row["source"],
        source_uri=row["source_uri"],
        feed=row["feed"],
        uri=row["uri"] or row["guid"] or row["url"] or "",
        outlet_rule=row["outlet_rule"],
        control=row["control"],
        control_at=row["control_at"],
        control_reason=row["ednote"],
        day=row["date"],
        order=int(stated.timestamp() * 1_000_000) if stated else 0,
        published=row["published"],
        seen_at=row["first_seen"],
        raw_sha256=row["raw_sha256"],
    )


def to_article(row: dict[str, Any], article_id: str, version_id: str) -> Article:
    """The article that a staged row becomes once it is identified."""
    values = {name: row[name] for name in ARTICLE_COLUMNS}
    values["media"] = tuple(Media(**media) for media in row["media"])
    values["provenance"] = tuple(Station(**station) for station in row["provenance"])
    for name in ("signals", "authors", "subjects", "keywords", "places", "parse_warnings"):
        values[name] = tuple(row[name])
    if row["entry_columns"] is not None:
        values["entry_columns"] = tuple(row["entry_columns"])
    return Article(**{**values, "article_id": article_id, "version_id": version_id})
