"""Writes `words/*.txt`, `given_names.txt`, `surnames.txt` and `han_places.tsv` in `data`.

    pip install --target WORDFREQ wordfreq==3.1.1
    pip install --target FAKER faker==40.63.0
    pip install --target OPENCC opencc-python-reimplemented==0.1.7
    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m transforms.entities.word_sources WORDFREQ FAKER OPENCC package

None of these is needed to run wiretrace: the files are in the repository, so that what is tagged
depends on no installed version.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from transforms.entities.lexicon import DATA
from transforms.entities.traits import CommonWords

# From what frequency on (Zipf: log10 of occurrences in a billion words) a word is common. German
# capitalizes nouns, so that there rarer ones must be known.
LEAST = {"de": 2.3, "en": 3.2, "es": 3.6, "fr": 3.6, "it": 3.6, "pt": 3.6, "ru": 4.0}
COMPARED = ("de", "en", "es", "fr", "it", "pt", "nl", "pl", "sv", "fi")
_NEAREST = 5
_RARE = 1.0
# English words are met elsewhere too: people, prime, glory.
_MORE_THAN_ELSEWHERE = {"en": 0.7}
_MORE_USUALLY = 1.0
_FORM = 2.0
_FORMS_OF_A_NOUN = ("e", "en", "er", "n", "es", "em")
_LOAN_LEAST, _LOAN_TAILS, _LOAN_HEADS = 3.0, 12, 15
_SHORTEST_PART = 3
# Given names in Faker that are words far more often.
_NO_GIVEN_NAMES = frozenset(
    {
        "art",
        "bay",
        "chance",
        "corona",
        "dia",
        "early",
        "genesis",
        "job",
        "major",
        "north",
        "precious",
    }
    | {
        "price",
        "princess",
        "royal",
        "sol",
        "star",
        "storm",
        "summer",
        "tor",
        "vinter",
        "west",
        "per",
    }
)
# What the list has where there is no such level.
_NO_NAMES = frozenset({"市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_MOST_OF_A_NAME = 5.0
LOCALES = (
    "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "en_GB", "en_IN", "en_US", "es_AR", "es_ES",
    "es_MX", "fi_FI", "fr_CH", "fr_FR", "hr_HR", "hu_HU", "it_IT", "nl_NL", "no_NO", "pl_PL",
    "pt_BR", "pt_PT", "ro_RO", "ru_RU", "sv_SE", "tr_TR",
)  # fmt: skip

Frequencies = Mapping[str, float]


def main() -> None:
    """Rewrites the files."""
    parser = argparse.ArgumentParser(description="Rewrite data/words/*.txt and given_names.txt.")
    parser.add_argument("wordfreq", type=Path, help="Where wordfreq and msgpack are installed.")
    parser.add_argument("faker", type=Path, help="Where Faker is installed.")
    parser.add_argument("opencc", type=Path, help="Where OpenCC is installed.")
    parser.add_argument("china_division", type=Path, help="The unpacked npm package.")
    asked = parser.parse_args()
    sys.path[:0] = [str(asked.wordfreq), str(asked.faker), str(asked.opencc)]
    frequencies = {
        language: _read_wordfreq(asked.wordfreq / "wordfreq" / "data", language)
        for language in sorted({*COMPARED, *LEAST})
    }
    given = set(_faker_names("first_names")) - _NO_GIVEN_NAMES
    for language, least in LEAST.items():
        common = common_words(language, frequencies, least)
        if language == "de":
            common |= _loanwords(frequencies["de"], common)
        common -= _hardly_words(frequencies[language], given)
        if language == "de":
            common = _without_derived(common)
        _write(f"words/{language}.txt", sorted(common))
    _write("given_names.txt", sorted(given))
    _write("surnames.txt", sorted(set(_faker_names("last_names")) - given))

    _write("han_places.tsv", _han_places(asked.china_division / "dist"))


def _han_places(folder: Path) -> Iterator[str]:
    """Provinces, cities, districts and counties of China, Hong Kong, Macau and Taiwan, a row each.

    In full (金塔县), simplified and traditional; two characters (东区) are too little to go by.
    """
    yield "# Written by word_sources.py from china-division; the form is that of known_names.tsv."
    convert: Any = importlib.import_module("opencc").OpenCC("s2t").convert
    of_china = json.loads((folder / "pca.json").read_text("utf-8"))
    for country, tree in (("CN", of_china), *_others(folder)):
        names = {name for name in _names_in(tree) if len(name) > 2 and name not in _NO_NAMES}
        both = sorted(names | {convert(name) for name in names})
        yield f"place\t{country}\tzh\t{'|'.join(both)}"


def _others(folder: Path) -> Iterator[tuple[str, Any]]:
    codes = {"香港特别行政区": "HK", "澳门特别行政区": "MO", "台湾省": "TW"}
    tree = json.loads((folder / "HK-MO-TW.json").read_text("utf-8"))
    for name, code in codes.items():
        yield code, tree[name]


def _names_in(tree: Any) -> Iterator[str]:
    for name in tree:
        yield name
        if isinstance(tree, dict):
            yield from _names_in(tree[name])


def common_words(language: str, frequencies: Mapping[str, Frequencies], least: float) -> set[str]:
    """Words that are frequent, and ten times as frequent as in other languages.

    Names are about as frequent in all of them. A German word also counts that has two forms of a
    noun's or adjective's declension.
    """
    own = frequencies[language]
    others = [frequencies[other] for other in COMPARED if other != language]
    more = _MORE_THAN_ELSEWHERE.get(language, _MORE_USUALLY)
    found = set()
    for word, frequency in own.items():
        if frequency < least or not word.isalpha() or len(word) < 2:
            continue
        elsewhere = sorted((other.get(word, _RARE) for other in others), reverse=True)
        forms = sum(own.get(word + ending, 0) >= _FORM for ending in _FORMS_OF_A_NOUN)
        if frequency - statistics.median(elsewhere[:_NEAREST]) >= more or (
            language == "de" and forms >= 2
        ):
            found.add(word)
    return found


def _loanwords(frequencies: Frequencies, common: Set[str]) -> set[str]:
    """German words known from other languages too, but at home in compounds: Motor, Team."""
    words = {word for word in frequencies if word.isalpha()}
    tails: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    for word in words:
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            head, tail = word[:cut], word[cut:]
            tails[tail] += 1
            if tail in common or (tail[0] == "s" and tail[1:] in common):
                heads[head] += 1
    return {
        word
        for word in words
        if len(word) > _SHORTEST_PART
        and frequencies[word] >= _LOAN_LEAST
        and (tails[word] >= _LOAN_TAILS or heads[word] >= _LOAN_HEADS)
    }


def _without_derived(common: Set[str]) -> set[str]:
    """Without what `CommonWords` derives from the rest: half the file."""
    table = tomllib.loads((DATA / "names" / "de.toml").read_text("utf-8"))
    kept: set[str] = set()
    known = CommonWords(kept, table["noun_endings"], table["place_endings"])
    for word in sorted(common, key=lambda word: (len(word), word)):
        if word not in known:
            kept.add(word)
    return kept


def _hardly_words(frequencies: Frequencies, given: Iterable[str]) -> set[str]:
    """Given names but for those that are so frequent that they must be words: will, may, hope."""
    return {name for name in given if frequencies.get(name, 0) < _MOST_OF_A_NAME}


def _faker_names(kind: str) -> Iterator[str]:
    for locale in LOCALES:
        provider: Any = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith(kind):
                for name in getattr(provider, attribute):
                    if len(name) > 2 and name.isalpha():
                        yield name.lower()


def _read_wordfreq(folder: Path, language: str) -> dict[str, float]:
    """Word to Zipf frequency: a list of lists of words, each a hundredth rarer than the last."""
    msgpack: Any = importlib.import_module("msgpack")
    with gzip.open(folder / f"large_{language}.msgpack.gz") as packed:
        buckets = msgpack.load(packed, raw=False)[1:]
    return {word: 9 - n / 100 for n, bucket in enumerate(buckets) for word in bucket}


def _write(name: str, words: Iterable[str]) -> None:
    (DATA / name).write_text("".join(f"{word}\n" for word in words), "utf-8")


if __name__ == "__main__":
    main()
