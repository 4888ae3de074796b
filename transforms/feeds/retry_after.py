"""`Retry-After`: when a host wants to be asked again (RFC 9110 §10.2.3)."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

# A host that asks for a year has made a mistake; one that asks for a month is obeyed.
LONGEST = dt.timedelta(days=30)
_SECONDS = re.compile(r"[0-9]{1,10}")


def read_retry_after(value: str | None, now: dt.datetime) -> dt.datetime | None:
    """The time that a header names, as seconds or as a date; None where it names none."""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return now + min(dt.timedelta(seconds=int(text)), LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until.replace(tzinfo=dt.UTC) if until.tzinfo is None else until.astimezone(dt.UTC)
    return min(max(until, now), now + LONGEST)
