"""What a stream and those who watch over it tell each other through the lake: `_state/stream`.

`current.json` names the stream whose sources go on: all others end, whether they were asked to or
another was started in their place. `progress.json` is what the newest committed window was, and
whether it was the last. Neither is needed to read the lake.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from lake.fsync import write_durably
from lake.present import is_mirror
from lake.tables import Lake

_FOLDER = "_state/stream/"


def begin_stream(lake: Lake) -> str:
    """The id of a stream that begins; the sources of any other one end."""
    stream = uuid.uuid4().hex
    _write(lake, "current.json", {"stream": stream})
    _write(lake, "progress.json", {})
    return stream


def end_streams(lake: Lake) -> None:
    """Ask the sources to end; the stream is drained when its last window is committed."""
    _write(lake, "current.json", {"stream": None})


def is_current(lake: Lake, stream: str) -> bool:
    """Should the sources of that stream go on?"""
    return _read(lake, "current.json").get("stream") == stream


def write_progress(lake: Lake, progress: Mapping[str, Any]) -> None:
    """Say how far the stream is."""
    _write(lake, "progress.json", progress)


def read_progress(lake: Lake) -> dict[str, Any]:
    """How far the stream is; empty where no window was committed yet, or it cannot be read."""
    return _read(lake, "progress.json")


def _write(lake: Lake, name: str, value: Mapping[str, Any]) -> None:
    data = json.dumps(value, sort_keys=True).encode()
    if is_mirror(lake.root):
        from lake.mirror import store_of

        store_of(lake.root).put(_FOLDER + name, data)
        return
    path = lake.root / (_FOLDER + name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, data)


def _read(lake: Lake, name: str) -> dict[str, Any]:
    try:
        if is_mirror(lake.root):
            from lake.mirror import store_of

            found = store_of(lake.root).get(_FOLDER + name)
            value = json.loads(found.data) if found else {}
        else:
            value = json.loads((lake.root / (_FOLDER + name)).read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
