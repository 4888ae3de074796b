"""Forgetting: rows and bytes leave every table, the state and the disk; hashes keep them out.

Files that hold a forgotten row are written anew without it and deleted at once, together with every
file that only older versions of the tables need. The Delta log names ids, never a text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.begin import Begun, begin_run
from lake.check import unreferenced_files, verify_file
from lake.check_rows import FORGOTTEN
from lake.commit import Plan, commit
from lake.data_file import DataFile, write_data_file, write_rows
from lake.keys import (
    MARK,
    KeyState,
    StateFiles,
    committed_state,
    keys_of,
    pack_keys,
    pack_versions,
    publish_state,
    write_state,
)
from lake.tables import LakeDamaged, Snapshot, open_lake
from lake.where import is_any
from schemas.catalog import BY_NAME, TABLES
from schemas.definition import to_arrow
from schemas.ids import content_tombstone
from schemas.run import Count
from schemas.tombstone import TOMBSTONES, Tombstone

_ALIAS_DEPTH = 64
_SELECTING = [
    "article_id", "outlet", "date", "content_hash", "raw_sha256", "source_uri", "url",
]  # fmt: skip


class UnknownArticle(Exception):
    """An id that is in no table; nothing was forgotten."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Selection:
    """What to forget: articles by id, of an outlet, or all of whose versions are before a day."""

    article_ids: tuple[str, ...] = ()
    outlet: str | None = None
    before: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Articles, and rows of each table, that are gone."""

    articles: int
    rows: dict[str, int]
    tombstones: int


@dataclass(frozen=True, slots=True)
class _Gone:
    """Everything by which a row is known to belong to a forgotten article."""

    article_ids: frozenset[str]
    raw_sha256: frozenset[str]
    source_uris: frozenset[str]
    contents: frozenset[str]
    stories: frozenset[str]
    empty_stories: frozenset[str]
    outlet: str | None


def select_articles(pinned: Snapshot, selection: Selection) -> frozenset[str]:
    """All ids of the articles to forget, aliases of one article together.

    Raises:
        UnknownArticle: an id is in no table.
    """
    rows = pinned.read("articles", ["article_id", "outlet", "date"]).to_pylist()
    ends = _follow_aliases(pinned)
    known = {row["article_id"] for row in rows} | set(ends) | set(ends.values())
    known |= set(_column(pinned, "controls", "article_id"))
    missing = sorted(set(selection.article_ids) - known)
    if missing:
        raise UnknownArticle(f"no article {', '.join(missing)} in this lake; nothing was forgotten")
    chosen = {ends.get(id_, id_) for id_ in selection.article_ids}
    chosen |= {
        ends.get(row["article_id"], row["article_id"])
        for row in rows
        if selection.outlet is not None and row["outlet"] == selection.outlet
    }
    if selection.before is not None:
        newest: dict[str, dt.date] = {}
        for row in rows:
            id_ = ends.get(row["article_id"], row["article_id"])
            newest[id_] = max(newest.get(id_, row["date"]), row["date"])
        chosen |= {id_ for id_, day in newest.items() if day < selection.before}
    return frozenset(chosen | {id_ for id_ in known if ends.get(id_, id_) in chosen})


def forget(root: Path, selection: Selection, *, wait_seconds: float = 0.0) -> Forgotten:
    """Remove articles for good, in one atomic commit; readers of older versions then fail.

    Raises:
        UnknownArticle: an id is in no table; nothing was changed.
        LakeDamaged, StateDamaged: a file to be rewritten is damaged; nothing was changed.
        LakeBusy: another writer still had the lease after `wait_seconds`.
        LakeNotFound: there is none.
    """
    with begin_run(open_lake(root).root, "forget", wait_seconds=wait_seconds) as begun:
        gone = _describe(begun.pinned, select_articles(begun.pinned, selection), selection.outlet)
        keys = keys_of(begun.lake, begun.pinned.sequence, gone.article_ids)
        tombstones = sorted({*keys, *gone.contents})
        added, removed, rows = _rewrite_tables(begun, gone)
        if not removed and not tombstones:
            return Forgotten(0, {}, 0)
        added += _write_tombstones(begun, tombstones)
        _publish_state_without(begun, gone, keys)
        counts = [Count("", FORGOTTEN, table, number) for table, number in sorted(rows.items())]
        plan = Plan(begun.sequence, begun.maintenance_row(counts), added, removed)
        commit(begun.lake, _with_purge(begun, plan))
        return Forgotten(len(gone.article_ids), rows, len(tombstones))


def _describe(pinned: Snapshot, ids: frozenset[str], outlet: str | None) -> _Gone:
    where = is_any("article_id", ids)
    rows = pinned.read("articles", _SELECTING, where).to_pylist()
    members = pinned.read("story_members", ["story_id", "article_id"])
    is_gone = pc.is_in(members["article_id"], value_set=pa.array(sorted(ids), pa.string()))
    stories = set(members.filter(is_gone)["story_id"].to_pylist())
    return _Gone(
        article_ids=ids,
        raw_sha256=frozenset(row["raw_sha256"] for row in rows),
        # A page that was fetched for an entry and rejected goes by the entry's address.
        source_uris=frozenset(
            uri for row in rows for uri in (row["source_uri"], row["url"]) if uri
        ),
        contents=frozenset(content_tombstone(row["outlet"], row["content_hash"]) for row in rows),
        stories=frozenset(stories),
        empty_stories=frozenset(
            stories - set(members.filter(pc.invert(is_gone))["story_id"].to_pylist())
        ),
        outlet=outlet,
    )


def _rewrite_tables(
    begun: Begun, gone: _Gone
) -> tuple[list[DataFile], list[DataFile], dict[str, int]]:
    added: list[DataFile] = []
    removed: list[DataFile] = []
    counts: dict[str, int] = {}
    for table in TABLES:
        for file in begun.pinned.files(table.name):
            left = _rows_left(begun.pinned, file, gone)
            if left is None:
                continue
            removed.append(file)
            counts[table.name] = counts.get(table.name, 0) + file.rows - left.num_rows
            if left.num_rows:
                added.append(write_data_file(table, left, file.partition, begun.staging))
    return added, removed, counts


def _rows_left(pinned: Snapshot, file: DataFile, gone: _Gone) -> pa.Table | None:
    """The rows of a file that stay; None if all do."""
    columns = _deciding_columns(file.table)
    if not columns:
        return None
    verify_file(pinned.lake, file)
    dataset = pinned.dataset(file.table, [file])
    try:
        narrow = dataset.to_table(columns=list(columns))
        is_gone = pa.array([False] * narrow.num_rows, pa.bool_())
        for column in columns:
            values = pa.array(sorted(_values(file.table, column, gone)), pa.string())
            is_gone = pc.or_(is_gone, pc.is_in(narrow[column], value_set=values))
        if file.table == "story_aliases":
            return _aliases_left(dataset.to_table(), is_gone, gone)
        if not pc.any(is_gone).as_py():
            return None
        return dataset.to_table().filter(pc.invert(is_gone))
    except (OSError, pa.ArrowInvalid) as error:
        raise LakeDamaged(f"{file.table}/{file.path} cannot be read: {error}") from error


def _aliases_left(rows: pa.Table, is_gone: pa.Array, gone: _Gone) -> pa.Table | None:
    """Stories that others are left of stay one: but without the words that show it.

    They may be words of a forgotten article.
    """
    stories = pa.array(sorted(gone.stories), pa.string())
    is_touched = pc.or_(
        pc.is_in(rows["story_id"], value_set=stories), pc.is_in(rows["alias_of"], value_set=stories)
    )
    if not pc.any(is_touched).as_py():
        return None
    signs = [
        [] if touched else signs
        for touched, signs in zip(is_touched.to_pylist(), rows["evidence"].to_pylist(), strict=True)
    ]
    at = rows.schema.get_field_index("evidence")
    field = rows.schema.field(at)
    return rows.set_column(at, field, pa.array(signs, field.type)).filter(pc.invert(is_gone))


def _deciding_columns(table: str) -> tuple[str, ...]:
    if table == "article_aliases":
        return ("article_id", "alias_of")
    if table == "story_aliases":
        return ("story_id", "alias_of")
    if table == "rejects":
        return ("raw_sha256", "source_uri", "outlet")
    return BY_NAME[table].article_columns


def _values(table: str, column: str, gone: _Gone) -> frozenset[str]:
    if table == "story_aliases":
        return gone.empty_stories
    if column == "raw_sha256":
        return gone.raw_sha256
    if column == "source_uri":
        return gone.source_uris
    if column == "outlet":
        return frozenset([gone.outlet] if gone.outlet else [])
    return gone.article_ids


def _write_tombstones(begun: Begun, hashes: Sequence[str]) -> list[DataFile]:
    month = f"{begun.started:%Y-%m}"
    rows = [Tombstone(key_hash=hash_, run_id=begun.run_id, month=month) for hash_ in hashes]
    return write_rows(TOMBSTONES, to_arrow(TOMBSTONES, rows), begun.staging) if rows else []


def _publish_state_without(begun: Begun, gone: _Gone, gone_keys: Sequence[str]) -> None:
    """The key state less these articles, published before the plan: seen when the run is."""
    state = committed_state(begun.lake, begun.pinned.sequence)
    kept = sorted(_articles_of_state(begun.pinned) - gone.article_ids)
    hashes = set(keys_of(begun.lake, begun.pinned.sequence, [*kept, MARK.article_id]))
    known = KeyState(state)
    entries = known.articles(sorted(hashes - set(gone_keys)))
    versions = known.versions(kept)
    packed = pack_versions(
        ((id_, entry) for id_, found in versions.items() for entry in found), begun.sequence
    )
    new = write_state(begun.lake, [pack_keys(entries.items())], [packed])
    publish_state(begun.lake, begun.sequence, StateFiles(), new)


def _articles_of_state(pinned: Snapshot) -> set[str]:
    """Every id that a key can lead to: of texts, of messages about texts never seen, of aliases."""
    ids = {
        id_ for table in ("articles", "controls") for id_ in _column(pinned, table, "article_id")
    }
    ids |= set(_column(pinned, "article_aliases", "article_id"))
    return ids | set(_column(pinned, "article_aliases", "alias_of"))


def _with_purge(begun: Begun, plan: Plan) -> Plan:
    old = {f"{file.table}/{file.path}" for file in plan.removed}
    old |= set(unreferenced_files(begun.lake, begun.pinned))
    # A rewritten file can be one again that was merged away earlier: same rows, same name.
    old -= {f"{file.table}/{file.path}" for file in plan.added}
    return Plan(plan.sequence, plan.run, plan.added, plan.removed, purge=tuple(sorted(old)))


def _follow_aliases(pinned: Snapshot) -> dict[str, str]:
    """Alias to the id it leads to in the end; as `alias_ends` of lake/views.sql does."""
    steps: dict[str, str] = {}
    for row in pinned.read("article_aliases", ["article_id", "alias_of"]).to_pylist():
        if row["article_id"] != row["alias_of"]:
            known = steps.get(row["article_id"], row["alias_of"])
            steps[row["article_id"]] = min(known, row["alias_of"])
    return {id_: _end_of(id_, steps) for id_ in steps}


def _end_of(id_: str, steps: dict[str, str]) -> str:
    for _ in range(_ALIAS_DEPTH):
        if id_ not in steps:
            break
        id_ = steps[id_]
    return id_


def _column(pinned: Snapshot, table: str, name: str) -> Iterator[Any]:
    yield from pinned.read(table, [name])[name].to_pylist()
