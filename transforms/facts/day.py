"""Days that a text names: with their date, or as seen from the article's own.

A date is read as the language writes it. One without a year is the nearest to the article's, if
that is less than half a year away. A weekday is the last one up to the article's day if the verb
beside it tells what was, the next if it tells what will be; where nothing tells, or both, it is no
date. Without a date of the article nothing but full dates is one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.facts.lexicon import DIGITS, Tense, Words, limits

_D = f"[{DIGITS}]"
_YEAR = rf"((?:1[0-9]|20|١[٠-٩]|٢٠){_D}{{2}})(?!{_D})"
_SEPARATED = re.compile(rf"({_D}{{1,4}})([./-])({_D}{{1,2}})\2({_D}{{1,4}})\Z")
_MONTH_BEHIND = re.compile(
    r"(?:\.?[º°ª]|st|nd|rd|th|er|\.|-?го|-?е)?[ \u00a0]{1,2}"
    r"(?:(?:of|de|di|من|de l|d)['’ \u00a0])?"
    r"([^\W\d_]+(?: [^\W\d_]+)?)(\.?)"
)
_YEAR_BEHIND = re.compile(
    rf"(?:/[^\W\d_]+)?\.?,?[ \u00a0](?:(?:de|del|of|عام|سنة)[ \u00a0])?{_YEAR}"
    r"(?:[ \u00a0](?:года?|г\.|yılında)(?!\w))?"
)
_ORDINAL = re.compile("(?:st|nd|rd|th)?")
_CHINESE = re.compile(rf"(?:({_D}{{4}})年)?(?:({_D}{{1,2}})月)?({_D}{{1,2}})(?:[日号號])")
_CHINESE_MORE = frozenset("内间后前游元起")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_MOST_RELATIVE = 50
_SENTENCE, _BESIDE = 100, 8
_LEFT_WORDS, _RIGHT_WORDS = 8, 6
_FULL_STOPS = ".!?\n。！？؟"


class Day(NamedTuple):
    """`text[start:end]` names a day; `date` None where it is not certain which."""

    start: int
    end: int
    date: dt.date | None


def read_day(
    text: str, start: int, end: int, words: Words, published: dt.date | None
) -> Day | None:
    """The date that the digits at `text[start:end]` are part of; None if they are of none."""
    if not words.spaced:
        return _chinese(text, start, published) or _separated(text, start, end, words)
    if end - start > 2:
        return _separated(text, start, end, words)
    day = int(text[start:end])
    if not 1 <= day <= 31:
        return None
    return _month_behind(text, start, end, day, words, published) or (
        _month_before(text, start, end, day, words, published) if words.month_first else None
    )


def _separated(text: str, start: int, end: int, words: Words) -> Day | None:
    """`03.05.2024`, `2024-05-03`; day and month in English only where they cannot be exchanged."""
    match = _SEPARATED.match(text, start, end)
    if match is None:
        return None
    first, middle, last = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        return Day(start, end, _date(first, middle, last))
    if len(match[4]) != 4:
        return Day(start, end, None)
    if words.month_first:
        if first != middle and first <= 12 and middle <= 12:
            return Day(start, end, None)
        first, middle = max(first, middle), min(first, middle)
    return Day(start, end, _date(last, middle, first))


def _chinese(text: str, start: int, published: dt.date | None) -> Day | None:
    match = _CHINESE.match(text, start)
    if match is None:
        return None
    day, end = int(match[3]), match.end()
    if match[1]:
        date = _date(int(match[1]), int(match[2]), day) if match[2] else None
    elif match[2]:
        date = _nearest(int(match[2]), day, published)
    else:
        date = _day_alone(day, published)
    sure = match[2] or text[end : end + 1] not in _CHINESE_MORE
    return Day(start, end, date if sure else None)


def _month_behind(
    text: str, start: int, end: int, day: int, words: Words, published: dt.date | None
) -> Day | None:
    match = _MONTH_BEHIND.match(text, end)
    if match is None:
        return None
    name = match[1]
    stop = match.start(2)
    month = words.months.get(name.lower())
    if month is None and " " in name:
        name = name.partition(" ")[0]
        stop = match.start(1) + len(name)
        month = words.months.get(name.lower())
    if month is None or (words.month_first and not name[0].isupper()):
        return None
    return _with_year(text, start, stop, day, month, name, words, published)


def _month_before(
    text: str, start: int, end: int, day: int, words: Words, published: dt.date | None
) -> Day | None:
    head = text[max(0, start - 12) : start]
    name = head.rstrip(" \u00a0.").rpartition(" ")[2].lstrip("(\n\u00a0“\"‘'")
    month = words.months.get(name.lower())
    if month is None or not head[-1:].isspace() or not name[0].isupper():
        return None
    stop = _ORDINAL.match(text, end)
    found = _with_year(text, start, stop.end() if stop else end, day, month, name, words, published)
    begin = start - len(head) + head.rindex(name)
    return found and Day(begin, found.end, found.date)


def _with_year(
    text: str,
    start: int,
    end: int,
    day: int,
    month: int,
    name: str,
    words: Words,
    published: dt.date | None,
) -> Day | None:
    year = _YEAR_BEHIND.match(text, end)
    if year is not None:
        return Day(start, year.end(), _date(int(year[1]), month, day))
    # Short names are words too (`mar`, `set`): alone they need the stop of an abbreviation.
    if name.lower() in words.short_months and text[end : end + 1] != "." and not words.month_first:
        return None
    return Day(start, end, _nearest(month, day, published))


def _date(year: int, month: int, day: int) -> dt.date | None:
    first, last = limits()["years"]
    try:
        return dt.date(year, month, day) if first <= year <= last else None
    except ValueError:
        return None


def _nearest(month: int, day: int, published: dt.date | None) -> dt.date | None:
    """The day of a month that lies nearest to the article's, None if that is half a year away."""
    if published is None:
        return None
    near = dt.timedelta(limits()["days_near"])
    for year in (published.year, published.year - 1, published.year + 1):
        date = _date(year, month, day)
        if date is not None and abs(date - published) <= near:
            return date
    return None


def _day_alone(day: int, published: dt.date | None) -> dt.date | None:
    """The nearest day of that number, if it is in the same week or so."""
    if published is None:
        return None
    near = limits()["day_alone"]
    days = (published + dt.timedelta(off) for off in range(-near, near + 1))
    return next((date for date in days if date.day == day), None)


def relative_days(
    text: str, spots: list[tuple[int, str]], dated: list[Day], words: Words, published: dt.date
) -> Iterator[Day]:
    """The days that words name from the article's own: `yesterday`, `mardi`.

    `spots` are (offset, word) of such words in order, `dated` the dates with digits: a weekday
    beside one is the same day.
    """
    taken = {offset for day in dated for offset in range(day.end, day.end + _BESIDE)}
    named: Day | None = None
    for start, word in spots[:_MOST_RELATIVE]:
        end = start + len(word)
        if word in words.days:
            named = _named(text, start, end, words, published)
            if named.date is not None:
                yield named
        elif start in taken or _digits_follow(text, end) or _joins(text, named, start):
            continue
        else:
            date = _weekday(text, start, end, words, published)
            if date is not None:
                yield Day(start, end, date)


def _named(text: str, start: int, end: int, words: Words, published: dt.date) -> Day:
    """`hier`; no date where a weekday behind it says another, or it is part of a phrase."""
    before = _WORD.findall(text[max(0, start - 20) : start])
    if words.spaced and before and before[-1].lower() in words.not_after:
        return Day(start, end, None)
    date = published + dt.timedelta(words.days[text[start:end]])
    for word in _WORD.findall(text[end : end + 20])[:2] if words.spaced else ():
        if word in words.weekdays and words.weekdays[word] != date.weekday():
            return Day(start, end, None)
    return Day(start, end, date)


def _digits_follow(text: str, end: int) -> bool:
    rest = text[end : end + 8].lstrip(" \u00a0,(")
    rest = rest.partition(" ")[2] if rest[:1].isalpha() else rest
    return rest[:1].isdecimal()


def _joins(text: str, named: Day | None, start: int) -> bool:
    return named is not None and not text[named.end : start].strip(" ,(（")


def _weekday(text: str, start: int, end: int, words: Words, published: dt.date) -> dt.date | None:
    number = words.weekdays[text[start:end]]
    left, right = _clause(text, start, end, words)
    tense = words.tense
    if words.weekday_follows and not (right and right[0] in words.weekday_follows):
        return None
    beside = frozenset([*left[-1:], *right[:1], *(right[1:2] if words.weekday_follows else ())])
    if beside & tense.vague:
        return None
    back = (published.weekday() - number) % 7
    if beside & tense.last:
        return published - dt.timedelta(back) if back >= limits()["qualified"] else None
    ahead = (number - published.weekday()) % 7
    if beside & tense.next:
        return published + dt.timedelta(ahead) if ahead >= limits()["qualified"] else None
    told = _told(reversed(left), tense)
    told = _told(right, tense) if told is None else told
    if told == "past":
        return published - dt.timedelta(back)
    return published + dt.timedelta(ahead) if told == "future" and ahead else None


def _clause(text: str, start: int, end: int, words: Words) -> tuple[list[str], list[str]]:
    """The words around a weekday within its sentence, lower case."""
    first = max(0, start - _SENTENCE)
    first = max(first, *(text.rfind(stop, first, start) + 1 for stop in _FULL_STOPS))
    ends = [at for stop in _FULL_STOPS if (at := text.find(stop, end, end + _SENTENCE)) >= 0]
    last = min(ends, default=end + _SENTENCE)
    if not words.spaced:
        return list(text[first:start]), list(text[end:last])
    left = [word.lower() for word in _WORD.findall(text, first, start)][-_LEFT_WORDS:]
    right = [word.lower() for word in _WORD.findall(text, end, last)][:_RIGHT_WORDS]
    return left, right


def _told(near: Iterator[str] | list[str], tense: Tense) -> str | None:
    """What the first word that tells says: `past`, `future`, `unclear`."""
    for word in near:
        if word in tense.unclear:
            return "unclear"
        if word in tense.future or (tense.future_endings and word.endswith(tense.future_endings)):
            return "future"
        if tense.future_beginnings and word.startswith(tense.future_beginnings):
            return "future"
        if word in tense.past or (tense.past_endings and word.endswith(tense.past_endings)):
            return "past"
    return None
