"""The words around names in a language, from `data/names/<language>.toml`, and what a word may be."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from transforms.entities.fold import fold_name
from transforms.entities.inflection import name_forms
from transforms.entities.lexicon import DATA, read_people

_ADJECTIVE = r"[a-zß-öø-ÿœа-яё-]{5,}"
_LOWER = r"[a-zß-öø-ÿœа-яё’'-]+"
# What a word may be, one bit each: `NameWords.traits`.
COMMON, GIVEN, NEVER, ORG_WORD, PLACE_WORD, PLACE_END = 1, 2, 4, 8, 16, 32
TITLE_CUE, ORG_CUE, PLACE_CUE, LED_CUE, SAY_CUE = 64, 128, 256, 512, 1024
SURNAME, FOREIGN, PERSON_NOUN, PLACE_NOUN, ATTRIBUTE = (1 << bit for bit in range(17, 22))
TITLE, PUBLIC, LISTED = (1 << bit for bit in range(22, 25))
IN, NEAR, ARTICLE, OPENER, TEAM, ORG_HEAD = 2048, 4096, 8192, 16384, 32768, 65536
_MOST_TRAITS = 50_000
_SIGNS = ".,;:!?«»„“”\"'()"
_SHORTEST_HEAD, _SHORTEST_TAIL, _MOST_CUTS = 3, 5, 30


class Traits(dict[str, int]):
    """The bits of every word that was asked for, in lower case, signs around it or not.

    Forgets all when it has grown too large.
    """

    def __init__(
        self,
        sets: Iterable[tuple[int, Set[str]]],
        patterns: Iterable[tuple[int, str]],
        common: Set[str],
        place_end: str,
        language: str,
    ) -> None:
        super().__init__()
        self._sets = tuple(sets)
        self._patterns = tuple((bit, re.compile(pattern, re.I)) for bit, pattern in patterns)
        self._common = common
        self._place_end = re.compile(place_end.replace("ß", "ss") + "$")
        self._language = language

    def __missing__(self, written: str) -> int:
        word = written.strip(_SIGNS)
        bits = sum(bit for bit, members in self._sets if word in members)
        bits |= sum(bit for bit, pattern in self._patterns if pattern.fullmatch(word))
        if self._is_common(word.replace("ß", "ss"), bits):  # as wordfreq spells
            bits |= COMMON
        if len(self) >= _MOST_TRAITS:
            self.clear()
        if fold_name(word) in people_alone():
            bits |= PUBLIC
        self[written] = bits
        return bits


    def _is_common(self, word: str, bits: int) -> bool:
        if word in self._common:
            return True
        if bits & PLACE_END and (ending := self._place_end.search(word)):
            return not self._common.isdisjoint(_stems(word[: ending.start()].rstrip("-")))
        return ends_like_a_noun(word, self._common, self._language)


@dataclass(frozen=True, slots=True)
class NameWords:
    """What may stand before or after a name, compiled; `traits` are bits by lower-case word.

    Patterns named `before_…` end at the name, `after_…` begin after it.
    """

    traits: Traits
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
    titles, people = _any(words["titles"]), _any([*words["titles"], *words["roles"]])
    say, heads = _any(words["say"]), _any(words["org_heads"])
    adjective = _any(words["adjectives"] or ["(?!)"])
    return NameWords(
        traits=_traits(language, words),
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
        joiners=frozenset(words["joiners"]),
        lone=words.get("lone"),
        evidence={**_shared()["evidence"], **words.get("evidence", {})},
    )


def _traits(language: str, words: dict[str, Any]) -> Traits:
    shared = _shared()
    sets = (
        (GIVEN, given_names() | first_names()),
        (LISTED, first_names()),
        (SURNAME, surnames()),
        (FOREIGN, common_words("en") if language != "en" else frozenset()),
        (NEVER, frozenset(words["never"]) | frozenset(shared["never"])),
        (TEAM, frozenset(shared["teams"])),
        (IN, frozenset(words["in"])),
        (NEAR, frozenset(words["near"])),
        (ARTICLE, frozenset(words["articles"])),
        (OPENER, frozenset(opener.lower() for opener in words["openers"])),
    )
    heads = [*words["org_heads"], *words["institutions"]]
    # A capitalized German noun before a name is not part of it: die Firma Siemens.
    inside = words["institutions"] if words.get("nouns_are_capital") else heads
    place_end = _any(words["place_endings"])
    patterns = (
        (TITLE, _any([one for one in words["titles"] + words["roles"] if " " not in one])),
        (TITLE_CUE, _any(_parts([*words["titles"], *words["roles"]]))),
        (ORG_CUE, _any(_parts(words["org_heads"]))),
        (PLACE_CUE, _any([alternative.split(" ")[0] for alternative in words["place_before"]])),
        (LED_CUE, _any([alternative.split(" ")[0] for alternative in words["led_by"]])),
        (SAY_CUE, _any(_parts(words["say"]))),
        (ORG_HEAD, _any(heads)),
        (ORG_WORD, _any([*inside, *words["org_words"], *map(str.lower, shared["suffixes"])])),
        (PLACE_WORD, _any(words["place_words"])),
        (PLACE_END, rf"[\w-]{{3,}}{place_end}"),
        (NEVER, _any(words.get("never_like", ["(?!)"]))),
        (PERSON_NOUN, _any(words.get("person_nouns", ["(?!)"]))),
        (PLACE_NOUN, _any(words.get("place_nouns", ["(?!)"]))),
        (ATTRIBUTE, _any(words.get("attributes", ["(?!)"]))),
    )
    return Traits(sets, patterns, common_words(language), place_end, language)


def _parts(alternatives: list[str]) -> list[str]:
    """The words of every alternative; a space within brackets parts nothing."""
    return [part for one in alternatives for part in re.split(r" (?![^(]*\))", one)]


def _any(alternatives: Iterable[str]) -> str:
    return f"(?:{'|'.join(alternatives)})"


def ends_like_a_noun(word: str, common: Set[str], language: str) -> bool:
    """Whether a word is a derived or compound noun, in a language with `nouns` in its file."""
    endings = _noun_endings(language)
    if endings is None:
        return False
    last = word.rsplit("-", 1)[-1]
    if endings.search(last) or (last is not word and last in common):
        return True
    if last is not word:
        return ends_like_a_noun(last, common, language)
    return any(_is_compound(stem, stem is not last, common) for stem in _stems(last))


def _stems(word: str) -> Iterator[str]:
    """A German word as it is and without the endings of genitive and plural."""
    yield word
    for ending in ("s", "es", "n", "en", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_TAIL:
            yield word[: -len(ending)]


def _is_compound(word: str, whole: bool, common: Set[str]) -> bool:
    cuts = range(_SHORTEST_HEAD, min(len(word) - _SHORTEST_TAIL + 1, _MOST_CUTS))
    return (whole and word in common) or any(word[cut:] in common for cut in cuts)


@functools.cache
def _noun_endings(language: str) -> re.Pattern[str] | None:
    words = tomllib.loads((DATA / "names" / f"{language}.toml").read_text("utf-8"))
    return re.compile(_any(words["noun_endings"]) + "$") if "noun_endings" in words else None


@functools.cache
def common_words(language: str) -> frozenset[str]:
    """Words that are hardly names, in lower case, from `data/words/<language>.txt`."""
    return _read_words(f"words/{language}.txt")


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
        for form in name_forms(name, "ru")
    }
