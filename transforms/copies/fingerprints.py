"""Which texts may share a run of words: winnowed fingerprints (Schleimer, Wilkerson, Aiken 2003).

Of every window of consecutive stretches of words the one with the least hash is kept. Two texts
that share a run as long as a window and a stretch share one of these, wherever the run stands: so
a wire of thirty words is found within a round-up of a thousand, and nothing that is a copy
(`verify.py` asks for such a run) is missed. MinHash promises neither (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.copies.word_hashes import HASH_BYTES, find_hashes, hash_word
from transforms.copies.words import Words, find_words

Fingerprints = npt.NDArray[np.uint64]

# Words of a stretch and stretches of a window: a run of 15 words holds a whole window, and in
# scripts without spaces one of 24 letters. Every match has such a run.
_STRETCH: Final = 8
_WINDOW, _WINDOW_UNSPACED = 8, 17
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)


def find_fingerprints(words: Words) -> Fingerprints:
    """The fingerprints of a text, sorted, each once; none of a text that is too short to match.

    About 22 of a hundred words, and 11 of a hundred letters of a script without spaces.
    """
    window = _WINDOW_UNSPACED if words.is_unspaced else _WINDOW
    stretches = len(words) - _STRETCH + 1
    if stretches < window:
        return np.empty(0, np.uint64)
    rolled = _roll(np.frombuffer(b"".join(map(hash_word, words.folded)), "<u8"))
    return np.unique(np.lib.stride_tricks.sliding_window_view(rolled, window).min(axis=1))


def find_all_fingerprints(texts: Sequence[str]) -> tuple[Fingerprints, npt.NDArray[np.uint32]]:
    """The fingerprints of some texts and the number of the text that holds each; in no order.

    What `find_fingerprints` gives, at a sixth of its time: nearly all texts at once.
    """
    hashes: list[bytes] = []
    prints, numbers = [], []
    for number, text in enumerate(texts):
        known = find_hashes(text)
        hashes.append(known or b"")
        if known is None:
            found = find_fingerprints(find_words(text))
            prints.append(found)
            numbers.append(np.full(len(found), number, np.uint32))
    counts = [len(one) // HASH_BYTES for one in hashes]
    held = np.repeat(np.arange(len(texts), dtype=np.uint32), counts)
    found, number_of = _winnow(np.frombuffer(b"".join(hashes), "<u8"), held)
    return np.concatenate([found, *prints]), np.concatenate([number_of, *numbers])


def _winnow(hashes: Fingerprints, held: npt.NDArray[np.uint32]) -> tuple[Any, Any]:
    """Of spaced texts, one after the other; `held[i]` is the number of the text of word `i`."""
    run = _STRETCH + _WINDOW - 1
    if len(hashes) < run:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    least = _roll(hashes)
    step = 1
    while step < _WINDOW:  # the least of 2, of 4, of 8
        least = np.minimum(least[:-step], least[step:])
        step *= 2
    first = held[: len(least)]
    kept = first == held[run - 1 :]
    # Windows that follow each other mostly have one least.
    kept[1:] &= ~((least[1:] == least[:-1]) & (first[1:] == first[:-1]))
    least, first = least[kept], first[kept]
    order = np.argsort(least, kind="stable")
    least, first = least[order], first[order]
    kept = np.ones(len(least), bool)
    kept[1:] = (least[1:] != least[:-1]) | (first[1:] != first[:-1])
    return least[kept], first[kept]


def _roll(hashes: Fingerprints) -> Fingerprints:
    """Of each stretch of words."""
    stretches = len(hashes) - _STRETCH + 1
    rolled = hashes[:stretches].copy()
    for step in range(1, _STRETCH):
        rolled *= _MULTIPLIER
        rolled += hashes[step : step + stretches]
    # Else the least ones would be of few words: the last one's hash is added, and not mixed in.
    rolled ^= rolled >> _HALF
    rolled *= _MIX
    rolled ^= rolled >> _HALF
    return rolled
