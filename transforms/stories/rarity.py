"""How rare a word is in its language, by frequencies that never change.

Frozen frequencies, not those of the lake: what a word weighs must depend on no other article, else
yesterday's stories would change with today's news. From `wordfreq` (Speer 2022, data up to 2021),
whose unit is Zipf's: log10 of occurrences in a billion words.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import xxhash

# As the lists have it; Serbian, Croatian and Bosnian are one language there.
_OTHER_NAMES = {"sr": "sh", "hr": "sh", "bs": "sh", "no": "nb"}


class _Packed(NamedTuple):
    """Hashes of a list's words, sorted, and their frequencies: 16 bytes a word."""

    hashes: array[int]
    frequencies: array[float]


def frequency(word: str, language: str) -> float:
    """Occurrences of a word, lower case, among all words; 0 if its list has it not."""
    packed = _packed(language)
    hashed = _hash(word)
    place = bisect_left(packed.hashes, hashed)
    is_there = place < len(packed.hashes) and packed.hashes[place] == hashed
    return packed.frequencies[place] if is_there else 0.0


def has_frequencies(language: str) -> bool:
    """Whether there is a list for a language."""
    return len(_packed(language).hashes) > 0


def list_of(language: str) -> Mapping[str, float]:
    """All words of a language with their frequencies, in the order of its list; empty if none.

    Read anew each time: as words a list takes up to 80 MB, and there are 40.
    """
    # Half a second to load, which a run that brings nothing new need not wait for.
    from wordfreq import available_languages, get_frequency_dict, get_frequency_list

    name = _OTHER_NAMES.get(language, language)
    if name not in available_languages("best"):
        return {}
    found: Mapping[str, float] = get_frequency_dict(name, "best")
    # The library keeps whatever it once read.
    get_frequency_dict.cache_clear()
    get_frequency_list.cache_clear()
    return found


@cache
def _packed(language: str) -> _Packed:
    import numpy as np  # else a trace would load it

    words = list_of(language)
    hashes = np.fromiter(map(_hash, words), np.uint64, len(words))
    order = np.argsort(hashes)
    frequencies = np.fromiter(words.values(), np.float64, len(words))
    return _Packed(array("Q", hashes[order].tobytes()), array("d", frequencies[order].tobytes()))


def _hash(word: str) -> int:
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))
