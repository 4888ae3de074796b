"""Times, spans and numbers as people read them on a page."""

from __future__ import annotations

import datetime as dt

# Not `%b`, which follows the locale.
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def day(time: dt.date) -> str:
    """`12 Mar 2024`; of a time its day in UTC."""
    date = time.astimezone(dt.UTC) if isinstance(time, dt.datetime) else time
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def minute_of_day(time: dt.datetime) -> str:
    """`10:20`, in UTC."""
    return f"{time.astimezone(dt.UTC):%H:%M}"


def day_and_minute(time: dt.datetime) -> str:
    """`12 Mar 2024, 10:20 UTC`."""
    return f"{day(time)}, {minute_of_day(time)} UTC"


def hours(number: float) -> str:
    """A span of hours, not negative: `45 min`, `7 h 22 min`, `2 d 5 h`."""
    minutes = round(number * 60)
    if number > 0 and not minutes:
        return "less than a minute"
    days, rest = divmod(minutes, 24 * 60)
    whole, left = divmod(rest, 60)
    parts = [(days, "d"), (whole, "h"), (left if not days else 0, "min")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value) or "0 min"


def lasting(span: dt.timedelta) -> str:
    """How long something took: `4 s`, `2 min 4 s`, from an hour on as `hours` has it."""
    seconds = max(0, round(span.total_seconds()))
    if seconds >= 60 * 60:
        return hours(seconds / 60 / 60)
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def share(part: float) -> str:
    """`81 %`; what is not all is never shown as all, what is not nothing not as nothing."""
    percent = round(part * 100)
    if percent == 100 and part < 1:
        percent = 99
    return "under 1 %" if percent == 0 and part > 0 else f"{percent} %"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`1 article`, `12,000 articles`."""
    what = singular if number == 1 else plural or f"{singular}s"
    return f"{number:,} {what}"


def shortened(text: str, most: int) -> str:
    """At most so many characters, the last one `…` if there are more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
