"""The thresholds of copies, which are data: thresholds.toml says what each of them means."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

LIMITS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("thresholds.toml").read_text("utf-8")
)
