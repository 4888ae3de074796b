"""What a stream and those who watch over it tell each other through the lake: `_state/stream`.

`stop` asks the sources to end. `progress.json` is what the newest committed window was, and whether
it was the last. Neither is needed to read the lake.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lake.fsync import write_durably
from lake.tables import Lake


def request_stop(lake: Lake) -> None:
    """Ask the sources of the lake's stream to end; it is drained when its windows are committed."""
    _folder(lake).mkdir(parents=True, exist_ok=True)
    write_durably(_folder(lake) / "stop", b"")


def withdraw_stop(lake: Lake) -> None:
    """A new stream begins: what was asked of the last one, and what it said, is over."""
    for name in ("stop", "progress.json"):
        (_folder(lake) / name).unlink(missing_ok=True)


def is_stop_requested(lake: Lake) -> bool:
    """Should the sources end?"""
    return (_folder(lake) / "stop").exists()


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
