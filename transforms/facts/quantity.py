"""What a number counts: the unit that stands behind it, or the sign before it.

`2,5 Mrd. €`, `$5m`, `5 bin 300 kişi`, `至少3人死亡`, `killed at least 12`. A unit is one of the
language's names, the longest that fits; a word between a number and `killed` may be anything
(`12 soldiers were killed`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from transforms.facts.lexicon import Unit, Words, limits
from transforms.facts.number import parse_number

_SPACES = " \u00a0\u202f\u2009"
_WORD = re.compile(
    rf"([{_SPACES}]{{0,2}}|[-'’]|\.[{_SPACES}]?)"
    r"((?:[A-Z]\.){2,3}|[^\W\d_]+(?:/[^\W\d_]+)?|[%٪％$€£¥￥₽₺₴₹₩₪]|°[CFمف]?)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4])(?:([.,])[0-5][0-9])?")
_HOURS = re.compile(rf"(?:(\d[{_SPACES}]?)|(?<!\w))([^\W\d_]{{1,12}})[{_SPACES}]\Z")
_HOURS_LONG = 16
_PHRASE, _TAKEN, _ABBREVIATION = 4, 6, 4
_LONGEST_UNSPACED = 6
_LEFT = 40
_MINUS = "-−"
_JOINS = frozenset("-–/.,:#@&_=\\’'")
_CASES, _THOUSAND = 5, 3
_FATES = frozenset(["killed", "injured"])


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` times what `unit` says, at `text[start:end]`; `unit` None where none stands there.

    `power` is of the magnitude behind the number, already in `value`.
    """

    start: int
    end: int
    value: Decimal
    unit: Unit | None
    power: int = 0


class _Behind(NamedTuple):
    """What stands behind a number: magnitude, unit, where they end; the words read."""

    power: int
    unit: Unit | None
    end: int
    first: str


def read_quantity(
    text: str, start: int, end: int, value: Decimal, words: Words, done: int
) -> Quantity | None:
    """The number at `text[start:end]` with its unit.

    None if it is part of something else, or says too little. What stands before `done` belongs to
    another fact.
    """
    begin, money = _money_before(text, start, end, words, done)
    if begin == start:
        begin, is_percent = _percent_before(text, start, words)
        money = Unit("percent", "percent") if is_percent else None
    if _is_attached(text, begin):
        return None
    behind = _behind(text, end, words, money is not None)
    unit = money or behind.unit
    power = behind.power
    if power:
        value = value.scaleb(power)
        value, stop = _and_more(text, behind, value, words)
        if stop > behind.end:
            behind = _behind(text, stop, words, False)
            behind = behind if behind.unit or behind.end > stop else _Behind(0, None, stop, "")
            unit = money or behind.unit
    told = _before(text, begin, words) if unit is None or unit.unit == "person" else None
    if unit is None and not power:
        if told is None and _says_too_little(text, start, end, value):
            return None
        if _is_no_number(text, start, end, behind.first, words):
            return None
    if words.ranks and _is_rank(text, begin, words):
        return None
    unit = told or unit
    if unit is None and words.counted_groups and words.counted_groups in text[start:end]:
        return None
    if unit is not None and unit.unit in _FATES and words.spaced and _is_year(text, start, end):
        return None
    if unit is not None and begin and text[begin - 1] in _MINUS:
        begin, value = begin - 1, -value
    return Quantity(begin, behind.end, value, unit, power)


def _is_year(text: str, start: int, end: int) -> bool:
    """`In 2019 starben …`, `PEN 2019`: what stands beside is not the number's."""
    first, last = limits()["years"]
    digits = text[start:end]
    return len(digits) == 4 and digits.isdecimal() and first <= int(digits) <= last


def _money_before(
    text: str, start: int, end: int, words: Words, done: int
) -> tuple[int, Unit | None]:
    """A currency's sign or code before a number, and where it begins."""
    at = start - 1 if start and text[start - 1] in _SPACES else start
    if at <= done or not at:
        return start, None
    last = text[at - 1]
    if last in words.signs:
        for length in (3, 2, 1):
            code = words.signs.get(text[at - length : at]) if at >= length else None
            if code is not None and not (
                length > 1 and text[at - length - 1 : at - length].isalpha()
            ):
                return at - length, Unit("money", code or None)
    code = text[at - 3 : at] if last.isupper() else ""
    if (
        code in words.codes
        and not text[at - 4 : at - 3].isalpha()
        and not _is_year(text, start, end)
    ):
        return at - 3, Unit("money", code)
    return start, None


def _percent_before(text: str, start: int, words: Words) -> tuple[int, bool]:
    """`%5`, `yüzde 5`, `百分之5`."""
    if start and text[start - 1] in "%٪" and not text[start - 2 : start - 1].isalnum():
        return start - 1, True
    at = start - 1 if start and text[start - 1] in _SPACES else start
    for name in words.percent_before:
        if text[at - len(name) : at] == name:
            return at - len(name), True
    return start, False


def _is_attached(text: str, begin: int) -> bool:
    """Whether a number is a piece of a word, a code, a range or an address: `G20`, `F-16`."""
    if not begin:
        return False
    last = text[begin - 1]
    before = text[begin - 2 : begin - 1]
    if last in _MINUS:
        return bool(before) and not before.isspace() and before != "("
    if last.isalnum():
        # Words are not parted in Chinese, and Arabic writes `and` on its number.
        return not ("\u0600" <= last <= "\u06ff" or "\u3400" <= last <= "\u9fff")
    # `'72` is a year.
    return last in _JOINS and (last in "'’" or not before.isspace())


def _behind(text: str, end: int, words: Words, money: bool) -> _Behind:
    return (
        _behind_spaced(text, end, words, money)
        if words.spaced
        else _behind_unspaced(text, end, words)
    )


def _behind_spaced(text: str, end: int, words: Words, money: bool) -> _Behind:
    keys: list[str] = []
    ends = [end]
    while len(keys) < _TAKEN:
        match = _WORD.match(text, ends[-1])
        if match is None or (match[1][:1] == "." and not _is_abbreviated(keys, match[2], words)):
            break
        keys.append(_key(text, match[2], match.end(), words, money))
        ends.append(match.end())
        goes_on = len(keys) == 1 or keys[0] in words.heads or words.inflected
        if not goes_on and keys[1] not in words.fate_heads:
            return _Behind(0, None, end, keys[0])
        if len(keys) > 1 and keys[-1] not in words.parts:
            break
    first = keys[0] if keys else ""
    power, read = _magnitude(keys, words, money)
    if read and keys[read : read + 1] and keys[read] in words.links:
        unit, length = _unit(keys[read + 1 :], words)
        length += 1 if unit else 0
    else:
        unit, length = _unit(keys[read:], words)
    if unit is None and not read and _counts_a_word(text, end, first, words):
        unit, length = _fate(keys[1:], words)
        length += 1 if unit else 0
    return _Behind(power, unit, ends[read + length if unit else read], first)


def _key(text: str, word: str, end: int, words: Words, money: bool) -> str:
    """A word as the lists have it: codes in capitals, and no letter but of money (`8M`, `5M€`)."""
    if not word.isupper():
        return word.lower()
    is_letter = len(word) == 1 and not money
    if is_letter and text[end : end + 2].strip()[:1] not in words.signs:
        return word
    return word if word in words.codes else word.lower()


def _counts_a_word(text: str, end: int, first: str, words: Words) -> bool:
    """Whether the word behind a number may be what it counts: not `45-летний`, `In 2019 he`."""
    parted = text[end : end + 1] in _SPACES or (words.inflected and text[end : end + 1] in "'’")
    return parted and first not in words.others


def _is_abbreviated(keys: list[str], following: str, words: Words) -> bool:
    """`млн. рублей`: a stop behind a short magnitude, and no sentence begins behind it."""
    if not keys or keys[-1] not in words.magnitudes or len(keys[-1]) > _ABBREVIATION:
        return False
    return not following[0].isupper() or following.lower() in words.units


def _magnitude(keys: list[str], words: Words, money: bool) -> tuple[int, int]:
    """The power of ten that the first words are, and how many they are."""
    for length in (2, 1):
        power = words.magnitudes.get(" ".join(keys[:length])) if len(keys) >= length else None
        if power is not None:
            return power, length
    money = money or (len(keys) > 1 and keys[1] in words.signs)
    if money and keys and keys[0] in words.money_magnitudes:
        return words.money_magnitudes[keys[0]], 1
    return 0, 0


def _unit(keys: list[str], words: Words) -> tuple[Unit | None, int]:
    for length in range(min(_PHRASE, len(keys)), 0, -1):
        unit = words.units.get(" ".join(keys[:length]))
        if unit is not None:
            return unit, length
    if words.inflected and keys:
        for cut in range(1, _CASES + 1):
            stem = keys[0][:-cut]
            unit = words.units.get(stem) if len(stem) >= _ABBREVIATION else None
            if unit is not None:
                return unit, 1
    return None, 0


def _fate(keys: list[str], words: Words) -> tuple[Unit | None, int]:
    for length in range(min(_PHRASE, len(keys)), 0, -1):
        unit = words.fates.get(" ".join(keys[:length]))
        if unit is not None:
            return unit, length
    return None, 0


def _behind_unspaced(text: str, end: int, words: Words) -> _Behind:
    power = 0
    at = end + 1 if text[end : end + 1] in _SPACES else end
    first = text[at : at + 1]
    if first not in words.heads and first not in words.links:
        return _Behind(0, None, end, first)
    for length in (2, 1):
        name = text[at : at + length]
        if name in words.magnitudes:
            power, at = words.magnitudes[name], at + length
            break
    begin = at
    for _ in range(2):
        for length in range(_LONGEST_UNSPACED, 0, -1):
            name = text[at : at + length]
            unit = words.units.get(name) or words.units.get(name.lower())
            if unit is not None:
                return _Behind(power, unit, at + length, first)
            if name in words.others:  # `80年代`, `49人队`
                return _Behind(power, None, begin if power else end, first)
        if text[at : at + 1] not in words.links:
            break
        at += 1
    return _Behind(power, None, begin if power else end, first)


def _and_more(text: str, behind: _Behind, value: Decimal, words: Words) -> tuple[Decimal, int]:
    """`1 млн 200 тыс.`, `5 bin 300`, `5万3000`: the sum, and where it ends."""
    at = behind.end
    if behind.unit is not None:
        return value, at
    if words.spaced:
        at += 1 if text[at : at + 1] in (" ", "\u00a0") else 0
    match = words.run.match(text, at)
    if match is None or len(match[0]) > limits()["digits"]:
        return value, behind.end
    more = parse_number(match[0], words)
    following = _behind(text, match.end(), words, False)
    if more is None:
        return value, behind.end
    # `37 mil 820 muertos`; of two digits it may be a day: `16 тыс. 30 ноября`.
    hundreds = behind.power == _THOUSAND and len(match[0]) == _THOUSAND
    if not (following.power or words.inflected or not words.spaced or hundreds):
        return value, behind.end
    more = more.scaleb(following.power)
    if more >= Decimal(1).scaleb(behind.power) or following.power >= behind.power:
        return value, behind.end
    end = match.end()
    return value + more, _end_of_magnitude(text, end, words) if following.power else end


def _end_of_magnitude(text: str, end: int, words: Words) -> int:
    if not words.spaced:
        return end + next(n for n in (2, 1) if text[end : end + n] in words.magnitudes)
    match = _WORD.match(text, end)
    stop = match.end() if match else end
    return (
        stop + 1 if text[stop : stop + 1] == "." and text[stop + 2 : stop + 3].islower() else stop
    )


def _before(text: str, begin: int, words: Words) -> Unit | None:
    """`killed at least 12 …`: the verb whose number this is."""
    if not words.before:
        return None
    near = [word.lower() for word in _LETTERS.findall(text, max(0, begin - _LEFT), begin)]
    while near and near[-1] in words.about:
        near.pop()
    return words.before.get(near[-1]) if near else None


def _says_too_little(text: str, start: int, end: int, value: Decimal) -> bool:
    """A small whole number, or a year."""
    if value < limits()["least"]:
        return value == value.to_integral_value()
    return _is_year(text, start, end)


def _is_no_number(text: str, start: int, end: int, first: str, words: Words) -> bool:
    return (
        _is_part(text, end, first, words)
        or _is_in_row(text, start, end)
        or _is_age(text, start, end)
        or _is_time(text, start, end, words)
    )


def _is_age(text: str, start: int, end: int) -> bool:
    """`Ana Ruiz (45)`, `Ana Ruiz, 45, said`."""
    left, right = text[max(0, start - 2) : start], text[end : end + 1]
    if end - start > 3:
        return False
    return (left[-1:] == "(" and right == ")") or (left == ", " and right == ",")


def _is_in_row(text: str, start: int, end: int) -> bool:
    """Whether digits stand on either side with a space between: `0800 201 211`, `(020) 7946`."""
    left, right = text[max(0, start - 3) : start], text[end : end + 3]
    if left[-1:] in _SPACES and left[:-1].removesuffix(")")[-1:].isdecimal():
        return True
    right = right.removeprefix(")")
    return right[:1] in _SPACES and right[1:2].isdecimal()


def _is_time(text: str, start: int, end: int, words: Words) -> bool:
    """`16.30`, `alle 18`, and the minutes of `4 h 30`."""
    clock = _CLOCK.fullmatch(text, start, end)
    if clock is not None and clock[1] == ".":
        return True
    before = _HOURS.search(text, max(0, start - _HOURS_LONG), start)
    if before is None:
        return False
    word = before[2].lower()
    return (clock is not None and word in words.clock) or (bool(before[1]) and word in words.others)


def _is_rank(text: str, begin: int, words: Words) -> bool:
    head = text[max(0, begin - 2) : begin]
    return head.endswith(words.ranks) and not head.endswith(words.not_ranks)


def _is_part(text: str, end: int, first: str, words: Words) -> bool:
    """Whether a bare number goes on as something else: `20th`, `18 heures`, `18. Spieltag`."""
    following = text[end : end + 1]
    if first in words.others:
        return True
    if not words.spaced:
        at = end + 1 if following in _SPACES else end
        return not words.others.isdisjoint((text[at : at + 1], text[at : at + 2]))
    if words.ordinal_dot and following == "." and text[end + 1 : end + 2] == " ":
        return text[end + 2 : end + 3].isalpha()
    attached = following.isalpha() or following in "'’°"
    joined = following in "-–/:" and text[end + 1 : end + 2].isalnum()
    return bool(following) and (attached or joined)
