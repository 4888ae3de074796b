"""The words of a text as copies are compared by, and where each stands.

Quotation marks, dashes, case, white space and the form of Unicode say nothing about who copied:
desks restyle them. A word is a run of letters, marks and digits; a number, whatever groups its
thousands; a sign of currency or per cent, or a pictogram. In a script that puts no spaces between
words every letter is one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import regex

# Words that are kept with what was made of them, and their length: a text may be one word.
MOST_REMEMBERED: Final = 1 << 18
LONGEST_REMEMBERED: Final = 64

_UNSPACED: Final = (
    r"(?=\p{L})[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc]"
)
_NUMBER: Final = r"(?:(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)+)"
_WORD: Final = regex.compile(
    rf"{_NUMBER}|{_UNSPACED}\p{{M}}*"
    rf"|(?:(?!{_UNSPACED})[\p{{L}}\p{{N}}])(?:(?!{_UNSPACED})[\p{{L}}\p{{N}}\p{{M}}\u00ad\u200c\u200d])*"
    r"|\p{Sc}|%|\p{Extended_Pictographic}|(?<![\p{L}\p{N}])[-\u2212](?=\d)"
)
# The same for letters of Latin, Greek and Cyrillic without marks of their own: most texts hold
# nothing else, and `re` takes a third of the time.
_PLAIN_TEXT: Final = re.compile(
    r"[\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u203a\u20ac]*+"
)
_SIGN: Final = r"[$¢£¤¥€%©®]|\u203c|(?<![^\W_])[-\u2212](?=\d)"
# What begins with a letter is no number: looked at first, it is found in two thirds of the time.
_PLAIN_WORD: Final = re.compile(
    rf"[^\W\d_][^\W_]*|(?=[^\W_a-zA-Z]|[$¢£¤¥€%©®\u203c\-\u2212])(?:{_NUMBER}|[^\W_]+|{_SIGN})"
)
# Any of these a number may hold, and none a word: what is matched says which of them it is.
_IN_NUMBER: Final = re.compile(r"[ \u00a0\u202f.,]")
_ANY_UNSPACED: Final = regex.compile(_UNSPACED)
# Soft hyphens, joiners, and the points of Hebrew and Arabic, which are written or not.
_UNSEEN: Final = regex.compile(
    "[\u00ad\u200c\u200d\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670]"
)
_GROUPED: Final = regex.compile(r"[ \u00a0\u202f]|[.,](?=\d{3}(?:\D|$))")


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of `text` and their spans, in code points; `unspaced` of them are letters."""

    text: str
    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    unspaced: int

    def __len__(self) -> int:
        return len(self.folded)

    @property
    def is_unspaced(self) -> bool:
        """Whether most words are letters of a script without spaces."""
        return 2 * self.unspaced > len(self)


def find_words(text: str) -> Words:
    """The words of `text`, NFKC and case-folded, without what stands between them."""
    plain = is_plain(text)
    matches = list((_PLAIN_WORD if plain else _WORD).finditer(text))
    raw = [match[0] for match in matches]
    spans = tuple(match.span() for match in matches)
    folded = tuple(map(_FOLDED.__getitem__, raw))
    if "" in folded:  # a letter that only stretches others
        spans = tuple(span for span, word in zip(spans, folded, strict=True) if word)
        folded = tuple(filter(None, folded))
    unspaced = 0 if plain else sum(map(_IS_UNSPACED.__getitem__, raw))
    return Words(text, folded, spans, unspaced)


def is_plain(text: str) -> bool:
    """Whether it has letters of Latin, Greek and Cyrillic only, without marks of their own."""
    return text.isascii() or _PLAIN_TEXT.fullmatch(text) is not None


def has_unspaced(text: str) -> bool:
    """Whether it has a letter of a script without spaces."""
    return _ANY_UNSPACED.search(text) is not None


class _Folded(dict[str, str]):
    """What is matched to the word it is."""

    def __missing__(self, raw: str) -> str:
        word = raw
        if not word.isascii():
            # Composed first: a hamza is a point of its own only where it has no letter.
            word = _UNSEEN.sub("", unicodedata.normalize("NFKC", word))
        if _IN_NUMBER.search(raw):
            # 1.200,50 and 1,200.50 are one number; 4.2 and 42 are not.
            word = _GROUPED.sub("", word).replace(",", ".")
        word = word.casefold()
        if len(raw) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[raw] = word
        return word


class _IsUnspaced(dict[str, bool]):
    """What is matched to whether it is a letter of a script without spaces."""

    def __missing__(self, raw: str) -> bool:
        value = _ANY_UNSPACED.match(raw) is not None
        if len(raw) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[raw] = value
        return value


_FOLDED: Final = _Folded()
_IS_UNSPACED: Final = _IsUnspaced()
