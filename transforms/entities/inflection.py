"""The forms in which a name may stand in a text, by the endings of `data/inflection.toml`."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "inflection.toml"
_WORD_BREAK = re.compile(r"[\s-]+")
_WORDS_DECLINED = 4


@dataclass(frozen=True, slots=True)
class _Rule:
    ending: str
    cases: tuple[tuple[str, ...], ...]


def name_forms(name: str, language: str, *, person: bool = False) -> Iterator[str]:
    """A name of one or more words and its declined forms, in lower case.

    `person`: surnames are declined as such, «Лавровым» and not «Лавровом».

    Of several words, the first one, two, … or only the last are declined: `Нижнем Новгороде`,
    `Организации Объединённых Наций`, `Нью-Йорке`.
    """
    lowered = name.lower()
    words = _WORD_BREAK.split(lowered)
    yield " ".join(words)
    rules = _rules("person" if person else "name", language)
    letters = _alphabet(language)
    if (
        not rules
        or (letters and not letters.issuperset(lowered))
        or len(words) > _WORDS_DECLINED * 2
    ):
        return
    for declined in range(1, min(len(words), _WORDS_DECLINED) + 1):
        yield from _in_all_cases([], words[:declined], words[declined:], rules)
    if len(words) > 1:
        yield from _in_all_cases(words[:-1], words[-1:], [], rules)


def demonym_forms(demonym: str, language: str) -> Iterator[str]:
    """A demonym and its forms by gender, number and case, in lower case."""
    word = demonym.lower()
    yield word
    for case in _cases(word, _rules("demonym", language)):
        yield from case


@functools.cache
def arabic_clitics() -> frozenset[str]:
    """What may be written together before an Arabic name, nothing included."""
    return frozenset(_table()["clitics"]["arabic"])


@functools.cache
def arabic_articles() -> tuple[str, ...]:
    """The article, alone and after ل."""
    return tuple(_table()["clitics"]["arabic_article"])


@functools.cache
def hebrew_clitics() -> frozenset[str]:
    """What may be written together before a Hebrew name, nothing included."""
    return frozenset(_table()["clitics"]["hebrew"])


def _in_all_cases(
    head: list[str], declined: list[str], tail: list[str], rules: tuple[_Rule, ...]
) -> Iterator[str]:
    by_word = [_cases(word, rules) for word in declined]
    for case in range(max(len(cases) for cases in by_word)):
        forms = [cases[min(case, len(cases) - 1)] for cases in by_word]
        for words in itertools.product(*forms):
            yield " ".join([*head, *words, *tail])


def _cases(word: str, rules: tuple[_Rule, ...]) -> list[tuple[str, ...]]:
    for rule in rules:
        if word.endswith(rule.ending) and len(word) > len(rule.ending) + 1:
            stem = word[: len(word) - len(rule.ending)]
            return [tuple(stem + ending for ending in case) for case in rule.cases]
    return [(word,)]


@functools.cache
def _rules(part: str, language: str) -> tuple[_Rule, ...]:
    rows = _table()[part].get(language, [])
    if part == "person":  # of two rows with one ending the first stands
        rows = [*rows, *_table()["name"].get(language, [])]
    rules = [_Rule(r["ending"], tuple(tuple(f.split("/")) for f in r["forms"])) for r in rows]
    return tuple(sorted(rules, key=lambda rule: -len(rule.ending)))


@functools.cache
def _alphabet(language: str) -> frozenset[str]:
    return frozenset(_table()["alphabet"].get(language, ""))


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))
