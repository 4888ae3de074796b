"""Answers as JSON, for a terminal, a file or a browser: the same text wherever it goes."""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from typing import Any

from tracing.harmless import acts


def json_text(value: Any) -> str:
    """One line of JSON, complete, with every control and direction character escaped.

    JSON has no NaN and no infinity: they are null.
    """
    text = json.dumps(_finite(value), ensure_ascii=False, default=plain)
    return text.translate({ord(c): _escape(c) for c in set(text) if acts(c)})


def plain(value: Any) -> Any:
    """What JSON has no type for: times in ISO 8601, bytes in base64, all else as its text."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value
