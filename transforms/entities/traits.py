"""What a single word may be, as bits, remembered for every word that was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

# Of a capitalized word.
(
    COMMON, FOREIGN, GIVEN, LISTED, SURNAME, PUBLIC, NEVER, OPENER, TITLE, TEAM, ORG_HEAD, ORG_WORD,
    PLACE_WORD, PLACE_END, OCCUPATION,
) = (1 << bit for bit in range(15))  # fmt: skip
# Of a word before or after it.
(
    TITLE_CUE, ORG_CUE, PLACE_CUE, LED_CUE, SAY_CUE, IN, NEAR, ARTICLE, PERSON_NOUN, PLACE_NOUN,
    ATTRIBUTE, HEAD_CUE, ISLAND,
) = (1 << bit for bit in range(13))  # fmt: skip
_MOST_REMEMBERED = 50_000
_LONGEST_WORD = 60
_SIGNS = ".,;:!?«»„“”\"'()"
_LITERAL = re.compile(r"[\w' -]+")
_SHORTEST_HEAD, _SHORTEST_TAIL, _MOST_CUTS = 3, 5, 30


class Traits(dict[str, int]):
    """Bits by word in lower case, with signs around it or not; forgets all when it grows too large.

    `words` are by bit what the word may be equal to: words, or regular expressions of one word.
    `more` gives further bits of a word that has these.
    """

    def __init__(
        self,
        words: Mapping[int, Iterable[str]],
        more: Callable[[str, int], int] = lambda word, bits: bits,
    ) -> None:
        super().__init__()
        literal: dict[str, int] = {}
        self._patterns: list[tuple[int, re.Pattern[str]]] = []
        for bit, alternatives in words.items():
            patterns = []
            for one in alternatives:
                if _LITERAL.fullmatch(one):
                    literal[one.lower()] = literal.get(one.lower(), 0) | bit
                else:
                    patterns.append(one)
            if patterns:
                self._patterns.append((bit, re.compile("|".join(patterns), re.I)))
        self._literal = literal
        self._more = more

    def __missing__(self, written: str) -> int:
        if len(written) > _LONGEST_WORD:
            return 0
        word = written.strip(_SIGNS)
        bits = self._literal.get(word, 0)
        for bit, pattern in self._patterns:
            if not bits & bit and pattern.fullmatch(word):
                bits |= bit
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        bits = self[written] = self._more(word, bits)
        return bits


class CommonWords:
    """Words that are hardly names; in a language whose nouns are capitalized, with their forms.

    `noun_endings` are regular expressions of how nouns end, `place_endings` of how places do.
    """

    def __init__(
        self, words: Set[str], noun_endings: Iterable[str], place_endings: Iterable[str]
    ) -> None:
        self._words = words
        endings = "|".join(noun_endings)
        self._noun = re.compile(f"(?:{endings})$") if endings else None
        self._place = re.compile(f"(?:{'|'.join(place_endings)})$".replace("ß", "ss"))

    def __contains__(self, word: str) -> bool:
        """Whether a word, in lower case and `ss` for ß, is one of them, derived or compound."""
        if word in self._words:
            return True
        if self._noun is None:
            return False
        last = word.rsplit("-", 1)[-1]
        if last is not word:
            return last in self
        if self._noun.search(word):
            return True
        return any(self._is_compound(stem, stem is not word) for stem in _stems(word))

    def is_of_place(self, word: str) -> bool:
        """Whether a word with a place's ending has a common one before: Hauptstraße."""
        ending = self._place.search(word)
        if ending is None or word in self._words:
            return word in self
        return any(stem in self for stem in _stems(word[: ending.start()].rstrip("-")))

    def _is_compound(self, word: str, whole: bool) -> bool:
        words = self._words
        if whole and word in words:
            return True
        cuts = range(_SHORTEST_HEAD, min(len(word) - _SHORTEST_TAIL + 1, _MOST_CUTS))
        return any(word[cut:] in words for cut in cuts)


def _stems(word: str) -> Iterator[str]:
    """A German word as it is and without the endings of genitive and plural."""
    yield word
    for ending in ("s", "es", "n", "en", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_TAIL:
            yield word[: -len(ending)]
