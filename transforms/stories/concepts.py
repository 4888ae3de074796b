"""Concepts: things and kinds of events that news in any language tells of, by `concepts.tsv`."""

from __future__ import annotations

import csv
import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from transforms.entities.fold import fold_name
from transforms.entities.transliterate import letters
from transforms.stories.rarity import list_of
from transforms.stories.simplified import simplified

_TABLE: Final = Path(__file__).with_name("concepts.tsv")
_LEAST_STEM: Final = 2
_ARABIC_BEFORE: Final = re.compile("^[وف]?(?:[بك]?ال|لل|[بلك](?=.{4}))?(?=.{3})")
_OF_REST: Final = 1e-9
_COMMONEST, _RAREST = 2.5, 6.5


@dataclass(slots=True)
class _Stems:
    """One language's words, each to the concepts it stands for."""

    whole: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    beginnings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    anywhere: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@functools.lru_cache(1 << 15)
def fold_word(word: str) -> str:
    """A word as it is compared: lower case, without accents, letters like ł and ı spelled out."""
    return fold_name(letters(word.casefold()))


def find_concepts(words: Iterable[str], text: str, language: str) -> Counter[str]:
    """How often concepts stand in folded words; of a text without spaces, in the text itself."""
    stems = _stems().get(language)
    found: Counter[str] = Counter()
    if stems is None:
        return found
    if language == "zh":
        text = simplified(text)
        for sign, concepts in stems.anywhere.items():
            if count := text.count(sign):
                found.update(dict.fromkeys(concepts, count))
        return found
    for word, count in Counter(words).items():
        for concept in _of_word(word, language):
            found[concept] += count
    return found


def is_concept(word: str, language: str) -> bool:
    """Whether a folded word of a language with spaces stands for a concept."""
    return language != "zh" and language in _stems() and bool(_of_word(word, language))


@functools.lru_cache(1 << 15)
def _of_word(word: str, language: str) -> tuple[str, ...]:
    stems = _stems()[language]
    if language == "ar":
        word = _ARABIC_BEFORE.sub("", word)
    found = set(stems.whole.get(word, ()))
    for end in range(_LEAST_STEM, len(word) + 1):
        found.update(stems.beginnings.get(word[:end], ()))
    for stem, concepts in stems.anywhere.items():
        if stem in word:
            found.update(concepts)
    return tuple(sorted(found))


@functools.cache
def concept_weights() -> Mapping[str, float]:
    """What a concept weighs, 0 to 1: as given, else by how rare its English words are together."""
    stems = _stems()["en"]
    shares: dict[str, list[float]] = {concept: [_OF_REST] for concept in _concepts()}
    for word, share in sorted(list_of("en").items()):
        hit = set(stems.whole.get(word, ()))
        for end in range(_LEAST_STEM, len(word) + 1):
            hit.update(stems.beginnings.get(word[:end], ()))
        for concept in hit:
            shares[concept].append(share)
    given = {row["concept"]: float(row["weight"]) for row in _rows() if row["weight"]}
    rare = {concept: _weight(math.fsum(of_words)) for concept, of_words in shares.items()}
    return rare | given


def _weight(share: float) -> float:
    rarity = -math.log10(share)
    bounded = min(max(rarity, _COMMONEST), _RAREST)
    return round((bounded - _COMMONEST) / (_RAREST - _COMMONEST), 3)


def _concepts() -> list[str]:
    return [row["concept"] for row in _rows()]


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    lines = [line for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@functools.cache
def _stems() -> Mapping[str, _Stems]:
    table: dict[str, _Stems] = defaultdict(_Stems)
    for row in _rows():
        for language, words in row.items():
            if language not in ("concept", "weight"):
                for word in words.split():
                    _add(table[language], word, row["concept"], anywhere=language == "zh")
    return table


def _add(stems: _Stems, word: str, concept: str, *, anywhere: bool) -> None:
    if anywhere or word.startswith("*"):
        kept = stems.anywhere
    else:
        kept = stems.whole if word.startswith("=") else stems.beginnings
    folded = fold_word(word.strip("=*")).replace(" ", "")
    if anywhere:
        folded = simplified(folded)
    if concept not in kept[folded]:
        kept[folded].append(concept)
