"""The words by which an article is found again: `_state/search` holds these and no others.

An article's terms are its words of three letters and more, of a Chinese, Japanese or Thai text its
pairs of letters. Most words say nothing, and what is rare is not known while articles come in, so
of a long text those are taken that look rare: those of its headline first, then those with capitals
or digits, then long ones; of those that look alike the earlier.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from itertools import chain, filterfalse, pairwise

TERMS_PER_ARTICLE = 64
_READ_AT_MOST = 20_000
_SHORTEST = 3
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")


def article_terms(headline: str | None, *texts: str | None) -> list[int]:
    """At most `TERMS_PER_ARTICLE` terms, sorted: 64-bit hashes of folded words."""
    taken: set[str] = set()
    for words in (_words(headline), [word for text in texts for word in _words(text)]):
        for some in (filterfalse(str.islower, words), filter(str.islower, words)):
            # Folded one by one, as only few of a long text are taken.
            for word in sorted(some, key=len, reverse=True):
                if len(taken) == TERMS_PER_ARTICLE:
                    break
                taken.add(fold_word(word))
    return sorted(map(term_hash, taken))


def id_term(article_id: str) -> int:
    """The term by which the versions of an article are found; no word has a colon."""
    return term_hash(f"id:{article_id}")


def content_term(content_hash: str) -> int:
    """The term by which the versions of one text are found."""
    return term_hash(f"content:{content_hash}")


def query_terms(text: str) -> dict[int, str]:
    """Every term of a text that is looked for, with the word itself."""
    return {term_hash(word): word for word in map(fold_word, _words(text))}


class _Folding(dict[int, str]):
    """What each letter becomes: a word is what its letters become, for only marks could move."""

    def __missing__(self, letter: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(letter))
        self[letter] = folded = "".join(filterfalse(unicodedata.combining, plain)).casefold()
        return folded


_FOLDING = _Folding()


def fold_word(word: str) -> str:
    """Case and accents dropped: `Éthiopie` and `ethiopie`, `Ёлка` and `елка` are one."""
    return word.translate(_FOLDING)


@functools.lru_cache(1 << 16)
def term_hash(word: str) -> int:
    """64 bits of BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


UNDATED = term_hash("undated:")
"""The term of articles that claim no time of publication."""


def _words(text: str | None) -> list[str]:
    """The words of a text and its pairs of unspaced letters, as they are written; each once.

    No unspaced letter has a lower case, so that a pair looks as rare as a word with a capital.
    """
    text = (text or "")[:_READ_AT_MOST]
    found = dict.fromkeys(_WORD.findall(text))
    words = [word for word in found if len(word) >= _SHORTEST or word.isdigit()]
    runs = () if text.isascii() else _UNSPACED_RUN.findall(text)
    pairs = dict.fromkeys(chain.from_iterable(map(pairwise, runs)))
    return [*words, *map("".join, pairs)]
