"""A form of text to match names in, whose every character knows where it stood in the original.

Folded: case, accents (é e, й и, أ ا), width, and every character that is neither letter nor digit
becomes a space. Dropped: combining marks, Arabic vowel signs and tatweel, zero-width characters.
So `Côte d’Ivoire`, `COTE D'IVOIRE` and `Cote-d'Ivoire` are one name, in NFC as in NFD.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Latin, Cyrillic and Greek accents; Hebrew points; Arabic vowel signs, hamza above/below, tatweel,
# dagger alef; soft hyphen, zero-width space and joiners, direction marks, word joiner, BOM.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf\u0640\u064b-\u065f\u0670"
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_DROPPED = re.compile(f"[{_MARKS}{_INVISIBLE}]")
_MARK = re.compile(f"[{_MARKS}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text between two spaces; `origin[i]` is where its character i stood, None if i-1."""

    text: str
    origin: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that `text[start:end]` came from."""
        if self.origin is None:
            return start - 1, end - 1
        return self.origin[start - 1], self.origin[end - 2] + 1


def fold(text: str) -> Folded:
    """`text` folded, with a space put before and after it."""
    if _DROPPED.search(text) is None:
        return Folded(f" {text.translate(_FOLD)} ", None)
    origin = [i for i, character in enumerate(text) if not _DROPPED.match(character)]
    kept = "".join([text[i] for i in origin])
    return Folded(f" {kept.translate(_FOLD)} ", origin)


def fold_name(name: str) -> str:
    """A name as it stands in folded text: inner spaces collapsed, none around."""
    return " ".join(_DROPPED.sub("", name).translate(_FOLD).split())


class _FoldTable(dict[int, int]):
    """Filled as characters are met; bounded by the Basic Multilingual Plane."""

    def __missing__(self, point: int) -> int:
        folded = ord(_fold_character(chr(point)))
        if point <= 0xFFFF:
            self[point] = folded
        return folded


def _fold_character(character: str) -> str:
    """One character for one: what has no single folded character is kept."""
    base = _MARK.sub("", unicodedata.normalize("NFKD", character))
    lowered = base.lower() if len(base) == 1 else character.lower()
    if len(lowered) != 1:
        lowered = character
    return lowered if lowered.isalnum() else " "


_FOLD = _FoldTable()
