"""A stranger's text where XML 1.0 may hold it."""

from __future__ import annotations

from typing import Final

from tracing.harmless import strip_controls

# No characters (XML 1.0, production 2); all others that XML refuses act on a terminal, too.
_REFUSED: Final = str.maketrans("\ufffe\uffff", "\N{REPLACEMENT CHARACTER}" * 2)


def xml_text(text: str) -> str:
    """The text on one line; what acts and what XML refuses is replaced by U+FFFD."""
    return strip_controls(text).translate(_REFUSED)
