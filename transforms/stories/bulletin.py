"""Series of an outlet: weather, rates, lotteries, weekly columns; each day's is news of its own.

`Курсы валют на 15 сентября: …` and `Курсы валют на 16 сентября: …` share nearly all words and tell
two things; so do two articles under one headline on two days. Month names: Unicode CLDR.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from babel import Locale, UnknownLocaleError

_CHINESE = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]")
_CHARACTERS = 300


def bulletin_of(
    headline: str, outlet: str, language: str, published: dt.datetime | None
) -> tuple[str, str] | None:
    """Which series a headline may belong to, and its day.

    A series is an outlet's headlines that begin with the same words up to the day that they name,
    weekday aside; or that are the same but for figures, and then the day is that of publication.
    None without a headline, or without a day.
    """
    found = _dates(language).search(headline[:_CHARACTERS].casefold())
    if found is None:
        words = re.findall(r"[^\W\d]+", headline[:_CHARACTERS].casefold())
        if published is None or not words:
            return None
        return f"{outlet} = {' '.join(words)}", published.astimezone(dt.UTC).date().isoformat()
    groups = found.groupdict()
    month = next(value for name, value in groups.items() if name.startswith("month") and value)
    day = next(value for name, value in groups.items() if name.startswith("day") and value)
    weekdays = _weekdays(language)
    opening = re.findall(r"\w+", found.string[: found.start()])
    words = [word for word in opening if word not in weekdays]
    return f"{outlet} {' '.join(words)}", f"{int(day)} {month}"


@cache
def _dates(language: str) -> re.Pattern[str]:
    if language in ("zh", "ja"):
        return _CHINESE
    months = {
        name.casefold()
        for context in ("format", "stand-alone")
        for name in _locale(language).months[context]["wide"].values()
    }
    month = "|".join(sorted(map(re.escape, months), key=lambda name: (-len(name), name)))
    return re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:\.|º|er|st|nd|rd|th)?\s+(?:de\s+|of\s+)?(?P<month>{month})\b"
        rf"|\b(?P<month2>{month})\s+(?P<day2>\d{{1,2}})\b"
    )


@cache
def _weekdays(language: str) -> frozenset[str]:
    days = _locale(language).days
    return frozenset(
        name.casefold()
        for context in ("format", "stand-alone")
        for name in days[context]["wide"].values()
    )


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en")
