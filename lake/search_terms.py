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
        for folded, is_marked in _folded_words((text or "")[:_READ_AT_MOST]):
            rank = (number == 0, is_marked, len(folded), folded)
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
    return {term_hash(word): word for word, _ in _folded_words(text[:_READ_AT_MOST])}


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


def _folded_words(text: str) -> Iterator[tuple[str, bool]]:
    """Each word or pair of letters of a text once, and whether it is more than lower case."""
    for word in dict.fromkeys(_WORD.findall(text)):
        if len(word) >= _SHORTEST or word.isdigit():
            yield fold_word(word), not word.islower()
    # By letter: there are a few thousand, and more pairs than can be remembered. It is the same,
    # for only marks could move, and they are dropped; none of these letters has a lower case.
    for run in _UNSPACED_RUN.findall(text):
        for pair in dict.fromkeys(pairwise(map(_fold_letter, run))):
            yield "".join(pair), True


@functools.lru_cache(1 << 14)
def _fold_letter(letter: str) -> str:
    return fold_word.__wrapped__(letter)
