"""Dates as feeds and newsrooms write them, to UTC (DESIGN.md §4.5, §7).

Strict forms first: ISO 8601 / RFC 3339, RFC 822 with the deviations of real feeds, day and month
name in nine languages, 2024年7月24日. Only then dateparser, on at most 64 characters and with the
language given: it is right, but slow on long input. dateutil and feedparser are not used: the first
reads `GMT+9` as −09:00, the second takes `MSK` for UTC and 30 February for 1 March.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_RAW = 64
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_AHEAD = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """What a date string says: `value` in UTC or None, by which rule, and whether it had a zone."""

    value: dt.datetime | None
    rule: str
    tz_known: bool
    warning: str | None


_TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2})(?:[.,]\d+)?)?"
_ZONE = r"(?P<zone>[A-Za-z]{1,5})?\s*(?P<offset>[+\-\u2212]\d{1,2}(?::?\d{2})?)?"
_ISO = re.compile(
    r"(?P<year>\d{4})(?P<s>[-/.]?)(?P<month>\d{2})(?P=s)(?P<day>\d{2})"
    r"(?:[T\s,]+(?P<hour>\d{2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)?"
    rf"\s*{_ZONE})?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:[^\W\d]+\.?,?\s*){0,2}?(?P<day>\d{1,2})(?:er|st|nd|rd|th|º|\.)?\s*(?:de\s+|-)?"
    r"(?P<name>[^\W\d]+(?:\s[^\W\d]{4,})?)\.?,?\s*(?:de\s+|-|del\s+)?(?P<year>\d{4}|\d{2})"
    r"(?:\s*(?:г\.|года|р\.|року))?"
    rf"(?:[\s,T]+(?:à|at|um|alle|a\s+las|às|в|о)?\s*{_TIME}\s*(?P<half>[ap]\.?m\.?)?\s*{_ZONE})?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(?P<name>[^\W\d]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<year>\d{{4}})(?:[\s,]+(?:at\s+)?{_TIME}\s*(?P<half>[ap]\.?m\.?)?\s*{_ZONE})?",
    re.IGNORECASE,
)
_CTIME = re.compile(
    rf"[a-z]{{3}}\s+(?P<name>[a-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+{_ZONE}\s*(?P<year>\d{{4}})",
    re.IGNORECASE,
)
_CJK = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]"
    rf"(?:\s*(?P<hour>\d{{1,2}})\s*[:時时시]\s*(?P<minute>\d{{1,2}})?\s*[:分분]?"
    rf"\s*(?P<second>\d{{1,2}})?\s*[秒초]?\s*{_ZONE})?"
)
_RULES = (
    ("iso8601", _ISO),
    ("rfc822", _NAMED),
    ("ctime", _CTIME),
    ("month_first", _MONTH_FIRST),
    ("cjk", _CJK),
)


def parse_date(raw: str, language: str | None) -> ParsedDate:
    """Read a date string; `language` (any BCP 47 tag) lets dateparser try what no strict form fits.

    An impossible date (30 February) is null with `date_unparseable`, a year before 1900 or after
    2100 null with `date_absurd`; without a zone, or with one that is
    unknown or ambiguous (`IST`: warning `date_zone_unknown`), the time is taken for UTC and
    `tz_known` is false.
    """
    text = " ".join(raw.split())
    if len(text) > MAX_RAW:
        return _nothing("date_unparseable")
    for rule, pattern in _RULES:
        match = pattern.fullmatch(text)
        if match is not None and (parsed := _from_match(match.groupdict(), rule)) is not None:
            return parsed
    return _by_dateparser(text, language) if language else _nothing("date_unparseable")


def is_absurd(value: dt.datetime, seen_at: dt.datetime) -> bool:
    """Whether a date lies more than two days after it was seen."""
    return value > seen_at + MAX_AHEAD


def _from_match(found: dict[str, str | None], rule: str) -> ParsedDate | None:
    stated = found.get("month")
    month = int(stated) if stated else _months().get(_name(found.get("name")))
    if month is None:
        return None
    offset = _offset(found.get("zone"), found.get("offset"))
    unknown = offset is None and bool(found.get("zone") or found.get("offset"))
    try:
        naive = dt.datetime(
            _year(str(found["year"])),
            month,
            int(found["day"] or 0),
            _hour(int(found.get("hour") or 0), found.get("half")),
            int(found.get("minute") or 0),
            min(int(found.get("second") or 0), 59),  # 60 is a leap second
            int((found.get("fraction") or "0")[:6].ljust(6, "0")),
        )
        value = naive.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=offset or 0)
    except (ValueError, OverflowError):
        return _nothing("date_unparseable", rule)
    warning = "date_zone_unknown" if unknown else None
    return _checked(value, rule, offset is not None, warning)


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


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _offset(zone: str | None, offset: str | None) -> int | None:
    """Minutes east of UTC; None if nothing is stated, or the name is unknown or ambiguous."""
    minutes = None
    if zone:
        minutes = _zones().get(zone.lower())
        if minutes is None:
            return None
    if offset:
        digits = re.sub(r"\D", "", offset)
        hours, rest = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        sign = 1 if offset[0] == "+" else -1
        total = sign * (int(hours) * 60 + int(rest))
        # "GMT+9" is nine hours east of Greenwich, as people mean it, not as POSIX would.
        minutes = total + (minutes or 0) if abs(total) <= 16 * 60 else None
    return minutes


def _name(name: str | None) -> str:
    return (name or "").lower().rstrip(".")


def _by_dateparser(text: str, language: str) -> ParsedDate:
    import dateparser
    from dateparser.conf import SettingValidationError

    settings = {
        "STRICT_PARSING": True,
        "RETURN_AS_TIMEZONE_AWARE": False,
        "PARSERS": ["absolute-time"],
    }
    try:
        value = dateparser.parse(
            text, languages=[language.split("-")[0].lower()], settings=settings
        )
    except (ValueError, OverflowError, SettingValidationError, RecursionError):
        return _nothing("date_unparseable")
    if value is None:
        return _nothing("date_unparseable")
    tz_known = value.tzinfo is not None
    aware = value.astimezone(dt.UTC) if tz_known else value.replace(tzinfo=dt.UTC)
    return _checked(aware, "dateparser", tz_known)


@cache
def _data() -> dict[str, dict[str, object]]:
    return tomllib.loads((files("transforms") / "dates.toml").read_text("utf-8"))


@cache
def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    for names in _data()["months"].values():
        for number, line in enumerate(names, 1):  # type: ignore[arg-type, var-annotated]
            months |= {str(line).lower(): number} | dict.fromkeys(str(line).lower().split(), number)
    return months


@cache
def _zones() -> dict[str, int]:
    return {name: int(str(minutes)) for name, minutes in _data()["zones"].items()}
