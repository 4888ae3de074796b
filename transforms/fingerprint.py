"""Hashes of what an article says: content hash, and prefixes that recognize a truncation.

DESIGN.md §4.6: the content hash covers headline and body after NFKC, case folding and whitespace
collapse. An item without body (a feed that gives a synopsis only) is hashed with its
`description_text` instead, or edits of the synopsis would never become versions
(`docs/decisions/0002-content-hash-of-a-synopsis.md`).
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from schemas.ids import hash_id

# A summary is compared at the longest of these word counts that it reaches, if it shows by a mark
# that it was cut; a summary of whole sentences must equal a prefix that ends with a sentence.
GRID = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
SENTENCES = 12
MIN_TRUNCATED_WORDS = 4
# Longer texts are not kept in memory: what came as one file of 64 MB is let go with its article.
_REMEMBERED = 1 << 20

# Ideographs and kana count one word each; everything else is split at white space.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(rf"{_UNSPACED.pattern}|[^\s{_UNSPACED.pattern[1:-1]}]+")
_CUT_MARK = re.compile(r"[\s\[(]*\.\.\.[\])\s]*(?:\S+\s?){0,3}$")
_SENTENCE_END = re.compile(r"[.!?。！？؟][\"'»”’)\]」』]*$")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identity needs to know of a text, in a few hundred bytes instead of the text.

    `headline`, `description`, `text` are 64-bit hashes of the folded fields (the latter two of
    their words before a cut mark, so that they compare); `words` counts the folded words of `text`;
    `grid` hashes its first GRID[i] words, `sentences` its prefixes that end with one of the first
    sentences; `marked` says that the text ends with an ellipsis.
    """

    headline: int
    description: int
    text: int
    words: int
    marked: bool
    grid: tuple[int, ...]
    sentences: tuple[int, ...]


def fold(text: str | None) -> str:
    """NFKC, case folded, white space collapsed; the empty string for None."""
    if not text:
        return ""
    return _remembered(text) if len(text) <= _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# A text is folded for its hash, its words and its fingerprint, one after the other.
_remembered = functools.lru_cache(maxsize=4)(_fold)


def words_of(folded: str) -> list[str]:
    """Words of a folded text; ideographs and kana count one each."""
    # Where there are none, splitting gives the same in a fifth of the time.
    if folded.isascii() or not _UNSPACED.search(folded):
        return folded.split()
    return _WORD.findall(folded)


def count_words(body: str | None, print_: Fingerprint) -> int:
    """The words of a body whose fingerprint is known, which mostly has counted them."""
    return print_.words if body and not print_.marked else len(words_of(fold(body)))


def content_hash(headline: str | None, description: str | None, body: str | None) -> str:
    """The content hash of DESIGN.md §4.6; the synopsis stands in for a missing body."""
    return hash_id(fold(headline), fold(body) or fold(description))


def fingerprint(headline: str | None, description: str | None, body: str | None) -> Fingerprint:
    """The fingerprint of one version's texts; the synopsis stands in for a missing body."""
    standfirst, _ = _cut_words(fold(description))
    words, marked = _cut_words(fold(body) or fold(description))
    return Fingerprint(
        headline=_hash64(fold(headline)),
        description=_hash_words(standfirst),
        text=_hash_words(words),
        words=len(words),
        marked=marked,
        grid=tuple(_hash_words(words[:size]) for size in GRID if size <= len(words)),
        sentences=_sentence_prefixes(words),
    )


def is_truncation(short: Fingerprint, full: Fingerprint) -> bool:
    """Whether `short` is a feed's summary, or a cut, of the version `full`.

    True for the same headline and: no text at all, the same text as the full version's standfirst,
    whole sentences from its start, or a start of it that ends with a cut mark.
    """
    if short.headline != full.headline or short.words >= full.words:
        return False
    if short.words == 0 or short.text == full.description:
        return True
    if short.words < MIN_TRUNCATED_WORDS:
        return False
    if not short.marked:
        return short.text in full.sentences
    # The last word of a marked cut is often half a word, so the grid below it decides.
    last = len(short.grid) - 1
    return last >= 0 and last < len(full.grid) and short.grid[last] == full.grid[last]


def _cut_words(folded: str) -> tuple[list[str], bool]:
    """The words of a folded text before its cut mark, and whether it has one."""
    if "..." not in folded:  # as NFKC writes an ellipsis
        return words_of(folded), False
    match = _CUT_MARK.search(folded)
    return words_of(folded[: match.start()] if match else folded), match is not None


def _sentence_prefixes(words: list[str]) -> tuple[int, ...]:
    ends = (i + 1 for i, word in enumerate(words[:1024]) if _SENTENCE_END.search(word))
    return tuple(_hash_words(words[:end]) for end in islice(ends, SENTENCES))


def _hash_words(words: list[str]) -> int:
    return _hash64(" ".join(words))


def _hash64(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
