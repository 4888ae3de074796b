"""Names that several places or people bear, in ten languages: `homonyms.tsv`, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.entities.gazetteer import find_mentions

SAMPLES = Path(__file__).with_name("homonyms.tsv")


def read_samples() -> Iterator[tuple[str, str, str, str]]:
    for line in SAMPLES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, expected, name, text = line.split("\t")
            yield language, expected, name, text


@pytest.mark.parametrize(("language", "expected", "name", "text"), list(read_samples()))
def test_who_bears_the_name(language: str, expected: str, name: str, text: str):
    """The id of the mention that is exactly the name."""
    found = [one.entity_id or "?" for one in find_mentions(text, language) if one.surface == name]
    assert (found or ["-"]) == [expected]
