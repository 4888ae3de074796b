"""Texts and times of a lake as people are shown them: no stranger's character acts on anything."""

from __future__ import annotations

import datetime as dt
import unicodedata


def acts(character: str) -> bool:
    """Whether it is a control or a format character that readers do not see as one."""
    if character in "\n\t\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}":
        return False  # the joiners belong to Persian, Hindi and emoji
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


def strip_controls(text: str) -> str:
    """The text on one line, each character that acts replaced by U+FFFD."""
    flat = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    if flat.isprintable():  # nothing that acts is: most texts need no further look
        return flat
    return flat.translate({ord(c): "\N{REPLACEMENT CHARACTER}" for c in set(flat) if acts(c)})


def harmless(text: str) -> str:
    """The same line by line, for texts that are shown with their lines."""
    return "\n".join(map(strip_controls, text.split("\n")))


def minute(time: dt.datetime) -> str:
    """A time as people are shown it."""
    return f"{time:%Y-%m-%d %H:%M} UTC"
