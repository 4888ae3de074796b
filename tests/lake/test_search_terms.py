"""`lake/search_terms.py`: folding by letter finds the terms that folding by pair does."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lake.search_terms import article_terms, fold_word, query_terms, term_hash


@pytest.mark.parametrize(
    "text",
    [
        "新华社北京电",
        "がっこうのパンダ",  # kana with marks, which NFKD takes apart
        "น้ำท่วมกำลัง",  # Thai: one letter becomes two, marks stand between letters
    ],
)
def test_pairs_of_letters_are_folded_as_words_are(text: str) -> None:
    terms = {term_hash(fold_word("".join(pair))) for pair in pairwise(text)}
    assert set(article_terms(None, text)) == terms
    assert set(query_terms(text)) == terms


def test_words_are_folded_and_short_ones_left_out() -> None:
    assert list(query_terms("Ёлка à İzmir 7").values()) == [
        fold_word(w) for w in ("Ёлка", "İzmir", "7")
    ]


def test_a_word_with_a_capital_is_taken_before_longer_ones() -> None:
    """Of 70 words 64 are kept: the capitalised short one, the long one; not the shortest."""
    filler = [f"{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}word" for n in range(70)]
    kept = article_terms(None, " ".join([*filler, "Oslo", "abc", "extraordinary"]))
    assert term_hash("oslo") in kept
    assert term_hash("extraordinary") in kept
    assert term_hash("abc") not in kept
