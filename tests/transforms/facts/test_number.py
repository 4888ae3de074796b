"""Digits and the signs between them, by language."""

from __future__ import annotations

import pytest

from transforms.facts.lexicon import words_of
from transforms.facts.number import parse_number, written

NNB = "\u202f"
RUNS = {
    ("en", "1,234.5"): "1234.5",
    ("en", "1,234,567"): "1234567",
    ("en", "1.234"): "1.234",
    ("en", "1,5"): None,
    ("en", "0.250"): "0.25",
    ("de", "1.234,5"): "1234.5",
    ("de", "1.234.567"): "1234567",
    ("de", "1.5"): "1.5",
    ("de", "1,234"): "1.234",
    ("fr", f"1{NNB}234{NNB}567,89"): "1234567.89",
    ("fr", "1 234"): "1234",
    ("fr", "3.5"): "3.5",
    ("es", "1.234"): "1234",
    ("es", "1,234"): None,
    ("es", "1,234.50"): "1234.5",
    ("es", "0,234"): "0.234",
    ("ar", "١٬٢٣٤٫٥"): "1234.5",
    ("ar", "1.234"): None,
    ("ar", "1,234"): "1234",
    ("zh", "１２３"): "123",
    ("fr", "192.168.1.1"): None,
    ("fr", "12:30"): None,
    ("fr", "007"): None,
    ("fr", "1234567890123456"): None,
}


@pytest.mark.parametrize(("language", "run"), RUNS)
def test_a_run_of_digits(language: str, run: str) -> None:
    """What may be read in two ways is no number."""
    value = parse_number(run, words_of(language))
    assert (value if value is None else written(value)) == RUNS[language, run]
