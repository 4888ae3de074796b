"""Who speaks in the constructions of real copy, in the ten languages, several persons in each.

`constructions.txt`: language, construction, passage, speakers of its quotations (a `-` for none),
written before the rules were run on them; persons and bodies as our own rules find them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.quotes import quotes_of

LINES = Path(__file__).with_name("constructions.txt").read_text("utf-8").splitlines()
KNOWN_TO_FAIL = {
    "zh | pronoun": "no capital and no title tells a Chinese name",
    "ar | quoted by agency": "the speaker stands between the agency and the word for his words",
    "ar | statement of": "the body hangs on a preposition of one letter",
}


def cases() -> list[object]:
    rows = [line.split(" | ") for line in LINES]
    names = [" | ".join(row[:2]) for row in rows]
    reasons = [KNOWN_TO_FAIL.get(name) for name in names]
    return [
        pytest.param(
            *row, id=name, marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        )
        for row, name, reason in zip(rows, names, reasons, strict=True)
    ]


@pytest.mark.parametrize(("language", "_", "text", "speakers"), cases())
def test_the_speaker(language: str, _: str, text: str, speakers: str) -> None:
    """The speaker given contains the words expected, or is None where nobody is to be named."""
    expected = speakers.split("; ")
    found = [one.speaker for one in quotes_of(text, language)]
    assert len(found) == len(expected)
    for speaker, words in zip(found, expected, strict=True):
        assert speaker is None if words == "-" else speaker is not None and words in speaker
