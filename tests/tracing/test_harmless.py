"""`strip_controls`: what acts is replaced, what languages need is kept."""

from __future__ import annotations

import sys
import unicodedata

from tracing.harmless import strip_controls


def test_every_control_format_character_and_surrogate_is_replaced() -> None:
    """But the joiners, and what becomes a blank; also in a text that has nothing else."""
    kept = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}", "\n", "\t"}
    acting = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs") and chr(code) not in kept
    ]
    assert len(acting) > 2000
    assert {strip_controls(character) for character in acting} == {"\ufffd"}
    assert strip_controls("a\u202eb\r\nc\td") == "a\ufffdb c d"


def test_text_is_kept_as_it_is() -> None:
    for text in ("Ça\u00a0: «да»", "می\u200cرود", "👩\u200d💻", "ไทย", "", "\u2028\ue000"):
        assert strip_controls(text) == text
