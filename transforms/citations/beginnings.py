"""With what letters the words of a list can begin: a cheap sign that none of them is in a text.

The lists of `data/<language>.toml` are regular expressions that match from the start of a word. A
text is known by the beginnings of its words, a list by the beginnings that it may match; where the
two share none, no expression of the list matches in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 4
_WORD = re.compile(r"\w+")
_GROUP = re.compile(r"\([^()]*\)")
_CHOICE = re.compile(r"(?:\(\?:([^()]*)\)|\[(\w+)\])(\?)?")
_REPEATED = "*{+"


def text_beginnings(text: str) -> frozenset[str]:
    """The first letters, one to four, of every word of `text`, in small."""
    words = set(_WORD.findall(_lowered(text)))
    return frozenset(word[:length] for word in words for length in range(1, _LONGEST + 1))


def beginnings(words: Iterable[str]) -> frozenset[str] | None:
    """The beginnings that `words`, regular expressions, may match; None if it cannot be told."""
    found: set[str] = set()
    for word in words:
        begun = _of(_lowered(word))
        if not all(begun) or "|" in _GROUP.sub("", word):
            return None
        found |= begun
    return frozenset(found)


def _lowered(text: str) -> str:
    """In small, with what Python takes for the same letter as i."""
    return text.replace("İ", "i").lower().replace("ı", "i")


def _of(expression: str, before: str = "") -> set[str]:
    """The beginnings of what `expression` matches after `before`; "" among them where unknown."""
    if len(before) >= _LONGEST or not expression:
        return {before[:_LONGEST]}
    choice = _CHOICE.match(expression)
    if choice is not None:
        rest = expression[choice.end() :]
        if rest[:1] and rest[0] in _REPEATED:
            return {before}
        choices = choice[1].split("|") if choice[1] is not None else list(choice[2])
        found = {begun for one in choices for begun in _of(one + rest, before)}
        return found | (_of(rest, before) if choice[3] else set())
    sign, after = expression[0], expression[1:]
    if not sign.isalnum() or (after[:1] and after[0] in _REPEATED):
        return {before}
    if after[:1] == "?":
        return _of(after[1:], before + sign) | _of(after[1:], before)
    return _of(after, before + sign)
