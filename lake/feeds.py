"""What a lake knows of feeds: the list that the user keeps, and the health of each.

`LAKE/feeds.toml` is the user's: they may edit it. `_state/feeds/<sequence>.json` is derived: what
is remembered of each feed after that turn (validators, when it is due). A file says which run it
`requires`: a validator that is ahead of its items would make the next answer a 304, and the items
were lost. So a file counts only once that run is committed; files of runs that were not are swept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lake.fsync import write_durably
from lake.tables import Lake

_NAME = re.compile(r"([0-9]{12})\.json")
# The newest one is read; the one before it stands in where a power cut took the newest.
KEPT = 2


def list_path(lake: Lake) -> Path:
    """Where the list of feeds is."""
    return lake.root / "feeds.toml"


def read_feed_list(lake: Lake) -> str:
    """The list's text; empty where there is none yet.

    Raises:
        OSError, UnicodeDecodeError: it cannot be read.
    """
    try:
        return list_path(lake).read_text("utf-8")
    except FileNotFoundError:
        return ""


def write_feed_list(lake: Lake, text: str) -> None:
    """Replace the list as a whole. Call it under the lease: two commands may add at once."""
    write_durably(list_path(lake), text.encode())


def read_health(lake: Lake, committed: int) -> dict[str, Mapping[str, Any]]:
    """What is remembered of each feed, by its address, as of the newest committed run.

    A damaged file is as good as none: feeds are then asked in full, and nothing is lost.
    """
    for path in _files(lake):
        value = _load(path)
        if value is not None and value["requires"] <= committed:
            return dict(value["feeds"])
    return {}


def write_health(
    lake: Lake, sequence: int, requires: int, feeds: Mapping[str, Mapping[str, Any]]
) -> None:
    """Remember every feed, under the lease of `sequence`, before the plan of that run is written.

    `requires` is the run whose items the memory is about: this one, or, where nothing was there to
    commit, the newest that is.
    """
    folder = _folder(lake)
    folder.mkdir(parents=True, exist_ok=True)
    value = {"requires": requires, "feeds": feeds}
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    write_durably(folder / f"{sequence:012d}.json", text.encode("utf-8", "replace"))


def prune_health(lake: Lake, committed: int) -> None:
    """Delete the memory of runs that were never committed, and all but the newest of the others.

    Safe only under the lease, when what was left half done is finished or swept.
    """
    kept = 0
    for path in _files(lake):
        value = _load(path)
        if kept < KEPT and value is not None and value["requires"] <= committed:
            kept += 1
        else:
            path.unlink(missing_ok=True)
    for leftover in _folder(lake).glob(".*.tmp"):
        leftover.unlink(missing_ok=True)


def _folder(lake: Lake) -> Path:
    return lake.state / "feeds"


def _files(lake: Lake) -> Iterator[Path]:
    """Newest first."""
    names = (path for path in _folder(lake).glob("*.json") if _NAME.fullmatch(path.name))
    yield from sorted(names, reverse=True)


def _load(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    fits = isinstance(value, dict) and isinstance(value.get("requires"), int)
    feeds = value.get("feeds") if fits else None
    return value if isinstance(feeds, dict) and all(map(_is_record, feeds.values())) else None


def _is_record(value: object) -> bool:
    return isinstance(value, dict)
