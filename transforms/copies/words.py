"""The words of a text as copies are compared by, and where each stands.

Quotation marks, dashes, case, white space and the form of Unicode say nothing about who copied:
desks restyle them. A word is a run of letters and digits, or a number, whatever separates its
thousands and decimals; in a script that puts no spaces between words every letter is one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

# Han, kana, Thai, Lao, Burmese, Khmer: one letter at a time, with the marks that it carries.
_UNSPACED: Final = (
    "\u0e01-\u0e30\u0e32\u0e40-\u0e46\u0e81-\u0eb0\u1000-\u102a\u1780-\u17b3"
    "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
)
_MARKS: Final = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u103e\u17b4-\u17d3"
)
_WORD: Final = re.compile(
    rf"(?P<number>\d+(?:[.,]\d+)+)|(?P<unspaced>[{_UNSPACED}])[{_MARKS}]*"
    rf"|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words and their spans in the text, in code points; `unspaced` of them are letters."""

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
    for found in _WORD.finditer(text):
        word = found[0]
        if not word.isascii():
            word = unicodedata.normalize("NFKC", word)
        if found["number"]:
            word = word.replace(".", "").replace(",", "")
        folded.append(word.casefold())
        spans.append(found.span())
        unspaced += found["unspaced"] is not None
    return Words(tuple(folded), tuple(spans), unspaced)
