"""What sentences of the press credit, in every language: `samples.tsv`, a line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.citation import KINDS, Citation
from transforms.citations.anaphora import REFERRED
from transforms.citations.cite import cite
from transforms.entities.tag import tag_article

SAMPLES = Path(__file__).with_name("samples.tsv")
NOON = dt.datetime(2024, 5, 6, 12, tzinfo=dt.UTC)


def read_samples() -> Iterator[tuple[str, str, str]]:
    for line in SAMPLES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, expected, text = line.split("\t")
            yield language, expected, text


ALL = list(read_samples())


def citations(text: str, language: str, **columns: object) -> tuple[Citation, ...]:
    given = {"outlet": "example.org", "body_text": text, **columns}
    article = Article(
        article_id="a",
        version_id="a-1",
        outlet_rule="option",
        language=language,
        first_seen=NOON,
        content_hash="c",
        source_uri="drop/a.txt",
        source_format="text",
        raw_sha256="r",
        run_id="run",
        date=NOON.date(),
        **given,
    )
    return cite(article, tag_article(article).entities)


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
