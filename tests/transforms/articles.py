"""Articles for tests of taggers: plain values for what a tagger does not look at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schemas.article import Article

NOON = dt.datetime(2024, 5, 6, 12, tzinfo=dt.UTC)


def article(name: str = "a", **columns: Any) -> Article:
    """An article of that id; what is not given has plain values."""
    given: dict[str, Any] = {
        "article_id": name, "version_id": f"{name}-1", "outlet": "example.org",
        "outlet_rule": "option", "language": "fr", "first_seen": NOON, "content_hash": "c",
        "source_uri": "drop/a.txt", "source_format": "text", "raw_sha256": "r", "run_id": "run",
        "date": NOON.date(),
    }  # fmt: skip
    return Article(**{**given, **columns})
