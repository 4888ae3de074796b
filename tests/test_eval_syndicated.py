"""Made copies: what is said to be true of them is, and they are the same each time."""

from __future__ import annotations

import unicodedata

import pytest

from eval.desk import DESK
from eval.made_copies import Block, Copy, Original, make_copies, make_wrapped, read_originals
from eval.syndicated import find_ends
from transforms.copies.compare import Comparison, Shared
from transforms.copies.words import find_words

ORIGINALS = read_originals()
HALVES = {half: [one for one in ORIGINALS if one.half == half] for half in ("dev", "test")}
COPIES = {one.id: list(make_copies(one, HALVES[one.half])) for one in ORIGINALS}


def of(original: Original, name: str) -> Copy:
    return next(copy for copy in COPIES[original.id] if copy.made == (name,))


@pytest.mark.parametrize("original", ORIGINALS, ids=lambda one: one.id)
def test_blocks_hold_the_same_words(original: Original) -> None:
    """Wherever nothing was rewritten, in whatever marks and form of Unicode."""
    for copy in COPIES[original.id]:
        for block in copy.blocks:
            (start, end), (other_start, other_end) = block.spans
            ours, theirs = original.text[start:end], copy.text[other_start:other_end]
            theirs = unicodedata.normalize("NFC", theirs)
            if block.is_whole:
                assert find_words(ours).folded == find_words(theirs).folded


@pytest.mark.parametrize("name", DESK)
def test_each_change_changes_something(name: str) -> None:
    """In a language whose texts have marks and accents."""
    original = next(one for one in ORIGINALS if one.language == "fr")
    assert of(original, name).text != original.text


def test_copies_are_the_same_each_time() -> None:
    """The seed decides, and nothing that was drawn before."""
    original = ORIGINALS[-1]
    assert list(make_copies(original, HALVES[original.half])) == COPIES[original.id]


def test_originals_of_a_topic_are_in_one_half() -> None:
    """So that what may be looked at tells nothing of the rest, and pairs of a topic exist."""
    halves = {(one.topic, one.half) for one in ORIGINALS}
    assert len(halves) == len({topic for topic, _ in halves})
    for half in HALVES.values():
        assert any(pair.is_same_topic for pair in make_wrapped(half))


def test_a_paragraph_put_in_parts_two_blocks() -> None:
    """Which meet in the original, and do not in the copy."""
    original = next(one for one in ORIGINALS if one.id == "en-dam-1")
    first, second = of(original, "local between").blocks
    assert first.spans[0][1] == second.spans[0][0]
    assert first.spans[1][1] < second.spans[1][0]


@pytest.mark.parametrize(
    ("passages", "is_whole", "expected"),
    [
        ([((0, 40), (10, 50))], True, (True, True)),
        ([((5, 35), (15, 45))], True, (True, True)),
        ([((6, 40), (16, 50))], True, (False, False)),
        ([((0, 46), (10, 56))], True, (False, False)),
        ([((0, 20), (10, 30)), ((21, 40), (31, 50))], True, (False, False)),
        ([((0, 20), (10, 30)), ((25, 40), (35, 50))], False, (True, False)),
        ([], True, (False, False)),
    ],
)
def test_ends(
    passages: list[tuple[tuple[int, int], tuple[int, int]]],
    is_whole: bool,
    expected: tuple[bool, bool],
) -> None:
    """Within five code points in both texts, of one passage if nothing was rewritten."""
    spans = ((0, 40), (10, 50))
    block = Block(spans, spans, 40, is_whole)
    found = tuple(Shared(one, other, (), 0) for one, other in passages)
    assert find_ends(block, ("x" * 60, "y" * 60), Comparison(0, 0, 0, 0, found)) == expected
