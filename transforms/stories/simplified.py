"""Traditional Chinese signs as simplified ones, so that both scripts have the same words."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parents[1] / "language.toml"


def simplified(text: str) -> str:
    """The text with the signs that only traditional Chinese has replaced, one by one."""
    return text.translate(_signs())


@functools.cache
def _signs() -> Mapping[int, str]:
    pairs = tomllib.loads(_TABLE.read_text("utf-8"))["chinese"].split()
    return {ord(pair[0]): pair[1] for pair in pairs}
