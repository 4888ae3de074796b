"""What a stream and those who watch over it tell each other through the lake: `_state/stream`.

`current.json` names the stream whose sources go on: all others end, whether they were asked to or
another was started in their place. `progress.json` is what the newest committed window was, and
whether it was the last. Neither is needed to read the lake.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lake.fsync import write_durably
from lake.tables import Lake


def begin_stream(lake: Lake) -> str:
    """The id of a stream that begins; the sources of any other one end."""
    stream = uuid.uuid4().hex
    _folder(lake).mkdir(parents=True, exist_ok=True)
    write_durably(_folder(lake) / "current.json", json.dumps({"stream": stream}).encode())
    (_folder(lake) / "progress.json").unlink(missing_ok=True)
    return stream


def end_streams(lake: Lake) -> None:
    """Ask the sources to end; the stream is drained when its last window is committed."""
    write_durably(_folder(lake) / "current.json", json.dumps({"stream": None}).encode())


def is_current(lake: Lake, stream: str) -> bool:
    """Should the sources of that stream go on?"""
    try:
        value = json.loads((_folder(lake) / "current.json").read_bytes())
        return bool(value["stream"] == stream)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def write_progress(lake: Lake, progress: Mapping[str, Any]) -> None:
    """Say how far the stream is."""
    _folder(lake).mkdir(parents=True, exist_ok=True)
    write_durably(_folder(lake) / "progress.json", json.dumps(progress, sort_keys=True).encode())


def read_progress(lake: Lake) -> dict[str, Any]:
    """How far the stream is; empty where no window was committed yet, or it cannot be read."""
    try:
        value = json.loads((_folder(lake) / "progress.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _folder(lake: Lake) -> Path:
    return lake.state / "stream"
