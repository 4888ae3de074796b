"""`quote_key`: one hash for one sequence of words, however it is punctuated or cased."""

from __future__ import annotations

import unicodedata

from schemas.ids import hash_id


def quote_key(text: str) -> str:
    """128-bit hex over the words: NFKC, case folded; marks, dashes, ellipses and spaces dropped.

    Words that a dash or an apostrophe joins count as several, so `cease-fire` and `cease fire` are
    one key while `cease fire` and `ceasefire` are two. Vowel signs belong to their word; soft
    hyphens and direction marks are nothing.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return hash_id("quote", *folded.translate(_LETTERS).split())


class _Letters(dict[int, str]):
    """Code points to themselves, to nothing or to a space; those of common scripts are kept."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        category = unicodedata.category(character)
        kept = "" if category == "Cf" else character if category[0] in "LMN" else " "
        if point < _KEPT:
            self[point] = kept
        return kept


_KEPT = 0xA000
_LETTERS = _Letters()
