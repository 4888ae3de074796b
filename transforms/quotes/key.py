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
    return hash_id("quote", *"".join(map(_letter_or_space, folded)).split())


def _letter_or_space(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LMN" else " "
