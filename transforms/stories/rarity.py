"""How rare a word is in its language, by frequencies that never change.

Frozen frequencies, not those of the lake: what a word weighs must depend on no other article, else
yesterday's stories would change with today's news. From `wordfreq` (Speer 2022, data up to 2021),
whose unit is Zipf's: log10 of occurrences in a billion words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from wordfreq import available_languages, get_frequency_dict

# As the lists have it; Serbian, Croatian and Bosnian are one language there.
_OTHER_NAMES = {"sr": "sh", "hr": "sh", "bs": "sh", "no": "nb"}


def frequency(word: str, language: str) -> float:
    """Occurrences of a word, lower case, among all words; 0 if its list has it not."""
    return list_of(language).get(word, 0.0)


def has_frequencies(language: str) -> bool:
    """Whether there is a list for a language."""
    return bool(list_of(language))


@cache
def list_of(language: str) -> Mapping[str, float]:
    """All words of a language with their frequencies, in the order of its list; empty if none."""
    name = _OTHER_NAMES.get(language, language)
    if name not in available_languages("best"):
        return {}
    found: Mapping[str, float] = get_frequency_dict(name, "best")
    return found
