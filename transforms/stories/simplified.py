"""Traditional Chinese signs as simplified ones, so that both scripts have the same words.

Sign by sign, by the table that `wordfreq` looks its own words up with (Speer 2022); its module
`chinese` would need a segmenter for it.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Mapping

import msgpack


def simplified(text: str) -> str:
    """The text with traditional signs replaced; no translation, only a key to compare by."""
    return text.translate(_signs())


@functools.cache
def _signs() -> Mapping[int, str]:
    from wordfreq.util import data_path  # loaded late, as in rarity.py

    with gzip.open(data_path("_chinese_mapping.msgpack.gz")) as file:
        signs: Mapping[int, str] = msgpack.load(file, raw=False, strict_map_key=False)
    return signs
