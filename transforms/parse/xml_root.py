"""The root element of an XML or HTML document, found without parsing it (XML 1.0 §2.8)."""

from __future__ import annotations

import functools
import re

from transforms.parse.decoding import decode_head

_NAME = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")


# Every reader of XML asks it of the same head.
@functools.lru_cache(4)
def find_root(head: bytes) -> str | None:
    """Local name of the root; None where the text does not start with markup."""
    text = decode_head(head).lstrip("\ufeff \t\r\n")
    position = 0
    while position < len(text):
        if text.startswith("<!--", position):
            position = _after(text, "-->", position)
        elif text.startswith("<?", position):
            position = _after(text, ">", position)
        elif text[position : position + 9].casefold() == "<!doctype":
            position = _after_doctype(text, position)
        elif text[position].isspace():
            position += 1
        else:
            match = _NAME.match(text, position)
            return match[1] if match else None
    return None


def _after(text: str, mark: str, position: int) -> int:
    end = text.find(mark, position)
    return len(text) if end < 0 else end + len(mark)


def _after_doctype(text: str, position: int) -> int:
    end = text.find(">", position)
    subset = text.find("[", position)
    if 0 <= subset < end:
        end = text.find("]", subset)
        return _after(text, ">", end) if end >= 0 else len(text)
    return len(text) if end < 0 else end + 1
