"""Mojibake: UTF-8 that somebody before us read as windows-1252, such as `DÃ©cÃ¨s`.

It is repaired only where that is certain: the whole field, taken back to bytes, is valid UTF-8 with
two accented letters, one typographic sign or more, and ftfy's heuristic finds the field bad and the
result good. Text in no language does this by chance: a `Ã` of Portuguese is followed by no
continuation. What only looks like mojibake is flagged, and stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ftfy.badness import is_bad

from transforms.parse.item import Item

FIELDS: Final = ("headline", "description_text", "body_text", "byline")
# Continuation bytes of UTF-8: two of `é`, one of `’`.
LEAST: Final = 2
# Lead bytes of UTF-8, of two and of three, as windows-1252 shows them; then what it shows for the
# continuations. The regex engine finds one set four times faster than two.
_LEADS: Final = "ÂÃÄÅÐÑØÙ", "àáâãäåæçèéêëìíîï"
_AFTER: Final = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_SUSPECT = re.compile(f"[{''.join(_LEADS)}]{_AFTER}(?:(?<=[{_LEADS[0]}].)|{_AFTER})", re.DOTALL)
# The five bytes that windows-1252 leaves open pass through as C1 controls (WHATWG Encoding).
_OPEN: Final = {0x81: 0x81, 0x8D: 0x8D, 0x8F: 0x8F, 0x90: 0x90, 0x9D: 0x9D}


def mend(item: Item) -> Item:
    """The item with certain mojibake repaired, and warnings that say what was found where."""
    changed: dict[str, str] = {}
    warnings = []
    for field in FIELDS:
        text = getattr(item, field)
        if text is None or not _is_suspect(text):
            continue
        mended = repair(text)
        if mended is not None:
            changed[field] = mended
            warnings.append(f"mojibake_repaired:{field}")
        elif is_bad(text):
            warnings.append(f"mojibake:{field}")
    if not warnings:
        return item
    return replace(item, **changed, warnings=(*item.warnings, *warnings))  # type: ignore[arg-type]


def _is_suspect(text: str) -> bool:
    # Looking for each lead takes a tenth of the search, and most scripts have none.
    return (
        not text.isascii()
        and any(lead in text for leads in _LEADS for lead in leads)
        and sum(len(found) - 1 for found in _SUSPECT.findall(text)) >= LEAST
    )


def repair(text: str) -> str | None:
    """What was meant, where that is certain; else None."""
    data = _to_bytes(text)
    if data is None:
        return None
    try:
        meant = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return meant if len(data) - len(meant) >= LEAST and is_bad(text) and not is_bad(meant) else None


def _to_bytes(text: str) -> bytes | None:
    pieces = bytearray()
    for character in text:
        code = ord(character)
        if code in _OPEN:
            pieces.append(code)
            continue
        try:
            pieces += character.encode("cp1252")
        except UnicodeEncodeError:
            return None
    return bytes(pieces)
