"""Headlines that name their own day: weather, rates, daily reports; each day's is news of its own.

`Курсы валют на 15 сентября: …` and `Курсы валют на 16 сентября: …` share nearly all words and tell
two things. Month names: Unicode CLDR.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale, UnknownLocaleError

_CHINESE = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]")
_CHARACTERS = 300


def bulletin_of(headline: str, outlet: str, language: str) -> tuple[str, str] | None:
    """Which series a headline belongs to, and its day; None if it names no day of the year.

    A series is an outlet's headlines that begin with the same words up to the day, weekday aside.
    """
    found = _dates(language).search(headline[:_CHARACTERS].casefold())
    if found is None:
        return None
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
