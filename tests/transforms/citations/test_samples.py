"""What sentences of the press credit, in every language: `samples.tsv`, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.citation import KINDS, Citation
from tests.transforms.articles import article
from transforms.citations.anaphora import REFERRED
from transforms.citations.cite import cite
from transforms.entities.tag import tag_article

SAMPLES = Path(__file__).with_name("samples.tsv")


def read_samples() -> Iterator[tuple[str, str, str]]:
    for line in SAMPLES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, expected, text = line.split("\t")
            yield language, expected, text


ALL = list(read_samples())


def citations(text: str, language: str) -> tuple[Citation, ...]:
    one = article(body_text=text, language=language)
    return cite(one, tag_article(one).entities)


@pytest.mark.parametrize(("language", "expected", "text"), ALL)
def test_a_sentence_credits_whom_it_says(language: str, expected: str, text: str):
    """Kind and agency of every citation, in order, and nothing more."""
    found = [row for row in citations(text, language) if row.score != REFERRED]
    assert (";".join(f"{row.kind}:{row.agency}" for row in found) or "-") == expected


@pytest.mark.parametrize(("language", "expected", "text"), ALL)
def test_offsets_and_phrase_hold_the_words(language: str, expected: str, text: str):
    """The surface stands at its offsets, the phrase is in the text and holds the surface."""
    for row in citations(text, language):
        assert text[row.start : row.end] == row.surface
        assert row.phrase in text
        assert row.surface in row.phrase
        assert row.kind in KINDS
        assert 0 < row.score <= 1
