"""Files of a lake that lies in an object store: here once something reads them.

Such a lake has a mirror, a folder with a file of every name (`lake/mirror.py`); an empty one stands
for what was not fetched yet. A lake on disk has no empty file, and pays a look at each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

# Beside the mirror's folder, and beside a writer's copy of it.
MARKER = "wiretrace-mirror.json"
MIRROR = "lake"


def remote_url(root: Path) -> str | None:
    """The address of the lake that a folder mirrors; None for a lake on disk."""
    try:
        url: str = json.loads((root.absolute().parent / MARKER).read_bytes())["url"]
    except FileNotFoundError:
        return None
    return url


def is_mirror(root: Path) -> bool:
    """Whether a folder is a mirror: not a lake on disk, and no writer's copy either."""
    return root.name == MIRROR and remote_url(root) is not None


def shown(root: Path) -> str:
    """How to name a lake to its user."""
    return remote_url(root) or str(root)


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
