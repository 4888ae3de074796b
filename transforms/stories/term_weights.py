"""What a word weighs in its language: its inverse frequency, of words that never change.

A term is a word cut to its first letters, so that the inflections of a word are one term; it weighs
as much as the word as it stands. In a script without spaces a term is two characters that follow
each other (bigrams; McNamee and Mayfield 2004 for both).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from types import ModuleType
from typing import Final

from transforms.stories.rarity import frequency, has_frequencies, list_of

# Letters that a word is cut to, and what of its weight its stem has; the word as it is has the
# rest. Measured over the languages of SemEval and Telegram. Cosine of whole texts alone, mean AUC:
# .863 uncut, .883, .877, .874 cut to 4, 5, 6. Headlines of a language all in one batch, B-cubed F1
# at one threshold: .874 uncut, .838 cut to 5, .866 with half the weight each: stems bring
# headlines together that have nothing in common.
STEM: Final = 5
OF_STEM: Final = 0.75
# A word weighs one more for each tenth of this frequency: "the" about 1, the rarest 8. Headlines in
# batches come together better than with 1e-1; for pairs it is the same.
COMMONEST: Final = 1.0
# Where no list has a word, and where a language has no list.
RAREST: Final = 1e-8
UNLISTED: Final = 1e-6
LONGEST_NUMBER: Final = 20


def stem(word: str) -> str:
    """The first letters of a folded word, with `*` for what is cut off; a number as it is."""
    return word if len(word) <= STEM or word[0].isdigit() else f"{word[:STEM]}*"


def terms_of(word: str) -> Iterator[tuple[str, float]]:
    """The terms that a folded word is, and what of its weight each has; squares sum to 1."""
    cut = stem(word)
    if cut == word:
        yield word, 1.0
    else:
        yield cut, math.sqrt(OF_STEM)
        yield word, math.sqrt(1 - OF_STEM)


@lru_cache(maxsize=1 << 17)
def weight(word: str, language: str) -> float:
    """What a folded word weighs, 1 for the commonest to 8."""
    return _weight_of(_word_frequency(word, language))


@lru_cache(maxsize=1 << 17)
def bigram_weight(bigram: str, language: str) -> float:
    """What two characters in a row weigh: as often as words hold them, or as chance joins them."""
    characters, bigrams = _character_frequencies(language)
    if not characters:
        return _weight_of(UNLISTED)
    by_chance = characters.get(bigram[0], RAREST) * characters.get(bigram[1], RAREST)
    return _weight_of(max(bigrams.get(bigram, 0.0), by_chance, RAREST))


def _weight_of(of_all: float) -> float:
    return max(0.0, math.log10(COMMONEST / of_all))


def _word_frequency(word: str, language: str) -> float:
    if not has_frequencies(language):
        return UNLISTED
    numbers = _numbers()
    if numbers.has_digit_sequence(word):
        if len(word) > LONGEST_NUMBER:
            return RAREST
        # The lists have numbers by their length only.
        share: float = numbers.digit_freq(word)
        return max(frequency(numbers.smash_numbers(word), language) * share, RAREST)
    return max(frequency(word, language), RAREST)


@cache
def _numbers() -> ModuleType:
    from wordfreq import numbers  # loaded late, as in rarity.py

    return numbers


@cache
def _character_frequencies(language: str) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Characters and pairs of them in the words of a list."""
    characters: dict[str, float] = defaultdict(float)
    bigrams: dict[str, float] = defaultdict(float)
    for word, of_all in list_of(language).items():
        for character in word:
            characters[character] += of_all
        for first, second in pairwise(word):
            bigrams[first + second] += of_all
    return characters, bigrams
