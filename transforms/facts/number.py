"""A run of digits as a number, by the signs of the text's language."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from transforms.facts.lexicon import Words, limits

_SIGNS = re.compile(r"\D+")
# What the two parts of `1.234,5` may be parted by in any language: together they leave no doubt.
_GROUPS, _DECIMALS = ".,٬'’ \u00a0\u202f\u2009", ".,٫"


def parse_number(run: str, words: Words) -> Decimal | None:
    """The number that `1.234,5`, `1,234.5`, `1 234,5`, `١٬٢٣٤` is; None where that is not sure.

    `run` is a match of `words.run`: digits, and signs between them.
    """
    if run.isdigit() and run.isascii():
        sure = len(run) <= limits()["digits"] and (run[0] != "0" or len(run) == 1)
        return Decimal(run) if sure else None
    groups = _SIGNS.split(run)
    digits = "".join(groups)
    if len(digits) > limits()["digits"] or (run[0] == "0" and len(groups[0]) > 1):
        return None
    if not digits.isascii():
        digits = "".join(str(unicodedata.digit(digit)) for digit in digits)
    signs = _SIGNS.findall(run)
    fraction = _fraction(groups, signs, words)
    if fraction is None:
        return None
    return Decimal(f"{digits[:-fraction]}.{digits[-fraction:]}") if fraction else Decimal(digits)


def _fraction(groups: list[str], signs: list[str], words: Words) -> int | None:
    """How many of the last digits stand behind the decimal sign; None if it is no number."""
    if not signs:
        return 0
    *between, last = signs
    if len(signs) == signs.count(last):
        if _is_grouped(groups) and last in words.groups + words.ambiguous:
            return None if last in words.ambiguous and not between else 0
        return len(groups[-1]) if last in words.decimals and not between else None
    alike = between.count(between[0]) == len(between) and between[0] in _GROUPS
    return len(groups[-1]) if alike and _is_grouped(groups[:-1]) and last in _DECIMALS else None


def _is_grouped(groups: list[str]) -> bool:
    """`1.234.567`: all but the first are three digits."""
    first, *others = groups
    return 0 < len(first) <= 3 and first[0] != "0" and all(len(other) == 3 for other in others)


def written(value: Decimal) -> str:
    """A number as the rows have it: digits, a point only before a fraction, no trailing noughts."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
