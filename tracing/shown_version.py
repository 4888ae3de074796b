"""Which version of an article is shown: its current one, but of a killed one what was killed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def shown_version(versions: Sequence[Row]) -> Row:
    """Of the rows of all versions, the oldest first, as `articles_now` has them with `pubstatus`.

    Of what was killed the newest that is not the note that killed it.
    """
    current = next(row for row in versions if row["is_current"])
    if current["effective_pubstatus"] != "canceled":
        return current
    return next((row for row in versions[::-1] if row["pubstatus"] != "canceled"), current)
