"""Which texts may share a run of words: winnowed fingerprints (Schleimer, Wilkerson, Aiken 2003).

Of every window of consecutive stretches of words the one with the least hash is kept. Two texts
that share a run as long as a window and a stretch share one of these, wherever the run stands: so
a wire of thirty words is found within a round-up of a thousand, and nothing that is a copy
(`verify.py` asks for such a run) is missed. MinHash promises neither (docs/decisions/0012).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import xxhash

from transforms.copies.words import Words

Fingerprints = npt.NDArray[np.uint64]

# Words of a stretch and stretches of a window: a run of 15 words holds a whole window, and in
# scripts without spaces one of 24 letters. Every match has such a run.
_STRETCH: Final = 8
_WINDOW, _WINDOW_UNSPACED = 8, 17
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)
_WORDS_REMEMBERED: Final = 1 << 19


class _WordHashes(dict[str, int]):
    def __missing__(self, word: str) -> int:
        if len(self) >= _WORDS_REMEMBERED:
            self.clear()
        self[word] = value = xxhash.xxh3_64_intdigest(word)
        return value


_HASHES: Final = _WordHashes()


def find_fingerprints(words: Words) -> Fingerprints:
    """The fingerprints of a text, sorted, each once; none of a text that is too short to match.

    About 22 of a hundred words, and 11 of a hundred letters of a script without spaces.
    """
    window = _WINDOW_UNSPACED if words.is_unspaced else _WINDOW
    stretches = len(words) - _STRETCH + 1
    if stretches < window:
        return np.empty(0, np.uint64)
    hashes = np.fromiter(map(_HASHES.__getitem__, words.folded), np.uint64, len(words))
    rolled = hashes[:stretches].copy()
    for step in range(1, _STRETCH):
        rolled *= _MULTIPLIER
        rolled += hashes[step : step + stretches]
    # Else the least ones would be of few words: the last one's hash is added, and not mixed in.
    rolled ^= rolled >> _HALF
    rolled *= _MIX
    rolled ^= rolled >> _HALF
    return np.unique(np.lib.stride_tricks.sliding_window_view(rolled, window).min(axis=1))
