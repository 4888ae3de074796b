"""The id of an unknown person: the written name, brought to one form in the ways that are safe.

`name:` and the words joined by `-`, lower case, without accents. By language, with the endings of
`data/name_cases.toml`:

- Russian and Ukrainian names stand in the nominative, a woman's surname in its own;
- German `Mueller` is `Müller`: `ae`, `oe`, `ue` between consonants lose their e;
- apostrophes are left out, hyphens part words, Turkish ı and Latin letters without accents of their
  own (ł, ø, ß) are spelled out.

Initials stay initials, patronymics and second surnames stay, the order of words stays: another
order or a shorter form may be somebody else. Which of these ids are one person is asked when they
are read (`tracing/spellings.py`).
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from transforms.entities.fold import fold_name
from transforms.entities.gazetteer import Mention
from transforms.entities.lexicon import DATA
from transforms.entities.name_words import first_names
from transforms.entities.transliterate import broad, letters

SCHEME = "name:"
_APOSTROPHES = re.compile("(?<=\\w)['’ʼ‘`´](?=\\w)")
_GERMAN_UMLAUT = re.compile(r"(?<![aeiouyq])([aou])e(?!l\b)(?=[b-df-hj-np-tv-xz])")
_CYRILLIC = re.compile(r"[а-яёєіїґ'’ʼ-]+")
_LEAST_STEM = 2
_CASES, _SURE_ENDING = 6, 3
_MOST_WORDS = 4
_MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class _Row:
    of: str
    gender: str
    ending: str
    after: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """One word read as a case of a nominative; `matched` letters were its ending."""

    nominative: str
    gender: str
    case: int
    matched: int


def settle_people(mentions: Sequence[Mention], language: str | None) -> list[Mention]:
    """The mentions of one text, ids of unknown persons (`name:…`) as `person_ids` has them.

    A form that may be a case of two names is the one that the text also has in a form of its own.
    """
    written = {
        one.entity_id: one.surface
        for one in mentions
        if one.kind == "person" and one.entity_id == plain_id(one.surface)
    }
    settled = settle_ids(written.values(), language)
    return [
        replace(one, entity_id=settled[written[one.entity_id]])
        if one.kind == "person" and one.entity_id in written
        else one
        for one in mentions
    ]


def settle_ids(names: Iterable[str], language: str | None) -> Mapping[str, str]:
    """Each name of one text to its id."""
    readings = {name: person_ids(name, language) for name in names}
    sure = {ids[0] for ids in readings.values() if len(ids) == 1}
    return {
        name: next(iter(agreed)) if len(agreed := sure & set(ids)) == 1 else ids[0]
        for name, ids in readings.items()
    }


def plain_id(name: str) -> str:
    """The id of a name of whatever kind: as written, folded, words joined by `-`."""
    return SCHEME + fold_name(name).replace(" ", "-")


@functools.lru_cache(1 << 14)
def person_ids(name: str, language: str | None) -> tuple[str, ...]:
    """The ids that a written name may stand for, the likeliest first: one, unless its case is open.

    «Александра Иванова» is a woman, or a man in the genitive: as written comes first.
    """
    joined = _APOSTROPHES.sub("", name[:_MOST_LETTERS].casefold().replace("ё", "е"))
    if language in ("ru", "uk") and _is_cyrillic(joined):
        forms: Sequence[str] = _nominatives(joined, language) or [joined]
    else:
        forms = [letters(joined)]
    folded = [fold_name(form) for form in forms]
    if language == "de":
        folded = [_GERMAN_UMLAUT.sub(r"\1", form) for form in folded]
    return tuple(dict.fromkeys(SCHEME + form.replace(" ", "-") for form in folded))


@functools.lru_cache(1 << 14)
def may_agree(words: tuple[str, ...], language: str) -> bool:
    """Whether Russian or Ukrainian words can be one name: there is a case that all can stand in."""
    joined = [word[:_MOST_LETTERS].casefold().replace("ё", "е") for word in words]
    by_word = [_cases_of(word, language) for word in joined]
    return any(
        all(
            any(own in ("", gender) and read in (-1, case) for own, read in readings)
            for readings in by_word
        )
        for gender in "mf"
        for case in range(_CASES)
    )


def is_first_name(word: str, language: str) -> bool:
    """Whether a word is a case of a first name that the lists have."""
    readings = _readings(word[:_MOST_LETTERS].casefold().replace("ё", "е"), "first", language)
    return any(_trust(reading.nominative, language) for reading in readings)


def _cases_of(word: str, language: str) -> frozenset[tuple[str, int]]:
    """Gender and case that a word may have; «Лавровым» is not a woman's undeclined surname."""
    found = [*_readings(word, "first", language), *_readings(word, "surname", language)]
    sure = any(one.matched >= _SURE_ENDING for one in found)
    return frozenset((one.gender, one.case) for one in found if one.matched or not sure)


def _is_cyrillic(name: str) -> bool:
    return all(_CYRILLIC.fullmatch(word.strip(".")) for word in name.split())


def _nominatives(name: str, language: str) -> list[str]:
    """The nominatives whose common case and gender the words of a name can be."""
    words = name.split()
    if not words or len(words) > _MOST_WORDS:
        return []
    kinds = ["first"] * (len(words) - 1) + ["surname"]
    by_word = [_readings(word, kind, language) for word, kind in zip(words, kinds, strict=True)]
    agreed = [
        chosen
        for chosen in itertools.product(*by_word)
        if len({reading.gender for reading in chosen} - {""}) <= 1
        and len({reading.case for reading in chosen} - {-1}) <= 1
    ]
    trust = [_trust(chosen[0].nominative, language) if len(chosen) > 1 else 0 for chosen in agreed]
    known = [chosen for chosen, sure in zip(agreed, trust, strict=True) if sure == max(trust)]
    most = max((sum(reading.matched for reading in chosen) for chosen in known), default=0)
    best = [
        " ".join(reading.nominative for reading in chosen)
        for chosen in known
        if sum(reading.matched for reading in chosen) == most or _is_plain(chosen)
    ]
    distinct = list(dict.fromkeys(best))
    return sorted(distinct, key=lambda form: form != name)


def _is_plain(chosen: tuple[_Reading, ...]) -> bool:
    """Whether each word has the ending of a nominative, or one that never changes."""
    return all(r.case == -1 or (r.case == 0 and r.matched > 0) for r in chosen)


def _readings(word: str, kind: str, language: str) -> list[_Reading]:
    bare = word.strip(".")
    if len(bare) < _LEAST_STEM:  # an initial
        return [_Reading(bare, "", -1, 0)]
    endings, fixed = _cases(language)
    found = [
        _Reading(bare[: len(bare) - size] + row.ending, row.gender, case, size)
        for size in range(min(_longest(language), len(bare)) + 1)
        for row, case in endings.get(bare[len(bare) - size :], ())
        if row.of in (kind, "both") and _may_stand(row, bare[: len(bare) - size])
    ]
    if bare.endswith(fixed):
        found.append(_Reading(bare, "", -1, 0))
    return list(dict.fromkeys(found))


def _may_stand(row: _Row, stem: str) -> bool:
    if row.after:
        return len(stem) >= _LEAST_STEM and stem[-1] in row.after
    return len(stem + row.ending) > _LEAST_STEM


@functools.cache
def _cases(language: str) -> tuple[Mapping[str, list[tuple[_Row, int]]], tuple[str, ...]]:
    """By the ending of a form: the rows and cases it may be; and the ends that never change."""
    table = _table()[language]
    endings: dict[str, list[tuple[_Row, int]]] = defaultdict(list)
    for row in table["rows"]:
        read = _Row(row["of"], row["gender"], row["ending"], row.get("after", ""))
        for case, variants in enumerate(row["forms"]):
            for form in variants.split("/"):
                endings[form].append((read, case))
    return endings, tuple(table["fixed"])


@functools.cache
def _longest(language: str) -> int:
    return max(map(len, _cases(language)[0]))


def _trust(first_name: str, language: str) -> int:
    """2 if the lists have a first name as it is written, 1 if in Latin letters, else 0."""
    folded = fold_name(first_name)
    if folded in _first_names(language):
        return 2
    return int(broad(folded) in _first_names("latin"))


@functools.cache
def _first_names(language: str) -> frozenset[str]:
    if language == "latin":
        return frozenset(broad(name) for name in first_names() if name.isascii())
    return frozenset(fold_name(name) for name in (*first_names(), *_table()[language]["first"]))


@functools.cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "name_cases.toml").read_text("utf-8"))
