"""Which quotations are one that was changed or shortened, and in which words they differ."""

from __future__ import annotations

import time

import pytest

from transforms.quotes.variants import compare_quotes

FIRST = "We will not close the harbour before the winter, whatever they say"


def marked(one: str, other: str) -> str:
    """The kind, and the words that differ, `-` those of the first, `+` those of the second."""
    found = compare_quotes(one, other)
    if found is None:
        return "none"
    signs = {"removed": "-", "added": "+"}
    differ = [signs[p.kind] + p.text for p in found.pieces if p.kind in signs]
    return " ".join([f"{found.kind}:", *differ])


CASES = {
    # A word left out inside may turn the sense round: that is no truncation.
    FIRST.replace("not ", ""): "changed: -not",
    FIRST.replace("winter", "spring"): "changed: -winter +spring",
    f"{FIRST}, believe me": "longer: +believe me",
    "We will not close the harbour": "shorter: -before the winter, whatever they say",
    "close the harbour before the winter": "shorter: -We will not -whatever they say",
    # What is left out and said to be left out is a truncation.
    "We will not close the harbour … whatever they say": "shorter: -before the winter",
    "We will not close the harbour [...] whatever they say": "shorter: -before the winter",
    "We will not close the harbour, whatever they say": "changed: -before the winter",
    "we will NOT close the harbour “before the winter” - whatever they say!": "respelled:",
    "the harbour": "none",
    "They say that nobody will come to the harbour": "none",
    "": "none",
}


@pytest.mark.parametrize("other", CASES)
def test_what_became_of_a_quotation(other: str) -> None:
    assert marked(FIRST, other) == CASES[other]


def test_the_other_way_round_what_was_added_is_removed() -> None:
    """`longer` for `shorter`, and an ellipsis of the first counts as one of the second did."""
    short = "We will not close the harbour … whatever they say"
    assert marked(short, FIRST) == "longer: +before the winter"
    assert marked("We will not close the harbour", FIRST).startswith("longer: +before")


def test_a_script_without_spaces_is_compared_by_letters() -> None:
    """Eight letters at least; four would be two words."""
    assert marked("我们今年冬天之前不会关闭港口", "我们今年冬天之前会关闭港口") == "changed: -不"
    assert marked("全面协调各方", "全面协调各地") == "none"


def test_similarity_is_the_share_of_common_words() -> None:
    """Four of five words on both sides."""
    found = compare_quotes("one two three four five", "one two three four six")
    assert found is not None
    assert found.similarity == 0.8


def test_scattered_words_of_a_long_text_are_no_piece_of_it() -> None:
    """All four words stand in the long one in order, no two of them together."""
    scattered = " a b c d e f g ".join(["not", "going", "to", "stop"])
    assert compare_quotes("not going to stop", scattered) is None
    assert marked("not going to stop", f"a b c d e f g h not going to stop {scattered}") != "none"


def test_a_hostile_text_costs_little() -> None:
    """A megabyte of one word, and of many words; what is not compared counts as not shared."""
    started = time.process_time()
    for text in ("ha " * 300_000, " ".join(map(str, range(100_000)))):
        found = compare_quotes(text, text + " ho")
        assert found is not None
        assert found.similarity < 0.01
        assert found.kind == "changed"
    assert time.process_time() - started < 10
