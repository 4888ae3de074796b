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

_UNSPACED: Final = (
    r"(?=\p{L})[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc]"
)
_NUMBER: Final = (
    r"(?P<number>(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)+)"
)
_WORD: Final = regex.compile(
    rf"{_NUMBER}|(?P<unspaced>{_UNSPACED})\p{{M}}*"
    rf"|(?:(?!{_UNSPACED})[\p{{L}}\p{{N}}])(?:(?!{_UNSPACED})[\p{{L}}\p{{N}}\p{{M}}\u00ad\u200c\u200d])*"
    r"|\p{Sc}|%|\p{Extended_Pictographic}|(?<![\p{L}\p{N}])[-\u2212](?=\d)"
)
# The same for letters of Latin, Greek and Cyrillic without marks of their own: most texts hold
# nothing else, and `re` takes a third of the time.
_PLAIN_TEXT: Final = re.compile(
    r"[\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u203a\u20ac]*+"
)
_PLAIN_WORD: Final = re.compile(
    rf"{_NUMBER}"
    r"|(?P<unspaced>(?!))|[^\W_]+|[$¢£¤¥€%©®]|\u203c|(?<![^\W_])[-\u2212](?=\d)"
)
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
    folded, spans, unspaced = [], [], 0
    pattern = _PLAIN_WORD if _PLAIN_TEXT.fullmatch(text) else _WORD
    for found in pattern.finditer(text):
        word = found[0]
        if not word.isascii():
            # Composed first: a hamza is a point of its own only where it has no letter.
            word = _UNSEEN.sub("", unicodedata.normalize("NFKC", word))
        if found["number"]:
            # 1.200,50 and 1,200.50 are one number; 4.2 and 42 are not.
            word = _GROUPED.sub("", word).replace(",", ".")
        if word:  # else a letter that only stretches others
            folded.append(word.casefold())
            spans.append(found.span())
            unspaced += found["unspaced"] is not None
    return Words(text, tuple(folded), tuple(spans), unspaced)
