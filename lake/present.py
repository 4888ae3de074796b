"""Files of a lake that lies in an object store: here once something reads them.

Such a lake has a mirror, a folder with a file of every name (`lake/mirror.py`); an empty one stands
for what was not fetched yet. A lake on disk has no empty file, and pays a look at each.

Loads nothing large: threads of libraries must not start before a command has blocked its signals.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from lake.store import is_address, parse_address

# Beside the mirror's folder, and beside a writer's copy of it.
MARKER = "wiretrace-mirror.json"
MIRROR = "lake"


def mirror_of(url: str) -> Path:
    """Where the mirror of the lake at an address lies; made if it is not there, and still empty.

    Raises:
        StoreRefused: the address is none.
        OSError: the cache cannot be written.
    """
    scheme, bucket, prefix = parse_address(url)
    url = f"{scheme}://{bucket}/{prefix}".rstrip("/")
    folder = _cache() / "lakes" / hashlib.sha256(url.encode()).hexdigest()[:32]
    # What it holds may be under embargo.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mirror = folder / MIRROR
    mirror.mkdir(exist_ok=True)
    if not (folder / MARKER).exists():
        temporary = folder / f".{uuid.uuid4().hex}.tmp"
        temporary.write_text(json.dumps({"url": url}))
        os.replace(temporary, folder / MARKER)
    return mirror


def remote_url(root: Path) -> str | None:
    """The address of the lake that a folder mirrors; None for a lake on disk."""
    try:
        url: str = json.loads((root.absolute().parent / MARKER).read_bytes())["url"]
    except OSError:  # what is wrong with the folder, whoever opens it says
        return None
    return url


def is_mirror(root: Path) -> bool:
    """Whether a folder is a mirror: not a lake on disk, and no writer's copy either."""
    return root.name == MIRROR and remote_url(root) is not None


def shown(root: Path) -> str:
    """How to name a lake to its user."""
    return remote_url(root) or str(root)


def named(root: Path) -> str:
    """What leads to a lake on another machine too, where `root_of` makes a folder of it."""
    return remote_url(root) or str(root.absolute())


def root_of(name: str) -> Path:
    """The folder of the lake that was `named` so.

    Raises:
        OSError: see `mirror_of`.
    """
    return mirror_of(name) if is_address(name) else Path(name)


def make_present(paths: Iterable[str | Path]) -> None:
    """Fetch those files of a mirror that were not yet; whoever opens a file of a lake asks first.

    Raises:
        LakeDamaged: the store does not have one, or its bytes are not those its name promises.
        StoreRefused, StoreUnavailable: see `lake.store`.
    """
    empty = [Path(path) for path in paths if _is_empty(path)]
    if empty:
        from lake.mirror import fetch_files

        fetch_files(empty)


def _is_empty(path: str | Path) -> bool:
    try:
        return os.stat(path).st_size == 0
    except OSError:  # whoever opens it says so
        return False


def _cache() -> Path:
    named = os.environ.get("WIRETRACE_CACHE")
    if named:
        return Path(named).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "wiretrace"
