"""The words by which an article is found again: `_state/search` holds these and no others.

An article's terms are its words of three letters and more, of a Chinese, Japanese or Thai text its
pairs of letters. Most words say nothing, and what is rare is not known while articles come in, so
of a long text those are taken that look rare: those of its headline first, then those with capitals
or digits, then long ones.
"""

from __future__ import annotations

import functools
import hashlib
import heapq
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

TERMS_PER_ARTICLE = 64
_READ_AT_MOST = 20_000
_SHORTEST = 3
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]+")


def article_terms(headline: str | None, *texts: str | None) -> list[int]:
    """At most `TERMS_PER_ARTICLE` terms, sorted: 64-bit hashes of folded words."""
    ranked: dict[str, tuple[bool, bool, int, str]] = {}
    for number, text in enumerate((headline, *texts)):
        for word in set(_words((text or "")[:_READ_AT_MOST])):
            folded = fold_word(word)
            rank = (number == 0, not word.islower(), len(folded), folded)
            if rank > ranked.get(folded, (False,)):
                ranked[folded] = rank
    best = heapq.nlargest(TERMS_PER_ARTICLE, ranked.values())
    return sorted(term_hash(folded) for *_, folded in best)


def id_term(article_id: str) -> int:
    """The term by which the versions of an article are found; no word has a colon."""
    return term_hash(f"id:{article_id}")


def content_term(content_hash: str) -> int:
    """The term by which the versions of one text are found."""
    return term_hash(f"content:{content_hash}")


def query_terms(text: str) -> dict[int, str]:
    """Every term of a text that is looked for, with the word itself."""
    words = (fold_word(word) for word in _words(text[:_READ_AT_MOST]))
    return {term_hash(word): word for word in words}


@functools.lru_cache(1 << 16)
def fold_word(word: str) -> str:
    """Case and accents dropped: `Éthiopie` and `ethiopie`, `Ёлка` and `елка` are one."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


@functools.lru_cache(1 << 16)
def term_hash(word: str) -> int:
    """64 bits of BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


UNDATED = term_hash("undated:")
"""The term of articles that claim no time of publication."""


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        if len(word) >= _SHORTEST or word.isdigit():
            yield word
    for run in _UNSPACED_RUN.findall(text):
        yield from map("".join, pairwise(run))
