"""The words in and around names in a language, from `data/names/<language>.toml`."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.entities.fold import fold_name
from transforms.entities.inflection import name_forms
from transforms.entities.lexicon import DATA, read_people
from transforms.entities.traits import (
    ARTICLE,
    ATTRIBUTE,
    COMMON,
    FOREIGN,
    GIVEN,
    HEAD_CUE,
    IN,
    ISLAND,
    LED_CUE,
    LISTED,
    NEAR,
    NEVER,
    OCCUPATION,
    OPENER,
    ORG_CUE,
    ORG_HEAD,
    ORG_WORD,
    PERSON_NOUN,
    PLACE_CUE,
    PLACE_END,
    PLACE_NOUN,
    PLACE_WORD,
    PUBLIC,
    SAY_CUE,
    SURNAME,
    TEAM,
    TITLE,
    TITLE_CUE,
    CommonWords,
    Traits,
)

_ADJECTIVE = r"[a-zß-öø-ÿœа-яё-]{5,}"
_LOWER = r"[a-zß-öø-ÿœа-яё’'-]+"


@dataclass(frozen=True, slots=True)
class NameWords:
    """What may stand before or after a name, compiled.

    `traits` are the bits of a word of a name, `cues` those of its neighbours. Patterns
    named `before_…` end at the name, `after_…` begin after it.
    """

    traits: Traits
    cues: Traits
    nouns_are_capital: bool
    openers_part: bool
    surname: re.Pattern[str] | None
    title: re.Pattern[str]
    before_title: re.Pattern[str]
    before_role: re.Pattern[str]
    before_apposition: re.Pattern[str]
    before_led: re.Pattern[str]
    before_say: re.Pattern[str]
    after_say: re.Pattern[str]
    after_apposition: re.Pattern[str]
    before_org: re.Pattern[str]
    after_org: re.Pattern[str] | None
    before_place: re.Pattern[str]
    heads: re.Pattern[str] | None
    joiners: frozenset[str]
    lone: str | None
    evidence: Mapping[str, Sequence[float]]

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
    if "titles" not in words:  # that of Chinese, which `han.py` reads
        return None
    titles, people = _any(words["titles"]), _any(_people(words))
    say, heads = _any(words["say"]), _any(words["org_heads"])
    adjective = _any(words["adjectives"] or ["(?!)"])
    return NameWords(
        traits=_traits(language, words),
        cues=_cues(words),
        nouns_are_capital=words.get("nouns_are_capital", False),
        openers_part=words.get("openers_part", False),
        surname=re.compile(words["surname"]) if "surname" in words else None,
        title=re.compile(rf"{titles}\.?$", re.I),
        before_title=re.compile(rf"(?<!\w){titles}\.?(?: {_ADJECTIVE})? $", re.I),
        before_role=re.compile(rf"(?<!\w){people}\.?(?: {_ADJECTIVE})? $", re.I),
        before_apposition=re.compile(rf"(?<!\w){people}(?: [^\s,.;:!?«»“”]+){{0,6}}, $", re.I),
        before_led=re.compile(rf"(?<!\w){_any(words['led_by'])} $", re.I),
        before_say=re.compile(rf"(?<!\w){say},? $", re.I),
        after_say=re.compile(rf",? (?:{_LOWER} )?{say}(?!\w)"),
        after_apposition=re.compile(rf"(?:, \d{{1,3}}\b|,(?: {_LOWER}){{0,2}} {people}(?!\w))"),
        before_org=re.compile(rf"(?<!\w){heads}(?: {adjective}){{0,2}} [«„“\"]? ?$", re.I),
        after_org=re.compile(rf" {_any(words['org_after'])}\b") if "org_after" in words else None,
        before_place=re.compile(rf"(?<!\w){_any(words['place_before'])}$", re.I),
        heads=_heads(words),
        joiners=frozenset(words["joiners"]),
        lone=words.get("lone"),
        evidence={**_shared()["evidence"], **words.get("evidence", {})},
    )


def _traits(language: str, words: dict[str, Any]) -> Traits:
    """What a capitalized word may be."""
    shared = _shared()
    heads = [*words["org_heads"], *words["institutions"]]
    # A capitalized German noun before a name is not part of it: die Firma Siemens.
    inside = words["institutions"] if words.get("nouns_are_capital") else heads
    common = common_words(language)
    public = people_alone()

    def more(word: str, bits: int) -> int:
        plain = word.replace("ß", "ss")  # as wordfreq spells
        if common.is_of_place(plain) if bits & PLACE_END else plain in common:
            bits |= COMMON
        return bits | PUBLIC if fold_name(word) in public else bits

    return Traits(
        {
            GIVEN: _with_cases([*given_names(), *first_names()], language),
            LISTED: _with_cases(first_names(), language),
            SURNAME: surnames(),
            FOREIGN: _read_words("words/en.txt") if language != "en" else (),
            NEVER: [*words["never"], *shared["never"], *words.get("never_like", ())],
            TEAM: shared["teams"],
            OPENER: words["openers"],
            TITLE: [one for one in (*words["titles"], *words["roles"]) if " " not in one],
            OCCUPATION: words.get("occupations", ()),
            ORG_HEAD: heads,
            ORG_WORD: [*inside, *words["org_words"], *shared["suffixes"]],
            PLACE_WORD: words["place_words"],
            PLACE_END: [rf"[\w-]{{3,}}{_any(words['place_endings'])}"],
        },
        more,
    )


def _with_cases(names: Iterable[str], language: str) -> Iterable[str]:
    """Names, in Russian with their declined forms: Виктора."""
    if language != "ru":
        return names
    return [form for name in names for form in name_forms(name, "ru", person=True)]


def _heads(words: dict[str, Any]) -> re.Pattern[str] | None:
    """The small word before a name that is a part of it, and what joins the two."""
    if "small_places" not in words:
        return None
    places, others = _any(words["small_places"]), _any(words["small_organizations"])
    joiner = r"(?: (?:de la|de l['’]|de las|de los|de|du|des|d['’]|da|do|das|dos|del|della|dei))?"
    return re.compile(
        rf"(?<!\w)(?P<head>(?:(?P<place>{places})|{others})){joiner}(?:(?<=['’])| )$", re.I
    )


def _cues(words: dict[str, Any]) -> Traits:
    """What a word before or after a name may be."""
    return Traits(
        {
            TITLE_CUE: _parts(_people(words)),
            ORG_CUE: _parts(words["org_heads"]),
            PLACE_CUE: [one.split(" ")[0] for one in words["place_before"]],
            LED_CUE: [one.split(" ")[0] for one in words["led_by"]],
            SAY_CUE: _parts(words["say"]),
            IN: words["in"],
            NEAR: words["near"],
            ARTICLE: words["articles"],
            PERSON_NOUN: words.get("person_nouns", ()),
            PLACE_NOUN: words.get("place_nouns", ()),
            ATTRIBUTE: words.get("attributes", ()),
            ISLAND: words.get("islands", ()),
            HEAD_CUE: [*words.get("small_places", ()), *words.get("small_organizations", ())],
        }
    )


def _people(words: dict[str, Any]) -> list[str]:
    return [*words["titles"], *words["roles"], *words.get("occupations", ())]


def _parts(alternatives: list[str]) -> list[str]:
    """The words of every alternative; a space within brackets parts nothing."""
    return [part for one in alternatives for part in re.split(r" (?![^(]*\))", one)]


def _any(alternatives: Iterable[str]) -> str:
    return f"(?:{'|'.join(alternatives)})"


@functools.cache
def common_words(language: str) -> CommonWords:
    """Words that are hardly names, from `data/words/<language>.txt`."""
    table = tomllib.loads((DATA / "names" / f"{language}.toml").read_text("utf-8"))
    return CommonWords(words_of(language), table.get("noun_endings", ()), table["place_endings"])


@functools.cache
def words_of(language: str | None) -> frozenset[str]:
    """The words of `data/words/<language>.txt` as they stand; none without a file."""
    return _read_words(f"words/{language}.txt")


@functools.cache
def has_capital_nouns(language: str | None) -> bool:
    """Whether a language writes every noun with a capital."""
    words = name_words(language) if language else None
    return words is not None and words.nouns_are_capital


def is_of_place(word: str, language: str | None) -> bool:
    """Whether a word says, before a name, that something is there: in, à, из."""
    words = name_words(language) if language else None
    return words is not None and bool(words.cues[word.lower()] & IN)


@functools.cache
def first_names() -> frozenset[str]:
    """First names in lower case, from `data/first_names.txt`."""
    return _read_words("first_names.txt")


@functools.cache
def given_names() -> frozenset[str]:
    """Many more of them, some of which are words or surnames too, from `data/given_names.txt`."""
    return _read_words("given_names.txt")


@functools.cache
def surnames() -> frozenset[str]:
    """Surnames in lower case, some of which are words or places too, from `data/surnames.txt`."""
    return _read_words("surnames.txt")


def _read_words(name: str) -> frozenset[str]:
    path = DATA / name
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
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
        for form in name_forms(name, "ru", person=True)
    }
