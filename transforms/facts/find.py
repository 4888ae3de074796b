"""Finds the facts of a text: numbers with their units, and days.

They are what articles on one event share whatever their language: `2,5 milliards d'euros`,
`2.5 billion euros` and `25亿欧元` are one fact, as `mardi` and `3 мая` may be one day.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from transforms.facts.day import Day, read_day, relative_days
from transforms.facts.lexicon import Words, languages, limits, words_of
from transforms.facts.number import parse_number, written
from transforms.facts.quantity import Quantity, read_quantity

_DASH = re.compile("[-–]")
# What stands close to a word: to know all its forms costs less than to part a text into words.
_SIGNS = (",", ".", ":", ";", ")", "”", "»", '"', "’s", "'s")
_CLOSING = (")", "”", "»", '"')
_OPEN = ("", "(", "“", "«", '"')
_RUN_LENGTH = 40
_CENTS = 2
# Of these few say nothing (`two days`), and many are a year (`2024 года`).
_SPANS = frozenset(["day", "week", "month", "year"])
_MOST_SPOTS = 200
_QUOTES, _STOPS = ' \u00a0\u202f«“„"—–-(', ("", ".", "!", "?", ":", "…", "\n")


class Fact(NamedTuple):
    """`text[start:end]` states a number (`value`, with `unit` where one is told) or a day."""

    start: int
    end: int
    kind: str
    value: str | None = None
    unit: str | None = None
    date: dt.date | None = None


def find_facts(text: str, language: str | None, published: dt.date | None) -> list[Fact]:
    """The facts of `text` in order, never overlapping; offsets in code points.

    `published` is the article's own day, None where it states none: then days without a year are
    left out.
    """
    if language not in languages():
        return []
    words = words_of(language)
    days: list[Day] = []
    facts = list(_with_digits(text, words, published, days))
    spots = _spots(text, words)
    facts += _spelled(text, [spot for spot in spots if spot[1] in words.numbers], words)
    if published is not None:
        named = [spot for spot in spots if spot[1] not in words.numbers]
        facts += [_day(one) for one in relative_days(text, named, days, words, published)]
    return sorted(facts, key=lambda fact: fact.start)


def _with_digits(
    text: str, words: Words, published: dt.date | None, days: list[Day]
) -> Iterator[Fact]:
    """What has digits; dates are added to `days`, those that stay uncertain too."""
    done = 0
    for match in words.run.finditer(text):
        start, end = match.span()
        if start < done or end - start > _RUN_LENGTH:
            continue
        day = read_day(text, start, end, words, published)
        run = match[0]
        if day is None and ("-" in run or "–" in run):
            day = read_day(text, end - len(_DASH.split(run)[-1]), end, words, published)
        if day is not None:
            days.append(day)
            done = day.end
            if day.date is not None:
                yield _day(day)
            continue
        for quantity in _quantities(text, start, run, words, done):
            done = max(done, quantity.end)
            fact = _fact(quantity)
            if fact is not None:
                yield fact


def _quantities(text: str, start: int, run: str, words: Words, done: int) -> tuple[Quantity, ...]:
    """The number, or the two of a range whose second has the unit."""
    since, last = [], run
    if not run.isdigit():
        *since, last = _DASH.split(run)
    value = parse_number(last, words)
    if value is None or len(since) > 1:
        return ()
    found = read_quantity(text, start, start + len(run), value, words, done)
    if found is None:
        return ()
    if not since:
        return (found,)
    first = parse_number(since[0], words)
    if first is not None and found.unit is not None and value:
        parted = start + len(since[0])
        return (
            Quantity(found.start, parted, first * (found.value / value), found.unit),
            Quantity(parted + 1, found.end, found.value, found.unit),
        )
    return ()


def _spots(text: str, words: Words) -> list[tuple[int, str]]:
    """Where the words stand that name a day or a number, in order."""
    if not words.spaced:
        return [(match.start(), match[0]) for match in _unspaced(words).finditer(text)]
    forms, known = _forms(words)
    found = {forms[form] for form in known.intersection(text.split())}
    return sorted((at, word) for word in found for at in _places(text, word, words))


@functools.cache
def _forms(words: Words) -> tuple[dict[str, str], frozenset[str]]:
    """The triggers as they stand between spaces, with the signs beside them, to themselves."""
    ends = ["", *_SIGNS, *(one + other for one in _CLOSING for other in ",.")]
    forms = {
        before + word + end: word for word in words.triggers for end in ends for before in _OPEN
    }
    return forms, frozenset(forms)


@functools.cache
def _unspaced(words: Words) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words.triggers, key=len, reverse=True)))


def _places(text: str, word: str, words: Words) -> Iterator[int]:
    """Where a word stands by itself, at most some of the first.

    With a capital that is not its own it opens a sentence: German `Morgen` is not `morgen`.
    """
    opens = word[0].lower() + word[1:] in words.triggers and word[0].isupper()
    at = text.find(word)
    for _ in range(_MOST_SPOTS):
        if at < 0:
            return
        end = at + len(word)
        before = text[at - 1 : at] if at else ""
        alone = not (before.isalnum() or before == "-" or text[end : end + 1].isalnum())
        if alone and (not opens or text[max(0, at - 3) : at].strip(_QUOTES)[-1:] in _STOPS):
            yield at
        at = text.find(word, end)


def _spelled(text: str, spots: list[tuple[int, str]], words: Words) -> Iterator[Fact]:
    """Numbers written out, where they count people, money or the like, or a million and more."""
    done = 0
    for start, word in spots:
        if start < done:
            continue
        value = Decimal(words.numbers[word])
        found = read_quantity(text, start, start + len(word), value, words, done)
        if found is None or (found.unit is None and found.value == value):
            continue
        if found.unit is None or found.unit.kind != "measure":
            done = found.end
            fact = _fact(found)
            if fact is not None:
                yield fact


def _fact(found: Quantity) -> Fact | None:
    """The number as a fact; None if it says too little: small ones, years."""
    value = found.value
    kind, unit = ("number", None) if found.unit is None else (found.unit.kind, found.unit.unit)
    if kind == "number" or unit in _SPANS:
        first, last = limits()["years"]
        whole = int(value) if value == value.to_integral_value() else None
        if whole is not None and kind == "number" and _says_too_little(found, whole, first, last):
            return None
        if whole is not None and unit in _SPANS and not limits()["least"] <= whole < first:
            return None
    return Fact(found.start, found.end, kind, written(value), unit)


def _says_too_little(found: Quantity, whole: int, first: int, last: int) -> bool:
    """A small number, a year, a number of a telephone, or of the clock (`18.00`)."""
    length = found.end - found.start
    if abs(whole) < limits()["least"] or (length == 4 and first <= whole <= last):
        return True
    digits = len(written(found.value))
    return digits == length > limits()["plain"] or found.value.as_tuple().exponent == -_CENTS


def _day(day: Day) -> Fact:
    return Fact(day.start, day.end, "date", date=day.date)
