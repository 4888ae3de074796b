"""How likely two articles of one language report one event."""

from __future__ import annotations

import datetime as dt
from functools import reduce

import pytest

from tests.transforms.stories.reports import BUDGET, FERRY, NOON, profile
from transforms.stories.item import Stated
from transforms.stories.unit import body_cosine, opening_cosines, unit_of, united
from transforms.stories.unite import THRESHOLDS, cohesion, has_second_evidence, judge
from transforms.stories.within import TEXT, score

ONE, OTHER = profile("a", *FERRY[0]), profile("b", *FERRY[1])
ELSE = profile("c", *BUDGET[0])


def test_one_event_scores_above_two() -> None:
    assert score(ONE, OTHER) > 0.9
    assert score(ONE, ELSE) < 0.2


def test_order_says_nothing() -> None:
    assert score(ONE, OTHER) == score(OTHER, ONE)


def test_headlines_alone_are_judged_by_their_own_weights() -> None:
    one, other = profile("a", FERRY[0][0]), profile("b", FERRY[1][0])
    assert (
        score(one, other) > THRESHOLDS["headline"]["join"] > score(one, profile("c", BUDGET[0][0]))
    )
    # One has a body: it cannot count against the one that has none.
    assert score(one, OTHER) > THRESHOLDS["headline"]["undecided"]


def test_other_languages_are_not_compared() -> None:
    assert score(ONE, profile("b", *FERRY[1], language="de")) == 0


def test_a_shared_number_speaks_for_one_event() -> None:
    fact = (Stated("count", "214", "passenger", None, "body_text"),)
    one, other = profile("a", *FERRY[0], facts=fact), profile("b", *FERRY[1], facts=fact)
    assert score(one, other) > score(ONE, OTHER)


def test_time_apart_speaks_against_it_and_an_unknown_time_does_not() -> None:
    late = profile("b", *FERRY[1], published=NOON + dt.timedelta(days=9))
    timeless = profile("b", *FERRY[1], published=None)
    assert score(ONE, late) < score(ONE, OTHER) == score(ONE, timeless)


def test_one_shared_word_is_less_than_two() -> None:
    word, words = (
        unit_of(profile(text, text).terms, None) for text in ("Marelda", "Marelda Tolvik")
    )
    whole, rest = opening_cosines(word, words)
    assert whole > 0.4
    assert rest == pytest.approx(0, abs=1e-9)


def test_a_centroid_is_the_mean_of_its_members() -> None:
    # Members that are alike: what is like one of them is as much like both.
    ones = [unit_of(ONE.terms, None)] * 3
    other = unit_of(OTHER.terms, None)
    assert body_cosine(reduce(united, ones), other) == pytest.approx(body_cosine(ones[0], other))


def test_cohesion_is_the_mean_cosine_of_pairs() -> None:
    one, other, third = (unit_of(profile(h, h, b).terms, None) for h, b in FERRY)
    pairs = [body_cosine(one, other), body_cosine(one, third), body_cosine(other, third)]
    assert cohesion(united(one, other), third, TEXT) == pytest.approx(sum(pairs) / 3, abs=1e-3)


def test_without_cohesion_nothing_is_united(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = unit_of(ONE.terms, NOON), unit_of(OTHER.terms, NOON)
    assert judge(one, other).unites
    monkeypatch.setitem(THRESHOLDS, "text", {**THRESHOLDS["text"], "cohesion": 0.99})
    assert not judge(one, other).unites


def test_between_the_thresholds_a_second_kind_of_evidence_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(THRESHOLDS, "text", {"join": 1.1, "undecided": 0.5, "cohesion": 0.0})
    fact = (Stated("count", "214", "passenger", None, "body_text"),)
    plain = unit_of(ONE.terms, NOON), unit_of(OTHER.terms, NOON)
    told = [
        unit_of(profile(f"{number}", *report, facts=fact).terms, NOON)
        for number, report in enumerate(FERRY[:2])
    ]
    assert not has_second_evidence(*plain)
    assert not judge(*plain).unites
    assert judge(told[0], told[1]).unites
