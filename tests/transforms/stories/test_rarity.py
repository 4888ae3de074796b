"""Frequencies are those of the lists, in a fraction of their memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from transforms.stories.rarity import frequency, has_frequencies, list_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("language", ["fr", "zh", "hr"])
def test_every_word_of_a_list_has_its_frequency(language: str) -> None:
    """Croatian by the list that it shares."""
    words = list_of(language)
    assert len(words) > 10_000
    assert all(frequency(word, language) == of_all for word, of_all in words.items())


def test_what_no_list_has_is_not_there() -> None:
    """A word, and a language."""
    assert frequency("qqqqzzzz", "fr") == 0.0
    assert has_frequencies("fr")
    assert not has_frequencies("xx")
    assert frequency("le", "xx") == 0.0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_a_dozen_languages_stay_within_their_memory() -> None:
    """A run over all languages went beyond 1 GiB while each list was kept as words."""
    code = (
        "from transforms.stories.rarity import frequency\n"
        "def mb(): return int(open('/proc/self/statm').read().split()[1]) * 4 // 1024\n"
        "before = mb()\n"
        "for language in 'ar de en es fr it ja nl pl pt ru zh'.split():\n"
        "    frequency('x', language)\n"
        "print(mb() - before)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 250
