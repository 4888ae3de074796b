"""Measures of clusters, on values that others have published or that a hand can compute."""

from __future__ import annotations

import pytest

from eval.clusters import Agreement, adjusted_rand, b_cubed, components, pairwise


def clusters(names: str) -> dict[str, str]:
    """The n-th letter is the cluster of the n-th item."""
    return {str(at): name for at, name in enumerate(names)}


# Manning, Raghavan and Schütze, Introduction to Information Retrieval, figure 16.4: three clusters
# of 17 items of three classes. The book gives 20 true positives, 20 false ones, 24 false negatives.
BOOK_GOLD = clusters("xxxxxo" + "xooood" + "xxddd")
BOOK_FOUND = clusters("aaaaaa" + "bbbbbb" + "ccccc")


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("aabb", "xxyy", 1.0),
        ("aabb", "xxyz", 4 / 7),
        ("aaaa", "wxyz", 0.0),
        ("aabb", "xyxy", -0.5),
        ("abcd", "wxyz", 1.0),
        ("aaaa", "xxxx", 1.0),
        ("", "", 1.0),
    ],
)
def test_adjusted_rand(gold: str, found: str, expected: float) -> None:
    """By the formula of Hubert and Arabie, and 1 where chance decides nothing."""
    assert adjusted_rand(clusters(gold), clusters(found)) == pytest.approx(expected)


def test_the_book_s_example() -> None:
    """Pairs as printed there; the others by hand from its table of counts."""
    assert pairwise(BOOK_GOLD, BOOK_FOUND) == Agreement(20 / 40, 20 / 44)
    assert pairwise(BOOK_GOLD, BOOK_FOUND).f1 == pytest.approx(0.476, abs=0.001)
    chance = 40 * 44 / 136
    assert adjusted_rand(BOOK_GOLD, BOOK_FOUND) == pytest.approx((20 - chance) / (42 - chance))
    found = b_cubed(BOOK_GOLD, BOOK_FOUND)
    assert found.precision == pytest.approx((26 / 6 + 18 / 6 + 13 / 5) / 17)
    assert found.recall == pytest.approx((30 / 8 + 17 / 5 + 10 / 4) / 17)


def test_b_cubed_of_all_apart_and_all_in_one() -> None:
    """An item always has itself: of nothing linked the precision is 1, and the recall is not 0."""
    gold = clusters("aaab")
    assert b_cubed(gold, clusters("wxyz")) == Agreement(1.0, 0.5)
    assert b_cubed(gold, clusters("xxxx")) == Agreement(0.625, 1.0)


def test_b_cubed_prefers_disorder_where_there_is_some() -> None:
    """Amigó et al. 2009, the rag bag: an odd item does less harm among odd ones."""
    gold = clusters("aaaa" + "bcde" + "f")
    clean, mixed = clusters("xxxx" + "yyyy" + "x"), clusters("xxxx" + "yyyy" + "y")
    assert b_cubed(gold, mixed).f1 > b_cubed(gold, clean).f1
    assert pairwise(gold, mixed).f1 == pairwise(gold, clean).f1


def test_nothing_in_common() -> None:
    """No division by zero."""
    assert pairwise(clusters("aab"), clusters("xyy")).f1 == 0.0
    assert pairwise(clusters("ab"), clusters("xy")) == Agreement(1.0, 1.0)


def test_components() -> None:
    """Links reach through others; what has none stands alone."""
    found = components("abcdef", [("a", "b"), ("c", "d"), ("d", "b"), ("a", "c")])
    assert len({found[item] for item in "abcd"}) == 1
    assert len({found[item] for item in "aef"}) == 3
