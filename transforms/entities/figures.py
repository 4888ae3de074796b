"""Tells a public figure from relatives and namesakes of that surname, by `figures.toml`."""

from __future__ import annotations

import functools
import re
import tomllib
from typing import Any

from transforms.entities.inflection import arabic_clitics
from transforms.entities.lexicon import DATA

_SCHEME = "person:"
_NEAR, _LONGEST_AFTER = 40, 12
_LAST_WORD = re.compile(r"([^\W\d_]+) $")


def has_womans_title(text: str, start: int, language: str) -> bool:
    """Whether a woman's or a family's title stands directly before `start`."""
    title = _titles().get(language)
    return title is not None and title.search(text, max(0, start - _NEAR), start) is not None


def is_man(entity_id: str) -> bool:
    """Whether an id is that of a public figure who is no woman."""
    return entity_id.startswith(_SCHEME) and entity_id.removeprefix(_SCHEME) not in _women()


def is_son(text: str, end: int) -> bool:
    """Whether a son's mark follows a name: `Donald Trump Jr.`"""
    return _after("any").match(text, end, end + _LONGEST_AFTER) is not None


def is_namesake(text: str, start: int, end: int, script: str | None) -> bool:
    """Whether what stands beside a figure's surname, in a script without capitals, is a sign of
    somebody else: another first name in Arabic, 小 or more of a transcription in Chinese.
    """
    if script == "han":
        return (
            text[start - 1 : start] in _before("zh")
            or _after("zh").match(text, end, end + _LONGEST_AFTER) is not None
        )
    if script != "arabic":
        return False
    word = _LAST_WORD.search(text, max(0, start - _NEAR), start)
    if word is None:
        return False
    known = _before("ar")
    return any(
        word[1].startswith(prefix) and word[1][len(prefix) :] in known
        for prefix in arabic_clitics()
    )


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads((DATA / "figures.toml").read_text("utf-8"))


@functools.cache
def _women() -> frozenset[str]:
    return frozenset(_table()["women"])


@functools.cache
def _titles() -> dict[str, re.Pattern[str]]:
    return {
        language: re.compile(rf"(?<!\w)(?:{'|'.join(titles)})\.? $", re.I)
        for language, titles in _table()["titles"].items()
    }


@functools.cache
def _before(language: str) -> frozenset[str]:
    return frozenset(_table()["before"][language])


@functools.cache
def _after(language: str) -> re.Pattern[str]:
    return re.compile("|".join(_table()["after"][language]))
