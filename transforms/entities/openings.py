"""Where a sentence or a quotation opens."""

from __future__ import annotations

import re

_OPENS = re.compile(r"(?:^|[\n.!?…:;«“„\"»”(\[–—-])[\s«“„\"'(]*$")


def opens(text: str, start: int) -> bool:
    """Whether a sentence or a quotation opens at `start`."""
    return start == 0 or _OPENS.search(text, max(0, start - 4), start) is not None
