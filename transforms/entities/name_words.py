"""The words around names in a language, from `data/names/<language>.toml`."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from transforms.entities.fold import fold_name
from transforms.entities.inflection import name_forms
from transforms.entities.lexicon import DATA, read_people

_ADJECTIVE = r"[a-zß-öø-ÿœа-яё-]{5,}"
_LOWER = r"[a-zß-öø-ÿœа-яё’'-]+"


@dataclass(frozen=True, slots=True)
class NameWords:
    """What may stand before or after a name, compiled; `openers` are words as they are written.

    Patterns named `before_…` end at the name, `after_…` begin after it.
    """

    openers: frozenset[str]
    nouns_are_capital: bool
    surname: re.Pattern[str] | None
    title: re.Pattern[str]
    before_title: re.Pattern[str]
    before_role: re.Pattern[str]
    before_apposition: re.Pattern[str]
    before_led: re.Pattern[str]
    before_say: re.Pattern[str]
    after_say: re.Pattern[str]
    after_apposition: re.Pattern[str]
    org_head: re.Pattern[str]
    before_org: re.Pattern[str]
    before_place: re.Pattern[str]

    def is_surname(self, word: str) -> bool:
        """Whether a word ends like a surname, in a language whose surnames can be told so."""
        return self.surname is not None and self.surname.search(word) is not None

    def may_be_surname(self, word: str) -> bool:
        """The same, or the language's surnames end like any word."""
        return self.surname is None or self.is_surname(word)


@functools.cache
def name_words(language: str) -> NameWords | None:
    """The words of a language, or None where it has no file."""
    path = DATA / "names" / f"{language}.toml"
    if not path.exists():
        return None
    words = tomllib.loads(path.read_text("utf-8"))
    titles, people = _any(words["titles"]), _any([*words["titles"], *words["roles"]])
    say, heads = _any(words["say"]), _any(words["org_heads"])
    adjective = _any(words["adjectives"] or ["(?!)"])
    return NameWords(
        openers=frozenset(words["openers"]),
        nouns_are_capital=words.get("nouns_are_capital", False),
        surname=re.compile(words["surname"]) if "surname" in words else None,
        title=re.compile(rf"{titles}\.?$", re.I),
        before_title=re.compile(rf"(?<!\w){titles}\.?(?: {_ADJECTIVE})? $", re.I),
        before_role=re.compile(rf"(?<!\w){people}\.?(?: {_ADJECTIVE})? $", re.I),
        before_apposition=re.compile(rf"(?<!\w){people}(?: [^\s,.;:!?«»“”]+){{0,6}}, $", re.I),
        before_led=re.compile(rf"(?<!\w){_any(words['led_by'])} $", re.I),
        before_say=re.compile(rf"(?<!\w){say},? $", re.I),
        after_say=re.compile(rf",? (?:{_LOWER} )?{say}(?!\w)"),
        after_apposition=re.compile(rf"(?:, \d{{1,3}}\b|,(?: {_LOWER}){{0,2}} {people}(?!\w))"),
        org_head=re.compile(_any([*words["org_heads"], *words["institutions"]]), re.I),
        before_org=re.compile(rf"(?<!\w){heads}(?: {adjective}){{0,2}} [«„“\"]? ?$", re.I),
        before_place=re.compile(rf"(?<!\w){_any(words['place_before'])}$", re.I),
    )


def _any(alternatives: list[str]) -> str:
    return f"(?:{'|'.join(alternatives)})"


@functools.cache
def first_names() -> frozenset[str]:
    """First names in lower case, from `data/first_names.txt`."""
    lines = (DATA / "first_names.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@functools.cache
def particles() -> frozenset[str]:
    """Lower-case words that may stand inside a name."""
    return frozenset(_shared()["particles"])


@functools.cache
def organization_suffixes() -> frozenset[str]:
    """Last words that make a name that of a company, as written."""
    return frozenset(_shared()["suffixes"])


@functools.cache
def _shared() -> dict[str, Any]:
    return tomllib.loads((DATA / "names" / "shared.toml").read_text("utf-8"))


@functools.cache
def people_alone() -> dict[str, str]:
    """Folded name that means a public figure even alone, declined where Cyrillic: the id."""
    return {
        fold_name(form): person
        for person, _, alone in read_people()
        for name in alone
        for form in name_forms(name, "ru")
    }
