"""A table as CSV (RFC 4180) that a spreadsheet opens without doing anything.

Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula, and a stranger's
headline may begin so; quoting does not help. As OWASP advises ("CSV Injection"), an apostrophe goes
before the sign, as also after a `;` within a text: where that is the list separator, as in most of
Europe, a cell begins there. Numbers stay as they are. What was put in can be taken out again, see
`unguard`; the JSON twin has every text as it is.

UTF-8 begins with its mark, since Excel takes a file without one for the local 8-bit charset. Every
text is quoted, so that LibreOffice, which splits at `;` unless told otherwise, leaves them whole.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tracing.harmless import strip_controls
from tracing.json_text import plain

# The signs also in full width, which spreadsheets for East Asia take for the same.
_BEGIN: Final = r"(^|;)([\"\s]*)"
_FORMULA: Final = r"(?='*[=+\-@＝＋－＠])"
_UNGUARDED: Final = re.compile(_BEGIN + _FORMULA)
_GUARDED: Final = re.compile(f"{_BEGIN}'{_FORMULA}")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with a header, a row a line.

    None is an empty cell without quotes: Polars takes a quoted one for a text; times are
    ISO 8601; of a tuple the words stand side by side.
    """
    lines = [",".join(map(_cell, row)) for row in (columns, *rows)]
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + "".join(f"{line}\r\n" for line in lines)


def guard(text: str) -> str:
    """The text on one line, harmless, with an apostrophe before what would be a formula."""
    return _UNGUARDED.sub(r"\1\2'", strip_controls(text))


def unguard(cell: str) -> str:
    """The text of a cell, without the apostrophes that were put in."""
    return _GUARDED.sub(r"\1\2", cell)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    text = " ".join(value) if isinstance(value, tuple) else value
    quoted = guard(text if isinstance(text, str) else str(plain(text))).replace('"', '""')
    return f'"{quoted}"'
