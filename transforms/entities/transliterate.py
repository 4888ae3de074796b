"""One broad Latin spelling of a name of any alphabet, by `data/transliteration.toml`.

A candidate signal: Major, Mayer and Meyer are kept apart, but two people of one name are not.
Chinese, Japanese and Korean names are not spelled: there an alias in `people.tsv` joins.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from transforms.entities.fold import fold_name
from transforms.entities.lexicon import DATA
from transforms.entities.name_words import surnames
from transforms.entities.script import script_of

_VOWELS = "aeiouy"
_DOUBLED = re.compile(r"(.)\1+")
_GLIDE = re.compile(rf"(?<![aou])[iyj](?=[{_VOWELS}])")
_FINAL_I = re.compile(r"[iyj]+$")
_SILENT_E = re.compile(r"(?<=[a-z]{3}[nmlrv])e$")
_PATRONYMIC = re.compile(r"(?:vich|vitch|witsch|wicz|vich|evic|ovic|vna|wna|вич|вна)$")
_ORTHOGRAPHIES = ("en", "fr", "de", "es")
_MOST_LETTERS = 40
_LEAST_RARE = 6


def may_be_one(one: str, other: str) -> bool:
    """Whether two full names may be spellings of one: every word of each has a spelling in common.

    A patronymic may be missing in one; an initial is no spelling of a name.
    """
    left, right = _words(one), _words(other)
    if len(left) != len(right):
        left, right = _without_patronymic(left), _without_patronymic(right)
    if len(left) != len(right) or len(left) < 2:
        return False
    arabic = "arabic" in (script_of(one), script_of(other))
    return all(
        _same(a, b, first=n == 0, arabic=arabic)
        for n, (a, b) in enumerate(zip(left, right, strict=True))
    )


@functools.lru_cache(1 << 14)
def has_rare_surname(name: str) -> bool:
    """Whether a full name ends with a long word that in no orthography is a surname of the lists.

    Short ones are borne by many in countries that the lists do not hold (Kim, Wang, Sow).
    """
    words = _words(name)
    written = spellings(words[-1]) if len(words) > 1 else frozenset()
    return bool(written) and (
        min(map(len, written)) >= _LEAST_RARE and written.isdisjoint(_spelled_surnames())
    )


@functools.cache
def _spelled_surnames() -> frozenset[str]:
    return frozenset(spelling for one in surnames() for spelling in spellings(one))


def first_word_keys(name: str) -> frozenset[str]:
    """Signs of a name's first word, of which names that `may_be_one` have one in common."""
    first = next(iter(_words(name)), "")
    rows = (f"row {row}" for row in first_name_group(first))
    return frozenset(
        (first, f"consonants {consonants(first, first=True)}", *spellings(first), *rows)
    )


def _same(one: str, other: str, *, first: bool, arabic: bool) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < 2:
        return False
    if first and not first_name_group(one).isdisjoint(first_name_group(other)):
        return True
    if arabic:
        rows = {consonants(one, first=first), consonants(other, first=first)}
        return len(rows) == 1 and len(next(iter(rows))) >= 2
    return not spellings(one).isdisjoint(spellings(other))


def broad(word: str) -> str:
    """The first of a word's broad spellings."""
    return min(spellings(word))


@functools.lru_cache(1 << 14)
def spellings(word: str) -> frozenset[str]:
    """The broad spellings of one word: one for each orthography it may be written in."""
    folded = fold_name(letters(word.casefold()[:_MOST_LETTERS])).replace(" ", "")
    script = script_of(folded)
    if script == "cyrillic":
        table = _table()
        plain = table["cyrillic"]
        tables = [plain, plain | table["cyrillic_other"]]
        return frozenset(_reduced(_spelled(folded, letters_of)) for letters_of in tables)
    if script == "latin":
        return frozenset(_reduced(_replaced(folded, orthography)) for orthography in _ORTHOGRAPHIES)
    return frozenset()


def consonants(word: str, *, first: bool) -> str:
    """A word's consonants as Arabic letters would render them, a surname's without the article.

    A first name has none: ألكسندر is Alexander.
    """
    folded = fold_name(word)
    if script_of(folded) == "arabic":
        rows = _spelled(folded if first else folded.removeprefix("ال"), _table()["arabic"])
    else:
        rows = broad(word) if spellings(word) else ""
        for spelling, letter in _table()["consonants"].items():
            rows = rows.replace(spelling, letter)
    return _DOUBLED.sub(r"\1", re.sub(r"[^bdfghklmnrstzS]", "", rows))


def letters(name: str) -> str:
    """A lower-case name, letters that hold no plain Latin one under an accent spelled out."""
    return name.translate(_letter_table())


@functools.cache
def first_name_group(word: str) -> frozenset[int]:
    """The rows of translated first names that a word stands in."""
    folded = fold_name(word)
    rows = _table()["first_names"]["same"]
    return frozenset(n for n, row in enumerate(rows) if folded in row)


def _words(name: str) -> list[str]:
    return fold_name(name).split()


def _without_patronymic(words: Sequence[str]) -> list[str]:
    if len(words) < 3:
        return list(words)
    return [word for n, word in enumerate(words) if n == 0 or not _PATRONYMIC.search(word)]


def _spelled(word: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(letter, "") for letter in word)


def _replaced(word: str, orthography: str) -> str:
    table = _table()["orthography"][orthography]
    return _pattern(orthography).sub(lambda found: str(table[found[0]]), word)


@functools.cache
def _pattern(orthography: str) -> re.Pattern[str]:
    table = _table()["orthography"][orthography]
    return re.compile("|".join(sorted(table, key=lambda spelling: (-len(spelling), spelling))))


def _reduced(word: str) -> str:
    """Without what orthographies differ in: glides, doubled letters, i or y, a silent e."""
    word = _GLIDE.sub("", word.replace("y", "i").replace("j", "i"))
    return _FINAL_I.sub("i", _DOUBLED.sub(r"\1", _SILENT_E.sub("", word)))


@functools.cache
def _letter_table() -> dict[int, str]:
    return str.maketrans(_table()["letters"])


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads((DATA / "transliteration.toml").read_text("utf-8"))
