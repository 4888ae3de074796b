"""The mirror of a lake in an object store: a folder that every reader takes for a lake on disk.

It lies in a cache, with a file of every name that the lake has: logs and manifests whole, data
files and derived state empty until `lake/present.py` is asked for them. Those are never changed
once written, so none is fetched twice. What the store no longer has goes from the mirror with the
next look: an article that was forgotten elsewhere does not live on here.

Nobody works in the mirror itself: a writer has a copy of hard links (`workspace`), of which what
was committed is taken over when the store has it (`adopt`).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lake.data_file import hash_in_name
from lake.hashes import hash_file
from lake.present import MARKER, MIRROR, remote_url
from lake.sorted_runs import StateDamaged
from lake.store import Store, is_plain, open_store
from lake.tables import LakeDamaged
from schemas.catalog import TABLES
from schemas.run import RUNS

AT_ONCE = 8  # requests
_RUNS_LOG = f"{RUNS.name}/_delta_log/"
# What writers keep in the store for themselves, and in their folders for themselves.
_NOT_MIRRORED = ("_state/lease", "_state/plans/", "_state/staging/", "_state/stream/")
_FEEDS = "feeds.toml"
_EAGER = (_FEEDS, "_state/feeds/", "_state/keys/manifest-")
_LEFT_SECONDS = 86_400
_LOOKED_AT = 1_000  # names of a bucket that holds no lake

Index = dict[str, list[object]]
"""Name to size and tag of every object, as of the last pull."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A writer's private copy; `known` tells each file as it was when the copy was made."""

    root: Path
    mirror: Path
    known: Mapping[str, tuple[int, int, int]]


def pull(mirror: Path) -> None:
    """Make the mirror hold what the store does, as of one committed run or a later moment.

    Raises:
        LakeDamaged: what was listed cannot be fetched.
        StoreRefused, StoreUnavailable: see `lake.store`.
    """
    store = store_of(mirror)
    with _locked(mirror.parent / "lock"):
        # Of a run that is being committed while we list, the row that shows it is left out.
        shown = {found.name for found in store.list(_RUNS_LOG)}
        listed: Index = {
            found.name: [found.size, found.tag]
            for found in store.list(at_most=None if shown else _LOOKED_AT)
            if is_mirrored(found.name)
            and (found.name in shown or not found.name.startswith(_RUNS_LOG))
        }
        if not shown:
            # A lake that is just being made is none; what else lies there, its maker must see.
            ours = {_FEEDS, "_state", *(table.name for table in TABLES)}
            listed = {name: v for name, v in listed.items() if name.split("/")[0] not in ours}
        known = _read_index(mirror)
        changed = [
            name
            for name, value in listed.items()
            if known.get(name) != value or not (mirror / name).exists()
        ]
        _fetch_eager(store, mirror, [name for name in changed if _is_eager(name)])
        for name in changed:
            if not _is_eager(name):
                _write(mirror / name, b"")
        for name in set(walk(mirror)) - set(listed):
            _delete(mirror, name)
        _write_index(mirror, listed)
        _sweep_temporary(mirror.parent / "tmp")


def has_news(mirror: Path) -> bool:
    """Whether a run was committed, or the list of feeds changed, since the last pull.

    Two requests, however large the lake is.

    Raises:
        StoreRefused, StoreUnavailable: see `lake.store`.
    """
    store = store_of(mirror)
    known = _read_index(mirror)
    found = {f.name: [f.size, f.tag] for p in (_RUNS_LOG, _FEEDS) for f in store.list(p)}
    return found != {n: v for n, v in known.items() if n.startswith((_RUNS_LOG, _FEEDS))}


def fetch_files(paths: Iterable[Path]) -> None:
    """Fetch files that stand empty in a mirror or in a writer's copy of it; see `make_present`."""
    wanted: dict[Path, list[str]] = {}
    for path in paths:
        root = _root_of(path)
        if root is not None:
            wanted.setdefault(root, []).append(path.absolute().relative_to(root).as_posix())
    for root, names in wanted.items():
        store = store_of(root)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda name, s=store, r=root: _fetch(s, r, name), names))


@contextmanager
def workspace(mirror: Path) -> Iterator[Workspace]:
    """A copy of the mirror to write in, gone when the block ends; also those of killed writers."""
    folder = mirror.parent
    for left in folder.glob("work-*.lock"):
        _sweep(left)
    name = f"work-{uuid.uuid4().hex}"
    with _locked(folder / f"{name}.lock"):
        root = folder / name
        try:
            yield Workspace(root, mirror, _copy(mirror, root))
        finally:
            shutil.rmtree(root, ignore_errors=True)
            (folder / f"{name}.lock").unlink(missing_ok=True)


def adopt(work: Workspace, written: Mapping[str, str], deleted: Iterable[str]) -> None:
    """Take over into the mirror what the store has now; `written` gives each name's new tag."""
    with _locked(work.mirror.parent / "lock"):
        index = _read_index(work.mirror)
        for name, tag in sorted(written.items(), key=lambda item: item[0].startswith(_RUNS_LOG)):
            _link(work.root / name, work.mirror / name)
            index[name] = [(work.root / name).stat().st_size, tag]
        for name in deleted:
            (work.mirror / name).unlink(missing_ok=True)
            index.pop(name, None)
        _write_index(work.mirror, index)


def tags(mirror: Path) -> Mapping[str, str]:
    """The tag of every object, as of the last pull."""
    return {name: str(tag) for name, (_, tag) in _read_index(mirror).items()}


def store_of(root: Path) -> Store:
    """The store that a mirror, or a writer's copy of it, belongs to."""
    url = remote_url(root)
    assert url is not None, f"{root} is no mirror"
    return open_store(url)


def is_mirrored(name: str) -> bool:
    """Whether a name of the store is one of the mirror."""
    return is_plain(name) and not name.startswith(_NOT_MIRRORED)


def walk(root: Path) -> Iterator[str]:
    """The names of all files below a folder."""
    for folder, _, files in os.walk(root):
        inner = Path(folder).relative_to(root)
        yield from ((inner / file).as_posix() for file in files)


def stat(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced or written to."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _is_eager(name: str) -> bool:
    return name.startswith(_EAGER) or "/_delta_log/" in name


def _fetch_eager(store: Store, mirror: Path, names: list[str]) -> None:
    """The log of `runs` appears last: what its rows name is there."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for group in (
            [name for name in names if not name.startswith(_RUNS_LOG)],
            [name for name in names if name.startswith(_RUNS_LOG)],
        ):
            for name, found in zip(group, pool.map(store.get, group), strict=True):
                if found is not None:  # else it went since it was listed
                    _write(mirror / name, found.data)


def _fetch(store: Store, root: Path, name: str) -> None:
    source = root.parent / MIRROR / name
    if not source.exists() or not stat(source)[1]:
        temporary = _temporary(source)
        try:
            if not store.download(name, temporary):
                raise _missing(store, root, name)
            _verify(store, name, temporary)
            os.replace(temporary, source)
        finally:
            temporary.unlink(missing_ok=True)
    if source != root / name:
        _link(source, root / name)


def _missing(store: Store, root: Path, name: str) -> Exception:
    where = f"is not in {store.url}; if it was purged just now, run again"
    if name.startswith("_state/"):
        return StateDamaged(root / name, where)
    return LakeDamaged(f"{name} {where}, else run `wiretrace doctor`")


def _verify(store: Store, name: str, path: Path) -> None:
    promised = hash_in_name(name)
    if promised is not None and hash_file(path) != promised:
        raise LakeDamaged(f"{store.url}/{name} is not what its name promises")


def _root_of(path: Path) -> Path | None:
    for parent in path.absolute().parents:
        if remote_url(parent) is not None:
            return parent
    return None


def _copy(mirror: Path, root: Path) -> dict[str, tuple[int, int, int]]:
    known = {}
    with _locked(mirror.parent / "lock"):
        for folder, _, files in os.walk(mirror):
            target = root / Path(folder).relative_to(mirror)
            target.mkdir(parents=True)
            for file in files:
                os.link(Path(folder) / file, target / file)
        for name in walk(root):
            known[name] = stat(root / name)
    return known


def _sweep(lock: Path) -> None:
    with suppress(OSError), open(lock, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
        lock.unlink(missing_ok=True)


def _delete(mirror: Path, name: str) -> None:
    """A folder goes with its last file: an empty log would pass for a lake."""
    path = mirror / name
    path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == mirror:
            return
        with suppress(OSError):
            parent.rmdir()


def _sweep_temporary(folder: Path) -> None:
    """What killed processes left; a download under way is younger."""
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _LEFT_SECONDS:
                path.unlink()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _link(source: Path, target: Path) -> None:
    temporary = _temporary(target)
    os.link(source, temporary)
    os.replace(temporary, target)
    temporary.unlink(missing_ok=True)  # both were the same file already


def _write(path: Path, data: bytes) -> None:
    temporary = _temporary(path)
    temporary.write_bytes(data)
    os.replace(temporary, path)


def _temporary(path: Path) -> Path:
    """Outside of what is mirrored, or a look at the folder would find it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for parent in path.parents:
        if (parent / MARKER).exists():
            (parent / "tmp").mkdir(exist_ok=True)
            return parent / "tmp" / uuid.uuid4().hex
    return path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")


def _read_index(mirror: Path) -> Index:
    try:
        index: Index = json.loads((mirror.parent / "index.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return index


def _write_index(mirror: Path, index: Index) -> None:
    _write(mirror.parent / "index.json", json.dumps(index).encode())
