"""Which script a name is written in, as far as matching needs to know."""

from __future__ import annotations

import re

CASED = frozenset({"latin", "greek", "cyrillic"})
_LETTER = re.compile(r"[^\W\d_]")
# Han alone comes before kana with han, which is Japanese.
_SCRIPTS = tuple(
    (script, re.compile(rf"(?:[{letters}]|[\W\d_])*"))
    for script, letters in (
        ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
        ("cyrillic", "\u0400-\u052f"),
        ("arabic", "\u0600-\u06ff"),
        ("han", "\u3400-\u9fff"),
        ("kana", "\u3040-\u30ff\u3400-\u9fff"),
        ("hangul", "\uac00-\ud7af"),
        ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
        ("hebrew", "\u0590-\u05ff"),
    )
)


def script_of(name: str) -> str | None:
    """The script of a name's letters, None if it has none, or others, or several.

    Kana with han is `kana`: Japanese.
    """
    if not name.isascii() or _LETTER.search(name):
        return next((script for script, pattern in _SCRIPTS if pattern.fullmatch(name)), None)
    return None
