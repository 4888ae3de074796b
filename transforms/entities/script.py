"""Which script a name is written in, as far as matching needs to know."""

from __future__ import annotations

import functools

_RANGES = (
    ("latin", 0x0041, 0x024F),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x052F),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x06FF),
    ("latin", 0x1E00, 0x1EFF),
    ("greek", 0x1F00, 0x1FFF),
    ("kana", 0x3040, 0x30FF),
    ("han", 0x3400, 0x9FFF),
    ("hangul", 0xAC00, 0xD7AF),
)
CASED = frozenset({"latin", "greek", "cyrillic"})


def script_of(name: str) -> str | None:
    """The script of a name's letters, None if none is known or they are of several.

    Kana with han is `kana`: Japanese.
    """
    if name.isascii():
        return "latin" if any(map(str.isalpha, name)) else None
    scripts = {_script_of_letter(letter) for letter in set(name) if letter.isalpha()}
    if scripts == {"kana", "han"}:
        return "kana"
    return scripts.pop() if len(scripts) == 1 else None


@functools.lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str | None:
    point = ord(letter)
    return next((name for name, first, last in _RANGES if first <= point <= last), None)
