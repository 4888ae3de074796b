"""The key state: which article a key leads to, and which versions an article has.

Two families of sorted runs (`lake/sorted_runs.py`) under `_state/keys`: `keys` maps the hash of an
identity key, or the id of an alias, to an article; `versions` maps an article to its versions. Both
are derived and rebuilt by `wiretrace doctor --rebuild-state`. The files that belong to a committed
run are named in its manifest, so that the state is seen exactly when the run is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lake.sorted_runs import (
    RunFile,
    SortedRuns,
    merge,
    newest_manifest,
    plan_merge,
    prune,
    read_manifest,
    write_manifest,
    write_run,
)
from lake.tables import Lake

# Sizes of the prefix hashes in transforms/fingerprint.py; a test holds them against each other.
GRID_SIZE = 16
SENTENCES = 12

_KEY_RECORD = np.dtype([("key", "V16"), ("sequence", "<u4"), ("article", "V16"), ("day", "<i4")])
_VERSION_RECORD = np.dtype(
    [
        ("key", "V16"),
        ("sequence", "<u4"),
        ("version", "V16"),
        ("content", "V16"),
        ("control", "V16"),
        ("headline", "<u8"),
        ("description", "<u8"),
        ("text", "<u8"),
        ("words", "<u4"),
        ("marked", "u1"),
        ("grid_size", "u1"),
        ("sentences_size", "u1"),
        ("grid", "<u8", (GRID_SIZE,)),
        ("sentences", "<u8", (SENTENCES,)),
    ]
)


class KeyEntry(NamedTuple):
    """Where a key leads: the article, and when that was founded (run sequence, day ordinal)."""

    article_id: str
    sequence: int
    day: int


# What a mark leads to (`schemas.ids`: `distrust_mark`, `drop_mark`): no article.
MARK = KeyEntry("0" * 32, 0, 1)


class VersionEntry(NamedTuple):
    """One version of an article with its fingerprint (`transforms/fingerprint.py`)."""

    version_id: str
    content_hash: str
    control_hash: str
    headline: int
    description: int
    text: int
    words: int
    marked: bool
    grid: tuple[int, ...]
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StateFiles:
    """The sorted runs of both families; `seen_by` a chunk are these and no others."""

    keys: tuple[RunFile, ...] = ()
    versions: tuple[RunFile, ...] = ()

    def plus(self, other: StateFiles) -> StateFiles:
        """Both, in order."""
        return StateFiles(self.keys + other.keys, self.versions + other.versions)

    @property
    def files(self) -> tuple[RunFile, ...]:
        """All files."""
        return self.keys + self.versions


class KeyState:
    """Look-up in the sorted runs of one state. Cheap to open; pages are read as they are needed.

    Raises:
        StateDamaged: a file is missing or its header has changed.
    """

    def __init__(self, state: StateFiles) -> None:
        self._keys = SortedRuns([file.path for file in state.keys], _KEY_RECORD)
        self._versions = SortedRuns([file.path for file in state.versions], _VERSION_RECORD)

    def articles(self, hashes: Sequence[str]) -> dict[str, KeyEntry]:
        """Where each known key leads; of several records the newest (by sequence) holds."""
        if not hashes:
            return {}
        rows = self._keys.lookup([bytes.fromhex(hash_) for hash_ in hashes])
        return {_hex(row["key"]): _key_entry(row) for row in rows}

    def versions(self, article_ids: Sequence[str]) -> dict[str, list[VersionEntry]]:
        """The known versions of each article, in the order in which they were registered."""
        found: dict[str, list[VersionEntry]] = defaultdict(list)
        if article_ids:
            for row in self._versions.lookup([bytes.fromhex(id_) for id_ in article_ids]):
                found[_hex(row["key"])].append(_version_entry(row))
        return dict(found)

    def holds(self, hashes: Sequence[str]) -> set[str]:
        """Those of the hashes that the state knows, whatever they lead to."""
        rows = self._keys.lookup([bytes.fromhex(hash_) for hash_ in hashes]) if hashes else ()
        return {_hex(row["key"]) for row in rows}

    def verify(self) -> None:
        """Re-hash every file; raises `StateDamaged` for the first that has changed."""
        self._keys.verify()
        self._versions.verify()


def committed_state(lake: Lake, sequence: int) -> StateFiles:
    """The state as of a committed run (of the newest run up to `sequence` that changed it).

    Raises:
        StateDamaged: its manifest cannot be read.
    """
    newest = newest_manifest(lake.keys, sequence)
    if newest is None:
        return StateFiles()
    files = read_manifest(lake.keys, newest)
    return StateFiles(
        tuple(file for file in files if file.path.name.startswith("keys-")),
        tuple(file for file in files if file.path.name.startswith("versions-")),
    )


def pack_keys(entries: Iterable[tuple[str, KeyEntry]]) -> bytes:
    """Key records as one block: 40 bytes each instead of an object."""
    return np.array([_key_row(*entry) for entry in entries], _KEY_RECORD).tobytes()


def pack_versions(entries: Iterable[tuple[str, VersionEntry]], sequence: int) -> bytes:
    """Version records as one block; the article's id comes first in each pair."""
    rows = [_version_row(article_id, entry, sequence) for article_id, entry in entries]
    return np.array(rows, _VERSION_RECORD).tobytes()


def write_state(lake: Lake, keys: Iterable[bytes], versions: Iterable[bytes]) -> StateFiles:
    """Write packed records as runs; they belong to no state until `publish_state` names them."""
    key_rows = np.frombuffer(b"".join(keys), _KEY_RECORD)
    version_rows = np.frombuffer(b"".join(versions), _VERSION_RECORD)
    return StateFiles(
        (write_run(lake.keys, key_rows, prefix="keys"),) if len(key_rows) else (),
        (write_run(lake.keys, version_rows, prefix="versions"),) if len(version_rows) else (),
    )


def merge_due(lake: Lake, state: StateFiles) -> StateFiles:
    """The same records in fewer files; those that were merged stay until `prune_state`."""
    return StateFiles(
        tuple(_merged(lake, state.keys, "keys")), tuple(_merged(lake, state.versions, "versions"))
    )


def publish_state(lake: Lake, sequence: int, base: StateFiles, new: StateFiles) -> None:
    """Merge what is due and write the manifest of a sequence, before its plan is written."""
    write_manifest(lake.keys, sequence, merge_due(lake, base.plus(new)).files)


def prune_state(lake: Lake, sequence: int) -> None:
    """Delete state that the newest committed run does not name. Safe only under the lease."""
    newest = newest_manifest(lake.keys, sequence)
    if newest is not None:
        prune(lake.keys, newest)
        return
    for path in lake.keys.iterdir():  # runs of killed first runs only
        path.unlink()


def keys_of(lake: Lake, sequence: int, article_ids: Iterable[str]) -> list[str]:
    """The hashes of all keys that lead to these articles; reads the whole key state."""
    wanted = {bytes.fromhex(article_id) for article_id in article_ids}
    found = []
    for file in committed_state(lake, sequence).keys:
        for rows in SortedRuns([file.path], _KEY_RECORD).shards():
            found += [_hex(row["key"]) for row in rows if row["article"].tobytes() in wanted]
    return sorted(set(found))


def _merged(lake: Lake, files: Iterable[RunFile], prefix: str) -> list[RunFile]:
    unique = list({file.path: file for file in files}.values())
    due = plan_merge(unique)
    if not due:
        return unique
    result = merge([file.path for file in due], lake.keys, prefix=prefix)
    return [file for file in unique if file not in due] + [result]


def _hex(value: Any) -> str:
    return bytes(value.tobytes()).hex()


def _key_row(hash_: str, entry: KeyEntry) -> tuple[Any, ...]:
    return (
        bytes.fromhex(hash_),
        entry.sequence,
        bytes.fromhex(entry.article_id),
        entry.day,
    )


def _key_entry(row: Any) -> KeyEntry:
    return KeyEntry(_hex(row["article"]), int(row["sequence"]), int(row["day"]))


def _version_row(article_id: str, entry: VersionEntry, sequence: int) -> tuple[Any, ...]:
    return (
        bytes.fromhex(article_id),
        sequence,
        bytes.fromhex(entry.version_id),
        bytes.fromhex(entry.content_hash),
        bytes.fromhex(entry.control_hash),
        entry.headline,
        entry.description,
        entry.text,
        entry.words,
        entry.marked,
        len(entry.grid),
        len(entry.sentences),
        entry.grid + (0,) * (GRID_SIZE - len(entry.grid)),
        entry.sentences + (0,) * (SENTENCES - len(entry.sentences)),
    )


def _version_entry(row: Any) -> VersionEntry:
    return VersionEntry(
        _hex(row["version"]),
        _hex(row["content"]),
        _hex(row["control"]),
        int(row["headline"]),
        int(row["description"]),
        int(row["text"]),
        int(row["words"]),
        bool(row["marked"]),
        tuple(int(value) for value in row["grid"][: row["grid_size"]]),
        tuple(int(value) for value in row["sentences"][: row["sentences_size"]]),
    )
