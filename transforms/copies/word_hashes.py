"""The hashes of a text's words, which is all that fingerprints need, in a quarter of the time.

Most of what stands between spaces was met before, so a text is split and looked up. A word holds no
white space, and nothing beyond it bears on what it is, but in numbers whose thousands are set apart
by spaces.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import xxhash

from transforms.copies.words import (
    LONGEST_REMEMBERED,
    MOST_REMEMBERED,
    find_words,
    has_unspaced,
    is_plain,
)

HASH_BYTES: Final = 8
_AROUND: Final = ".,;:!?\"'()[]<>"
# Between a number's thousands; and what such spaces hold together.
_WITHIN_NUMBER: Final = re.compile(r"[ \u00a0\u202f](?<=\d.)(?=\d{3}(?!\d))")
_HELD_TOGETHER: Final = re.compile(rf"(?<!\S)\S++(?:{_WITHIN_NUMBER.pattern}\S++)+")


def find_hashes(text: str) -> bytes | None:
    """`hash_word` of each word of `text`, in order; None where it has unspaced letters."""
    if not is_plain(text) and has_unspaced(text):
        return None
    tokens = _split(text) if _WITHIN_NUMBER.search(text) else text.split()
    return b"".join(map(_TOKENS.__getitem__, tokens))


def hash_word(folded: str) -> bytes:
    """`HASH_BYTES` bytes, the least first: a hash of any process on any machine."""
    return xxhash.xxh3_64_digest(folded)[::-1]


def _split(text: str) -> list[str]:
    """What stands between spaces, but for those within numbers."""
    tokens: list[str] = []
    done = 0
    for found in _HELD_TOGETHER.finditer(text):
        tokens += text[done : found.start()].split()
        tokens.append(found[0])
        done = found.end()
    return tokens + text[done:].split()


class _Tokens(dict[str, bytes]):
    """What stands between spaces to the hashes of its words."""

    def __missing__(self, token: str) -> bytes:
        inner = token.strip(_AROUND)
        if inner.isalnum() and is_plain(inner):
            hashes = hash_word(unicodedata.normalize("NFKC", inner).casefold())
        else:
            hashes = b"".join(map(hash_word, find_words(token).folded))
        if len(token) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[token] = hashes
        return hashes


_TOKENS: Final = _Tokens()
