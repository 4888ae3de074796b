"""Dates as feeds and newsrooms write them, to UTC (DESIGN.md §4.5, §7).

Strict forms first: ISO 8601 / RFC 3339, RFC 822 with the deviations of real feeds, day and month
name in nine languages, 2024年7月24日, digits only. Only then dateparser, on at most 64 characters,
a year of four digits and a language given: it is right, but slow on long input. dateutil and
feedparser are not used: the first reads `GMT+9` as −09:00, the second takes `MSK` for UTC and
30 February for 1 March. Never read: seconds since 1970, relative dates, dates without a year.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

MAX_RAW = 256
MAX_DATEPARSER = 64
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_AHEAD = dt.timedelta(days=2)
# Kiritimati is 14 hours ahead, the widest; RFC 822 readers meet nothing beyond.
MAX_OFFSET = 14 * 60
_COUNTED_FROM = ("msk", "мск")


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """What a date string says: `value` in UTC or None, by which rule, and whether it had a zone."""

    value: dt.datetime | None
    rule: str
    tz_known: bool
    warning: str | None


# Blanks are single (`_clean`), and every repetition is bounded or ends in a mandatory character,
# so that no input of `MAX_RAW` characters makes a pattern backtrack for long.
_HALF = r"(?P<half>[ap]\.?m\b\.?|[صم]\b)?"
_TIME = (
    r"(?P<hour>\d{1,2})(?: ?h ?|[:.])(?P<minute>\d{1,2})"
    r"(?:[:.](?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,12}))?)?"
)
# A second name after zone or offset ("+0900 KST") repeats what was said.
_ZONE = (
    r"(?P<zone>[^\W\d_]{1,5})? ?(?P<offset>[+\-\u2212]\d{1,2}(?::?\d{2})?)?"
    r"(?: (?P<again>[^\W\d_]{2,5}))?"
)
_WORDS = r"(?:[^\W\d_]{1,20}(?:[.,] ?| )){0,3}"
_FORMS = {
    "rfc822": r"(?:[^\W\d_]{2,12}[.,]{0,2} ?)?(?P<day>\d{1,2})[ -](?P<name>[^\W\d_]{3,12})\.?[ -]"
    r"(?P<year>\d{4}|\d{2}),? (?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})"
    rf"(?:\.(?P<fraction>\d{{1,12}}))?)? ?{_HALF} ?{_ZONE}",
    "iso8601": r"(?P<year>\d{4})(?P<s>[-/.]?)(?P<month>\d{2})(?P=s)(?P<day>\d{2})"
    r"(?:(?:[T_]|,? )(?P<hour>\d{2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})"
    rf"(?:[.,](?P<fraction>\d{{1,12}}))?)?)?)? ?{_ZONE}",
    # Exactly 14 digits: 10 or 13 are seconds or milliseconds since 1970.
    "compact": r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)",
    "day_month": rf"{_WORDS}(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|[ºª.])?[ -]?(?:de |of )?"
    r"(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{4,8})?)[.,]{0,2}[ -]?(?:de |del |d')?"
    r"(?P<year>\d{4}|\d{2})"
    r"(?: ?(?:г\.?|года|р\.?|року))?"
    rf"(?:,? (?:[-–—|·] )?(?:(?:à|at|um|alle|ore|a las|a les|às|в|о|об) )?{_TIME} ?{_HALF}"
    rf"(?: ?uhr)? ?{_ZONE})?",
    "month_day": rf"{_WORDS}(?P<name>[^\W\d_]{{3,12}})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? "
    rf"(?P<year>\d{{4}})(?:,? (?:at )?{_TIME} ?{_HALF} ?{_ZONE})?",
    "ctime": rf"[a-z]{{3}} (?P<name>[a-z]{{3}}) (?P<day>\d{{1,2}}) {_TIME} ?{_ZONE} ?"
    r"(?P<year>\d{4})",
    "year_first": r"(?P<year>\d{4})(?: ?[年년] ?|\. ?|-|/)(?P<month>\d{1,2})(?: ?[月월] ?|\. ?|-|/)"
    r"(?P<day>\d{1,2})(?: ?[日일]|\.)?(?: ?[(（][^)）]{1,3}[)）]| ?(?:星期|[周週])[^\W\d_])?"
    r"(?:[ T]?(?P<half>[上下]午|午[前後]|오[전후])? ?(?P<hour>\d{1,2}) ?[:：点點時时시] ?"
    rf"(?:(?P<minute>\d{{1,2}}) ?[:：分분]? ?(?:(?P<second>\d{{1,2}}) ?[秒초]?)?)? ?{_ZONE})?",
    "day_first": rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?:,? {_TIME}"
    rf"(?: ?uhr)? ?{_ZONE})?",
    "numeric": r"(?P<day>\d{1,2})(?P<s>[-/])(?P<month>\d{1,2})(?P=s)(?P<year>\d{4})"
    rf"(?:,? {_TIME} ?{_HALF} ?{_ZONE})?",
}
_PATTERNS = {rule: re.compile(form, re.IGNORECASE) for rule, form in _FORMS.items()}
RULES = (*_FORMS, "dateparser", "none")
_INVISIBLE = dict.fromkeys([0x200E, 0x200F, 0x061C, 0xFEFF, *range(0x202A, 0x202F)])
_COMMENT = re.compile(r" ?\(([^()]{1,60})\)$")


def parse_date(raw: str, language: str | None) -> ParsedDate:
    """Read a date string; `language` (any BCP 47 tag) decides what no strict form says alone.

    Null with `date_unparseable`: no form fits, the day does not exist (30 February), or 03/04/2024
    with no language to say which is the month (plain `en` does not: London and New York differ).
    Null with `date_absurd`: a year before 1900 or after 2100. Without a zone, or with one that is
    unknown or ambiguous (`IST`: warning `date_zone_unknown`), the time is taken for UTC and
    `tz_known` is false; a date alone is its midnight. `rule` is one of `RULES`.
    """
    if len(raw) > MAX_RAW:
        return _nothing("date_unparseable")
    text = _clean(raw)
    for rule, pattern in _PATTERNS.items():
        match = pattern.fullmatch(text)
        if match is not None and (found := _from_match(match.groupdict(), rule, language)):
            return found
    return _by_dateparser(text, language) if language else _nothing("date_unparseable")


def is_absurd(value: dt.datetime, seen_at: dt.datetime) -> bool:
    """Whether a date lies more than two days after it was seen."""
    return value - MAX_AHEAD > seen_at


def _clean(raw: str) -> str:
    """One blank between words, no direction marks, a zone in parentheses as a plain name."""
    text = " ".join(raw.translate(_INVISIBLE).split())
    if not text.endswith(")"):
        return text
    return _COMMENT.sub(lambda found: f" {found[1]}" if len(found[1]) <= 5 else "", text)


def _from_match(found: dict[str, str | None], rule: str, language: str | None) -> ParsedDate | None:
    day, month = int(found["day"] or 0), _month(found)
    if month is None:
        return None
    if rule == "numeric":
        if (month_first := _is_month_first(day, month, language)) is None:
            return _nothing("date_unparseable", rule)
        day, month = (month, day) if month_first else (day, month)
    offset = _offset(found.get("zone"), found.get("offset"))
    try:
        value = dt.datetime(_year(str(found["year"])), month, day, tzinfo=dt.UTC) + _clock(found)
        value -= dt.timedelta(minutes=offset or 0)
    except ValueError:
        return _nothing("date_unparseable", rule)
    except OverflowError:  # beyond the first or last year of the calendar
        return _nothing("date_absurd", rule)
    unknown = offset is None and bool(found.get("zone") or found.get("offset"))
    return _checked(value, rule, offset is not None, "date_zone_unknown" if unknown else None)


def _checked(
    value: dt.datetime, rule: str, tz_known: bool, warning: str | None = None
) -> ParsedDate:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return _nothing("date_absurd", rule)
    return ParsedDate(value, rule, tz_known, warning)


def _nothing(warning: str, rule: str = "none") -> ParsedDate:
    return ParsedDate(None, rule, False, warning)


def _year(text: str) -> int:
    # RFC 2822 §4.3: two digits up to 49 are of this century.
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 50 else 1900)


def _month(found: dict[str, str | None]) -> int | None:
    if stated := found.get("month"):
        return int(stated)
    return _months().get((found.get("name") or "").lower())


def _is_month_first(first: int, second: int, language: str | None) -> bool | None:
    """Whether 07/24/2024 is meant; None if neither the numbers nor the language tell."""
    if first > 12 or first == second:
        return False
    if second > 12:
        return True
    primary, _, region = (language or "").replace("_", "-").lower().partition("-")
    if primary in ("", "en"):
        return {"": None, "us": True}.get(region, False)
    return False


def _clock(found: dict[str, str | None]) -> dt.timedelta:
    """The time of day; 24:00 is the next midnight (ISO 8601), second 60 a leap second."""
    hour, minute, second = (int(found.get(part) or 0) for part in ("hour", "minute", "second"))
    hour = _hour(hour, found.get("half"))
    if minute > 59 or second > 60 or (hour, minute, second) > (24, 0, 0):
        raise ValueError("no such time of day")
    micros = int((found.get("fraction") or "0")[:6].ljust(6, "0"))
    return dt.timedelta(hours=hour, minutes=minute, seconds=min(second, 59), microseconds=micros)


def _hour(hour: int, half: str | None) -> int:
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if _data()["halves"][half.lower().replace(".", "")] else 0)


def _offset(zone: str | None, offset: str | None) -> int | None:
    """Minutes east of UTC; None if nothing is stated, or what is stated says nothing certain."""
    zone = (zone or "").lower()
    base: int | None = _data()["zones"].get(zone)
    if not offset:
        return base
    digits = re.sub(r"\D", "", offset)
    hours, rest = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    total = (int(hours) * 60 + int(rest)) * (1 if offset[0] == "+" else -1)
    # "GMT+9" is nine hours east of Greenwich, as people mean it, not as POSIX would; "MSK+2" is
    # Moscow's time and two hours. "EDT -0400" says one thing twice.
    if base and zone in _COUNTED_FROM and len(digits) <= 2:
        total += base
    return total if abs(total) <= MAX_OFFSET else None


_dateparser = threading.Lock()


def _by_dateparser(text: str, language: str) -> ParsedDate:
    # Without a year dateparser asks the clock for one.
    if len(text) > MAX_DATEPARSER or not re.search(r"\d{4}", text):
        return _nothing("date_unparseable")
    primary = re.split("[-_]", language)[0].lower()
    try:
        # Its language loader fills shared tables without a lock of its own.
        with _dateparser:
            value = _ask_dateparser(text, primary)
    except Exception:
        # It raises what its authors did not foresee (unknown languages, regex and overflow errors).
        return _nothing("date_unparseable")
    if value is None:
        return _nothing("date_unparseable")
    tz_known = value.tzinfo is not None
    aware = value.astimezone(dt.UTC) if tz_known else value.replace(tzinfo=dt.UTC)
    return _checked(aware, "dateparser", tz_known)


def _ask_dateparser(text: str, language: str) -> dt.datetime | None:
    import dateparser

    settings: Any = {
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        # Neither the machine's zone nor its clock may show in a result.
        "TIMEZONE": "UTC",
        "RELATIVE_BASE": dt.datetime(2000, 1, 1),
    }
    found: dt.datetime | None = dateparser.parse(text, languages=[language], settings=settings)
    return found


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("transforms") / "dates.toml").read_text("utf-8"))


@cache
def _months() -> dict[str, int]:
    return {name: number for names in _data()["months"].values() for name, number in names.items()}
