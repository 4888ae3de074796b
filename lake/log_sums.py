"""`_state/log_sums.json`: the hashes of the files of the Delta logs, which carry none.

A flipped bit there can make a writer skip its commit (the number of the last transaction) or a
reader pass over a file (a bound), and nothing would say so. Every commit writes down what it added;
whoever opens a log holds it against that. What is not written down yet is taken as it is: a run was
killed before it came to that, or another program made it. Of a log only what is read is kept: what
came since its last checkpoint, and that.

A lake in an object store has none: its objects are fetched whole, with the store's own checksums.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from lake.fsync import write_durably
from lake.hashes import hash_file, hash_json
from lake.present import remote_url
from schemas.catalog import TABLES

Sums = Mapping[str, str]
_LOG = "_delta_log"
_NAME = re.compile(r"([0-9]{20})\.(json|checkpoint.*\.parquet)")


def sums_path(root: Path) -> Path:
    """Where the hashes are."""
    return root / "_state" / "log_sums.json"


def record_logs(root: Path) -> None:
    """Write down what was added to the logs of the tables, durably, under the lease."""
    if remote_url(root) is not None:
        return
    known = read_sums(root) or {}
    sums = {}
    for table in TABLES:
        for path in _read_files(root / table.name / _LOG):
            name = f"{table.name}/{path.name}"
            sums[name] = known.get(name) or hash_file(path)
    if sums != known:
        value = {"files": sums, "sha256": hash_json(sums)}
        write_durably(sums_path(root), json.dumps(value, indent=0, sort_keys=True).encode())


def check_log(root: Path, table: str) -> None:
    """Hold the log of a table against what was written down of it.

    Raises:
        LakeDamaged: a file of it has changed, or is gone.
        OSError: one cannot be read.
    """
    sums = read_sums(root)
    if not sums or remote_url(root) is not None:
        return
    for name, wanted in sums.items():
        if name.startswith(f"{table}/"):
            path = root / table / _LOG / name.removeprefix(f"{table}/")
            try:
                stat = path.stat()
            except FileNotFoundError:
                if _is_behind(path):
                    continue  # deleted after a checkpoint
                raise _damaged(path, "is gone") from None
            if _hash_once(path, stat.st_mtime_ns, stat.st_size, stat.st_ino) != wanted:
                raise _damaged(path, "has changed since it was written")


def read_sums(root: Path) -> Sums | None:
    """Hash by table and name, empty where nothing was written down; None if it is damaged."""
    path = sums_path(root)
    try:
        stat = path.stat()
    except FileNotFoundError:
        return {}
    return _load(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


@lru_cache(maxsize=16)
def _load(path: Path, *changed: int) -> Sums | None:
    try:
        value = json.loads(path.read_bytes())
        sums: dict[str, str] = value["files"]
        return sums if value["sha256"] == hash_json(sums) else None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _read_files(log: Path) -> list[Path]:
    """What is read of a log: its last checkpoint, and what is not older than that."""
    found = [(match, path) for path in log.glob("*") if (match := _NAME.fullmatch(path.name))]
    checkpoints = [match[1] for match, _ in found if match[2] != "json"]
    newest = max(checkpoints, default="")
    return sorted(path for match, path in found if match[1] >= newest)


def _is_behind(path: Path) -> bool:
    return any(found.name[:20] > path.name[:20] for found in path.parent.glob("*.checkpoint*"))


def _damaged(path: Path, what: str) -> Exception:
    from lake.tables import LakeDamaged  # which opens logs by this module

    return LakeDamaged(f"{path} {what}; run `wiretrace doctor`")


@lru_cache(maxsize=65_536)
def _hash_once(path: Path, *changed: int) -> str:
    """Once for each state of the file: a run opens a log thirty times."""
    return hash_file(path)
