"""Phrases of the frame around a story, as patterns: those of `phrases.toml`, of all languages."""

from __future__ import annotations

import re
import tomllib
from itertools import groupby
from pathlib import Path
from typing import Any, Final

DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_LANGUAGES: Final = [value for value in DATA.values() if isinstance(value, dict)]
JOINING: Final = frozenset(DATA["joining"])


def _phrases(kind: str) -> list[str]:
    """Of all languages, the longer of those that begin alike first."""
    return sorted({phrase for language in _LANGUAGES for phrase in language[kind]}, reverse=True)


def _pattern(phrase: str) -> str:
    forms = {" ": r"[ \u00a0\u202f]", "’": "['’]", "*": r".{0,60}?", "$": r"\W{0,6}\Z"}
    return "".join(forms.get(sign) or re.escape(sign) for sign in phrase)


def _whole(phrase: str) -> str:
    """The pattern of a phrase that goes not on as another word."""
    is_spaced = phrase[-1].isalpha() and phrase[-1] < "\u2e80"
    return _pattern(phrase) + (r"(?!\w)" if is_spaced else "")


def _any_of(*kinds: str) -> str:
    return "|".join(f"(?P<{kind}>{'|'.join(map(_whole, _phrases(kind)))})" for kind in kinds)


_KINDS: Final = ("rights", "calls", "read_also", "credit", "byline")
_MOST_HEAD_LETTERS: Final = 8


def line_heads() -> str:
    """How lines with a phrase begin: the first letter as written turns nearly all others away."""
    phrases = [re.split(r"[*$]", phrase)[0] for kind in _KINDS for phrase in _phrases(kind)]
    heads = sorted({phrase[:_MOST_HEAD_LETTERS] for phrase in phrases})
    return "|".join(
        f"{re.escape(first)}(?i:{'|'.join(_pattern(head[1:]) for head in group)})"
        for first, group in groupby(heads, key=lambda head: head[0])
    )


PHRASE: Final = re.compile(rf"[(（\[【]?(?:{_any_of(*_KINDS)})", re.IGNORECASE)
BEGUN: Final = re.compile(rf"[(（\[【]?(?:{line_heads()})")
RIGHTS: Final = re.compile(rf"(?!©)(?:{_any_of('rights')})", re.IGNORECASE)
WITH: Final = re.compile(_any_of("with") + r"\s*", re.IGNORECASE)
CREDITING: Final = frozenset(
    word.casefold()
    for kind in ("credit", "with")
    for phrase in _phrases(kind)
    for word in phrase.split()
)
