"""Finds known places, agencies and organizations in a text.

Longest match, left to right, never overlapping; whole words, but for what a script writes together:
Arabic and Hebrew prefixes, Korean particles, Chinese and Japanese without spaces. Cost is linear in
the text. `docs/entities.md` says what is found and what is left out on purpose.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from transforms.entities.figures import is_namesake, is_son
from transforms.entities.fold import fold
from transforms.entities.inflection import arabic_clitics, hebrew_clitics
from transforms.entities.lexicon import Entry, Name, Namesake, limits, name_search, namesakes
from transforms.entities.name_words import (
    first_names,
    given_names,
    has_capital_nouns,
    is_of_place,
    surnames,
    words_of,
)
from transforms.entities.openings import opens
from transforms.entities.script import CASED, script_of

_LONGEST_PREFIX = 3
_DOTS = frozenset("·•・‧")
# A government and the United Nations are called by these towns: no sign of where a thing is.
_SEATS = ("geonames:4140963", "geonames:5128581")
_DEMONYM = "gazetteer:demonym"
_OF_A_COUNTRY = tuple("人籍裔语語")
_NOT_OF_A_COUNTRY = ("人口", "人工", "人大")
_NEAR = 30
_ARTICLES = frozenset(("la", "las", "el", "los", "le", "les", "il", "lo", "a", "o", "as", "os"))
# A state follows its town (`Paris, Texas`; « Paris au Texas »); in Chinese it leads to it.
_AT_A_NAME, _BEFORE_A_NAME = 20, 5
_WORD_BEFORE = re.compile(r"(\w+)[ ’'-]$")
_WORDS_APART = re.compile(r"[ ·・‧•]")
_WORD_AFTER = re.compile(r"[ -](\w+)")


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in a text: `surface == text[start:end]`, in code points.

    `entity_id` is None where the name stands for several places and the text does not say which.
    """

    start: int
    end: int
    surface: str
    kind: str
    entity_id: str | None
    method: str
    score: float

    def is_within(self, other: Mention) -> bool:
        """Whether it is a part of a longer name."""
        return (
            other.start <= self.start
            and self.end <= other.end
            and self.end - self.start < other.end - other.start
        )


@dataclass(frozen=True, slots=True)
class _Hit:
    """A name that stands in the text, with what it may mean in its language."""

    start: int
    end: int
    surface: str
    rule: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a text is about: country to the words that say so; all, countries, and towns alone."""

    named: Mapping[str | None, Collection[str]]
    countries: Mapping[str | None, Collection[str]]
    towns: Mapping[str | None, Collection[str]]

    def elsewhere(self, country: str | None, surface: str) -> bool:
        """Whether other words than `surface` speak of a country."""
        return any(word != surface for word in self.named.get(country, ()))


def find_mentions(text: str, language: str | None) -> list[Mention]:
    """The mentions in `text`, in order.

    `language` is a primary subtag; with None or `und` names of all languages count, demonyms none.
    """
    known = None if language in (None, "und") else language
    hits = _longest(_find_hits(text, known))
    signs = _read_signs(hits)
    resolved = ((hit, _resolve(hit, signs)) for hit in hits)
    return _as_namesakes(text, [(hit, one) for hit, one in resolved if one is not None], signs)


def _read_signs(hits: list[_Hit]) -> _Signs:
    sure = [hit for hit in hits if hit.rule is None and hit.entries]
    towns = [hit for hit in sure if not _is_country(hit)]
    return _Signs(
        _by_country(sure),
        _by_country(hit for hit in sure if _is_country(hit)),
        _by_country(hit for hit in towns if hit.entries[0].entity_id not in _SEATS),
    )


def _by_country(hits: Iterable[_Hit]) -> Mapping[str | None, Collection[str]]:
    found: dict[str | None, set[str]] = defaultdict(set)
    for hit in hits:
        if hit.entries[0].country is not None:
            found[hit.entries[0].country].add(hit.surface)
    return found


def _find_hits(text: str, language: str | None) -> list[_Hit]:
    folded = fold(text)
    hits = []
    for _, last, name in name_search().find(folded.text):
        end = last - 1 if folded.text[last - 1] == " " else last
        start = end - name.length
        if not _is_bounded(folded.text, start, end, name):
            continue
        first, after = folded.span(start, end)
        hit = _read(text, first, after, name, language)
        if hit is not None and hit.rule != "drop":
            hits.append(hit)
    return hits


def _read(text: str, start: int, end: int, name: Name, language: str | None) -> _Hit | None:
    surface = text[start:end]
    rule = name.rule(language)
    if rule == "block":
        return _Hit(start, end, surface, rule, ())
    if name.script == "han" and not _DOTS.isdisjoint(
        (text[start - 1 : start], text[end : end + 1])
    ):
        return None  # a part of a foreigner's name
    capital = name.script not in CASED or not surface[:1].islower()
    entries = tuple(
        entry
        for entry in name.entries
        if (capital or not entry.capital)
        and (entry.exact is None or entry.exact.rstrip(".") == surface)
        and _is_of_language(entry, language)
        and not (entry.kind == "person" and _is_relative(text, start, end, name))
    )
    if name.script == "han" and language == "zh" and is_origin(text, end):
        entries = tuple(replace(entry, method=_DEMONYM) for entry in entries)
    if not entries or (rule == "person" and _is_part_of_name(text, start, end)):
        return None
    if rule == "lower":
        return _Hit(start, end, surface, None, entries) if surface.islower() else None
    if rule == "caps":
        return None if _is_shouted(text, start, end) else _Hit(start, end, surface, None, entries)
    if rule is None and name.script in CASED and _is_town(entries[0]):
        rule = _rule_of_town(text, start, end, entries[0], language)
        if rule == "drop":
            return None
    return _Hit(start, end, surface, None if rule == "person" else rule, entries)


def _is_town(entry: Entry) -> bool:
    """Whether it is a city that is no capital and not known all over the world."""
    weight: int = entry.weight
    return 1 < weight < limits()["large_city"]["known"] and entry.kind == "place"


def _rule_of_town(text: str, start: int, end: int, town: Entry, language: str | None) -> str | None:
    """The rule of a town whose name is a word, a surname or a first name: Löhne, Kennedy."""
    surface = text[start:end]
    word = surface.lower()
    first, _, last = surface.rpartition(" ")
    if first.lower() in _ARTICLES and last.islower():
        return "drop"  # La libertad opens a sentence
    if first:
        return None
    common = words_of(language)
    may_be_word = has_capital_nouns(language) or opens(text, start)
    if may_be_word and word in common and not _is_at_home(word, town, language):
        return "company"
    if word not in surnames() and word not in given_names() and word not in first_names():
        return None
    before, after = _neighbours(text, start, end)
    if any(one[:1].isupper() and one.lower() not in common for one in (before, after)):
        return "drop"
    if town.people >= limits()["large_city"]["named"] or is_of_place(before, language):
        return None
    return "company"


def _is_at_home(word: str, town: Entry, language: str | None) -> bool:
    """Whether a language speaks of a town often because it is one of its own."""
    home = limits()["home"]
    ours = town.country in home.get(language or "", ()) and town.people >= home["least"]
    return ours and word not in home["words"]


def _is_relative(text: str, start: int, end: int, name: Name) -> bool:
    """Whether a public figure's name is that of a son, or a surname of somebody else."""
    alone = name.script in ("han", "arabic") and not _WORDS_APART.search(text, start, end)
    return is_son(text, end) or (alone and is_namesake(text, start, end, name.script))


def is_origin(text: str, end: int) -> bool:
    """Whether 人, 籍 and the like follow a Chinese name: what somebody comes from."""
    return text[end : end + 1] in _OF_A_COUNTRY and text[end : end + 2] not in _NOT_OF_A_COUNTRY


def _is_of_language(entry: Entry, language: str | None) -> bool:
    if language is None:
        return entry.capital
    return entry.languages is None or language in entry.languages


def _longest(hits: list[_Hit]) -> list[_Hit]:
    chosen: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def _resolve(hit: _Hit, signs: _Signs) -> Mention | None:
    """The mention of a hit, given the countries that the rest of the text speaks of."""
    if not hit.entries:
        return None
    score = limits()["score"]
    if hit.rule in ("company", "unresolved"):
        entry = next((entry for entry in hit.entries if entry.country in signs.named), None)
        if entry is not None:
            return _mention(hit, entry, score["in_company"])
        if hit.rule == "company":
            return None
        first = hit.entries[0]
        return Mention(
            hit.start, hit.end, hit.surface, first.kind, None, first.method, score["unresolved"]
        )
    if len(hit.entries) == 1:
        return _mention(hit, hit.entries[0], hit.entries[0].score)
    entry = _homonym(hit, signs, equal=hit.rule == "either")
    return _mention(hit, entry, score["in_company"] if hit.rule == "either" else entry.score)


def _homonym(hit: _Hit, signs: _Signs, *, equal: bool) -> Entry:
    """The weightiest entry, or one of similar weight (`equal`: any) where the text is about.

    That is a country that the text names, or has towns of while it says nothing of the first's.
    """
    first, *others = hit.entries
    countries, towns = signs.countries, signs.towns
    if not first.entity_id:  # a state: its own town of that name has an id, any other is smaller
        first = next((entry for entry in others if entry.country == first.country), first)
    if first.country in countries or first.kind != "place":
        return first
    least = 0 if equal or not first.entity_id else first.people * limits()["homonym"]["least_share"]
    alike = [entry for entry in others if entry.people >= least]
    if not equal:
        named = next((entry for entry in alike if entry.country in countries), None)
        if named is not None:
            return named
    if signs.elsewhere(first.country, hit.surface):
        return first
    return next((entry for entry in alike if entry.country in towns), first)


def _as_namesakes(text: str, found: list[tuple[_Hit, Mention]], signs: _Signs) -> list[Mention]:
    """The mentions, those of a namesake instead where the text has a word that says so.

    The word at the name (`Paris, Texas`) makes it the namesake's; elsewhere in the text it leaves
    open which of the two is meant. One answer holds for all mentions of an id in a text; of an
    agency's only for its letters (`AP`), and not where its name stands in full.
    """
    standing: dict[str, list[_Hit]] = defaultdict(list)
    for hit, mention in found:
        if mention.entity_id in namesakes():
            standing[mention.entity_id or ""].append(hit)
    meant = {
        known: namesake
        for known, hits in standing.items()
        for namesake in [_meant(text, known, hits, signs)]
        if namesake is not None
    }
    return [
        mention
        if mention.entity_id is None or mention.entity_id not in meant
        else _as_namesake(mention, *meant[mention.entity_id])
        for _, mention in found
    ]


def _as_namesake(mention: Mention, namesake: Namesake, sure: bool) -> Mention:
    if not namesake.also and mention.surface != namesake.name:
        return mention
    score = limits()["score"]
    if sure:
        return replace(mention, entity_id=namesake.also, score=score["in_company"])
    return replace(mention, entity_id=None, kind=namesake.kind, score=score["unresolved"])


def _meant(
    text: str, known: str, hits: Sequence[_Hit], signs: _Signs
) -> tuple[Namesake, bool] | None:
    """Whose the name of `known`, which stands at `hits`, is in this text, and whether for sure.

    None: it is the usual bearer's.
    """
    for namesake in namesakes()[known]:
        country = namesake.home or hits[0].entries[0].country
        if signs.elsewhere(country, hits[0].surface):
            continue
        if not namesake.also and not _has_only_letters(hits):
            continue
        if namesake.also and any(
            namesake.words.search(text, hit.end, hit.end + _AT_A_NAME)
            or namesake.words.search(text, max(0, hit.start - _BEFORE_A_NAME), hit.start)
            for hit in hits
        ):
            return namesake, True
        if namesake.is_named_in(text):
            return namesake, False
    return None


def _has_only_letters(hits: Sequence[_Hit]) -> bool:
    """Whether an agency is nowhere written otherwise than by its letters: `DPA`, `dpa`."""
    return len({hit.surface.upper() for hit in hits}) == 1


def _mention(hit: _Hit, entry: Entry, score: float) -> Mention:
    entity_id = entry.entity_id or None
    return Mention(hit.start, hit.end, hit.surface, entry.kind, entity_id, entry.method, score)


def _is_country(hit: _Hit) -> bool:
    return bool(hit.entries) and hit.entries[0].entity_id.startswith("iso3166:")


def _is_bounded(text: str, start: int, end: int, name: Name) -> bool:
    """Whether no letter touches the name but those that its script writes together with it."""
    if name.script == "arabic":
        return _letters_before(text, start) in arabic_clitics()
    if name.script == "hebrew":
        return _letters_before(text, start) in hebrew_clitics()
    if name.script == "kana":
        return not (_is_kana(text[start - 1]) or _is_kana(text[end]))
    return True


def _letters_before(text: str, start: int) -> str:
    """What stands before in the same word; no further than the longest prefix and one letter."""
    begin = start
    while begin > 0 and start - begin < _LONGEST_PREFIX + 1 and text[begin - 1] != " ":
        begin -= 1
    return text[begin:start]


def _is_kana(character: str) -> bool:
    return script_of(character) == "kana"


def _is_part_of_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalized word stands directly before or after, as in `Michael Jordan`."""
    before, after = _neighbours(text, start, end)
    return before[:1].isupper() or after[:1].isupper()


def _is_shouted(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals too, so that an acronym may be a plain word."""
    return any(
        len(word) > 1 and word.isalpha() and word.isupper()
        for word in _neighbours(text, start, end)
    )


def _neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The words that one space parts from the span; empty where other signs do."""
    before = _WORD_BEFORE.search(text, max(0, start - _NEAR), start)
    after = _WORD_AFTER.match(text, end, end + _NEAR)
    return before[1] if before else "", after[1] if after else ""
