"""Rebuilding the key state from the tables, for `wiretrace doctor --rebuild-state`.

Everything that identity needs is derived again from `articles`, `article_aliases` and `controls`;
the addresses of mere duplicates, which are in no table, are taken over from the old state where it
can still be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from lake.keys import (
    MARK,
    KeyEntry,
    StateFiles,
    VersionEntry,
    pack_keys,
    pack_versions,
    publish_state,
    write_state,
)
from lake.tables import Lake, Snapshot
from schemas.article import Article
from schemas.ids import distrust_mark
from transforms.delivery import find_keys, to_article
from transforms.fingerprint import fingerprint
from transforms.identify import KnownVersion
from transforms.identify_outlets import version_entry
from transforms.normalize import control_hash
from transforms.reject import source_of


def rebuild_state(lake: Lake, pinned: Snapshot) -> int:
    """Write and publish a key state made from the tables; gives the number of keys."""
    founded = _find_founded(pinned)
    uses: dict[tuple[str, str], set[str]] = defaultdict(set)
    keys: dict[str, KeyEntry] = {}
    versions: list[tuple[str, VersionEntry]] = []
    for article in _articles(pinned):
        entry = founded[article.article_id]
        for key in _identifying(article):
            source = source_of(article.entry_uri or article.source_uri)
            uses[(source, key)].add(article.article_id)
            keys[key] = min(keys.get(key, entry), entry, key=lambda e: (e.sequence, e.day))
        versions.append((article.article_id, _version(article)))
    distrusted = [pair for pair, articles in uses.items() if len(articles) > 1]
    marks = [(distrust_mark(*pair), MARK) for pair in sorted(distrusted)]
    kept = {key: entry for key, entry in keys.items() if key not in {k for _, k in distrusted}}
    aliases = list(_aliases(pinned, founded))
    packed = pack_keys([*sorted(kept.items()), *marks, *aliases])
    state = write_state(lake, [packed], [pack_versions(versions, pinned.sequence)])
    publish_state(lake, pinned.sequence, StateFiles(), state)
    return len(kept)


def _articles(pinned: Snapshot) -> Iterator[Article]:
    for batch in pinned.dataset("articles").to_batches(batch_size=1_000):
        for row in batch.to_pylist():
            yield to_article(row, row["article_id"], row["version_id"])


def _identifying(article: Article) -> Iterable[str]:
    keys = find_keys(article)
    named = [key.hash for key in keys if key.kind != "content"]
    return named or [key.hash for key in keys]


def _version(article: Article) -> VersionEntry:
    print_ = fingerprint(article.headline, article.description_text, article.body_text)
    return version_entry(
        KnownVersion(article.version_id, article.content_hash, control_hash(article), print_)
    )


def _find_founded(pinned: Snapshot) -> dict[str, KeyEntry]:
    runs = pinned.read("runs", ["run_id", "sequence"]).to_pylist()
    sequences: dict[str, int] = {run["run_id"]: run["sequence"] for run in runs}
    founded: dict[str, KeyEntry] = {}
    for row in pinned.read("articles", ["article_id", "run_id", "date"]).to_pylist():
        id_ = row["article_id"]
        entry = KeyEntry(id_, sequences.get(row["run_id"], 0), row["date"].toordinal())
        known = founded.get(id_, entry)
        founded[id_] = min(known, entry, key=lambda e: (e.sequence, e.day))
    return founded


def _aliases(pinned: Snapshot, founded: dict[str, KeyEntry]) -> Iterator[tuple[str, KeyEntry]]:
    for row in pinned.read("article_aliases", ["article_id", "alias_of"]).to_pylist():
        target: Any = founded.get(row["alias_of"])
        if target is not None:
            yield row["article_id"], target
