"""Keys of name words that are alike in all alphabets: a broad Latin spelling and its consonants.

Latin and Cyrillic have both, Arabic and Chinese only consonants; Chinese by `han_sounds.tsv`, which
hears no difference between l and r, or voiced and voiceless.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, NamedTuple

from transforms.entities.script import script_of
from transforms.entities.transliterate import broad, consonants, spellings

_TABLE: Final = Path(__file__).with_name("han_sounds.tsv")
_DOUBLED: Final = re.compile(r"(.)\1+")
# Case endings that add a consonant; vowels at the end are no part of the key's consonants.
_ENDINGS: Final = {
    "ru": re.compile("(?<=.{4})(?:[ое]го|[ое]му|[ыио]м|ем|[ая]ми|[ая]х)$"),
    "uk": re.compile("(?<=.{4})(?:[ое]го|[ое]му|[иоіе]м|[ая]ми|[ая]х|[оеє]ві)$"),
    "pl": re.compile("(?<=.{4})(?:i?ego|i?emu|[yieo]m|ami|ach|owi)$"),
}
_ROUGH: Final = str.maketrans({"r": "l", "g": "k", "d": "t", "b": "f", "S": "s"})
_LIKE, _LIKE_ROUGH = 0.75, 0.85
# What a match is worth by the number of consonants that agree, from one on: chance brings three
# together for one pair of words in about a thousand, and texts have hundreds of pairs.
_SPELLED: Final = (0.3, 0.7, 1.0)
_CONSONANTS: Final = (0.0, 0.0, 0.35, 0.7, 1.0)
_HEARD: Final = (0.0, 0.0, 0.35, 0.7, 0.9)


class NameKey(NamedTuple):
    """`latin` is empty where the script writes no vowels or sounds only; `row`: consonants."""

    latin: str
    row: str


@functools.lru_cache(1 << 15)
def name_key(word: str, language: str) -> NameKey | None:
    """The key of a word of a name in lower case, None if its script has none."""
    script = script_of(word)
    if script == "han":
        return NameKey("", _DOUBLED.sub(r"\1", "".join(_sounds().get(sign, "") for sign in word)))
    if script == "arabic":
        return NameKey("", consonants(word, first=False))
    if language in _ENDINGS:
        word = _ENDINGS[language].sub("", word)
    return NameKey(broad(word), consonants(word, first=False)) if spellings(word) else None


def is_sounded(word: str) -> bool:
    """Whether all characters of a Chinese word are those that foreign names are spelled with."""
    return all(sign in _sounds() for sign in word)


def sounds() -> str:
    """The characters that Chinese spells foreign names with."""
    return "".join(sorted(_sounds()))


def likeness(one: NameKey, other: NameKey, *, heard: bool) -> float:
    """0 to 1: how surely two keys are of one name; `heard`: one of them is Chinese."""
    if heard:
        return _heard_alike(rough_row(one.row), rough_row(other.row))
    if one.row != other.row:
        return 0.0
    if one.latin and other.latin:
        alike = one.latin == other.latin or _ratio(one.latin, other.latin) >= _LIKE
        return _at(_SPELLED, max(len(one.row), 1)) if alike else 0.0
    return _at(_CONSONANTS, len(one.row))


def rough_row(row: str) -> str:
    """Consonants without what Chinese does not tell apart."""
    return _DOUBLED.sub(r"\1", row.translate(_ROUGH))


def _heard_alike(one: str, other: str) -> float:
    if one == other:
        return _at(_HEARD, len(one))
    if min(len(one), len(other)) >= len(_CONSONANTS) - 1 and _ratio(one, other) >= _LIKE_ROUGH:
        return _at(_HEARD, min(len(one), len(other)) - 1)
    return 0.0


@functools.lru_cache(1 << 15)
def _ratio(one: str, other: str) -> float:
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _at(worth: tuple[float, ...], letters: int) -> float:
    return worth[min(letters, len(worth)) - 1] if letters else 0.0


@functools.cache
def _sounds() -> Mapping[str, str]:
    rows = [line for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    pairs = (row.split("\t") for row in rows)
    return {sign: sound for sound, signs in pairs for sign in signs}
