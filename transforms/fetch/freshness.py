"""How long an answer says it stays fresh (RFC 9111 §4.2.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
_NO_STORE = re.compile(r"(?:^|[,\s])no-(?:store|cache)\b(?!\s*=)", re.IGNORECASE)


def find_max_age(headers: Mapping[str, str]) -> int | None:
    """Seconds by `Cache-Control: max-age`, else by `Expires` less `Date`; None where unsaid.

    `headers` has lower-case names.
    """
    control = headers.get("cache-control", "")
    if _NO_STORE.search(control):
        return None
    if found := _MAX_AGE.search(control):
        return int(found[1])
    try:
        expires = parsedate_to_datetime(headers["expires"])
        seconds = (expires - parsedate_to_datetime(headers["date"])).total_seconds()
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
    return int(seconds) if seconds > 0 else None
