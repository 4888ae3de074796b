"""A lake built row by row, without any engine: rows go through the real data files and commits."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lake.commit import Plan, commit, newest_sequence
from lake.data_file import write_rows
from lake.keys import (
    KeyEntry,
    VersionEntry,
    committed_state,
    pack_keys,
    pack_versions,
    publish_state,
    write_state,
)
from lake.lease import acquire
from lake.tables import Lake, Snapshot, create_lake, snapshot
from schemas.article import Article
from schemas.catalog import TABLES
from schemas.definition import to_arrow
from schemas.entity import Entity
from schemas.ids import hash_id, key_id
from schemas.link import Link
from schemas.run import Run
from schemas.sighting import Sighting

# headline, description, text, words, marked, grid, sentences
PRINT: Any = (1, 2, 3, 4, False, (), ())
NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def at(day: int, hour: int = 12) -> dt.datetime:
    """An hour of a day in May 2024."""
    return dt.datetime(2024, 5, day, hour, tzinfo=dt.UTC)


def id_of(name: str) -> str:
    """A readable name as an id."""
    return hash_id("test", name)


def sha256(text: str) -> str:
    """Of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def key_of(of: Article) -> str:
    """The one identity key that a built article has."""
    return key_id(of.outlet, "uri", of.article_id)


def article(name: str, version: str = "1", **fields: Any) -> Article:
    """A version of an article; what is not given has plain values."""
    headline = fields.pop("headline", f"Headline of {name} {version}")
    body = fields.pop("body_text", f"Body of {name} {version}, in Paris.")
    published = fields.pop("published", NOON)
    outlet = fields.pop("outlet", "example.org")
    defaults: dict[str, Any] = {
        "article_id": id_of(name), "version_id": id_of(f"{name} {version}"), "outlet": outlet,
        "outlet_rule": "option", "headline": headline, "body_text": body, "published": published,
        "language": "en", "first_seen": NOON, "word_count": len(body.split()),
        "content_hash": hash_id("content", headline, body), "source_uri": f"{name}.jsonl#1",
        "source_format": "jsonl", "raw_sha256": sha256(f"{name} {version}"), "run_id": "",
        "date": (published or NOON).date(),
    }  # fmt: skip
    return Article(**{**defaults, **fields})


def sighting(of: Article, source: str = "feed.xml", **fields: Any) -> Sighting:
    """That a version was seen once."""
    defaults: dict[str, Any] = {
        "article_id": of.article_id, "version_id": of.version_id, "outlet": of.outlet,
        "source_uri": source, "first_seen_at": NOON, "last_seen_at": NOON, "deliveries": 1,
        "run_id": "", "date": NOON.date(),
    }  # fmt: skip
    return Sighting(**{**defaults, **fields})


def place(of: Article, surface: str, field: str = "body_text", **fields: Any) -> Entity:
    """A place that stands in an article's field."""
    start = getattr(of, field).index(surface)
    defaults: dict[str, Any] = {
        "article_id": of.article_id, "version_id": of.version_id, "field": field, "start": start,
        "end": start + len(surface), "surface": surface, "kind": "place", "entity_id": "test:1",
        "method": "gazetteer", "score": 0.9, "date": of.date,
    }  # fmt: skip
    return Entity(**{**defaults, **fields})


def link(later: str, earlier: str, kind: str = "reprint", **fields: Any) -> Link:
    """A link of two first versions; `a2` names the second version of `a`."""
    defaults: dict[str, Any] = {
        "from_article_id": id_of(later[0]), "to_article_id": id_of(earlier[0]),
        "from_version_id": id_of(f"{later[0]} {later[1:] or 1}"),
        "to_version_id": id_of(f"{earlier[0]} {earlier[1:] or 1}"),
        "kind": kind, "score": 1.0, "jaccard": 0.9, "containment_from": 0.95,
        "containment_to": 0.95, "longest": 80, "direction": "likely", "direction_reason": "time",
        "credited": False, "credit": None, "from_field": "body_text", "to_field": "body_text",
        "evidence": (), "from_date": dt.date(2024, 5, 2), "to_date": dt.date(2024, 5, 1),
        "hours_apart": 24.0, "withdrawn": False, "as_of": NOON, "run_id": "", "month": "2024-05",
    }  # fmt: skip
    return Link(**{**defaults, **fields})


class LakeBuilder:
    """Commits rows to a lake as runs; each `run_id` is filled in."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def lake(self) -> Lake:
        """The lake."""
        return Lake(self.root)

    @property
    def snapshot(self) -> Snapshot:
        """The newest committed state."""
        return snapshot(self.lake)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table."""
        found: list[dict[str, Any]] = self.snapshot.read(table).to_pylist()
        return found

    def plan(self, sequence: int, *rows: Any, **counts: Any) -> Plan:
        """Stage rows of any tables as one run; articles also get their keys into the state."""
        lake = create_lake(self.root)
        run_id = f"run-{sequence}"
        files = []
        for table in TABLES:
            own = [_with_run(row, run_id) for row in rows if type(row) is table.row]
            if own:
                files += write_rows(table, to_arrow(table, own), lake.staging(run_id))
        self._register([row for row in rows if type(row) is Article], sequence)
        counts.setdefault("new", sum(type(row) is Article for row in rows))
        outcomes = ("new", "revised", "duplicate", "control", "rejected")
        given: dict[str, Any] = {
            "command": "run", "started": NOON, "ended": NOON,
            "seen": sum(counts.get(name, 0) for name in outcomes), **counts,
        }  # fmt: skip
        run = Run(
            sequence=sequence, run_id=run_id, config_hash="", code_version="test",
            status="complete", **given,
        )  # fmt: skip
        return Plan(sequence, run, files)

    def run(self, *rows: Any, **counts: Any) -> int:
        """Commit rows of any tables as one run; gives its sequence."""
        create_lake(self.root)
        with acquire(self.root, floor=newest_sequence(self.lake)) as lease:
            commit(self.lake, self.plan(lease.sequence, *rows, **counts))
            return lease.sequence

    def _register(self, articles: Sequence[Article], sequence: int) -> None:
        keys = [(key_of(a), KeyEntry(a.article_id, sequence, a.date.toordinal())) for a in articles]
        versions = [
            (a.article_id, VersionEntry(a.version_id, a.content_hash, "0" * 32, *PRINT))
            for a in articles
        ]
        base = committed_state(self.lake, sequence)
        new = write_state(self.lake, [pack_keys(keys)], [pack_versions(versions, sequence)])
        publish_state(self.lake, sequence, base, new)


def _with_run(row: Any, run_id: str) -> Any:
    return dataclasses.replace(row, run_id=run_id) if hasattr(row, "run_id") else row
