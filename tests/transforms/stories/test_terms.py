"""What of an article is compared within its language."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict

import pytest

from tests.transforms.stories.reports import item
from transforms.stories.item import Named, Quoted, Stated
from transforms.stories.term_weights import COMMONEST, RAREST, UNLISTED, bigram_weight, stem, weight
from transforms.stories.terms import BODY_TERMS, make_terms


def test_vectors_have_unit_length() -> None:
    terms = make_terms(item("a", "Ferry runs aground", "The ferry ran aground off Tolvik."))
    for vector in (terms.opening, terms.body):
        assert math.hypot(*vector.values()) == pytest.approx(1, abs=1e-3)


def test_inflections_are_one_term() -> None:
    nominative, genitive = (
        make_terms(item("a", headline, language="ru")).opening
        for headline in ("Паром Марельда", "Парома Марельды")
    )
    assert "марел*" in nominative.keys() & genitive.keys()
    assert "марельда" not in genitive


def test_numbers_are_not_cut_and_a_short_word_is_its_own_stem() -> None:
    assert stem("1234567") == "1234567"
    assert stem("ferry") == "ferry"
    assert stem("ferries") == "ferri*"


def test_a_rare_word_outweighs_a_common_one() -> None:
    assert weight("the", "en") < weight("ferry", "en") < weight("marelda", "en")
    assert weight("marelda", "en") == pytest.approx(math.log10(COMMONEST / RAREST))
    assert weight("the", "tlh") == pytest.approx(math.log10(COMMONEST / UNLISTED))


def test_a_year_is_commoner_than_another_number_of_its_length() -> None:
    assert weight("2019", "en") < weight("7318", "en")


def test_chinese_is_bigrams_and_a_pair_across_words_is_no_rarity() -> None:
    terms = make_terms(item("a", "渡轮在港口搁浅", language="zh"))
    assert {"渡轮", "港口", "搁浅"} <= terms.opening.keys()
    assert all(len(term) == 2 for term in terms.opening)
    # 在港 stands in no list; its characters are common, so chance joins them often.
    assert bigram_weight("在港", "zh") < bigram_weight("搁浅", "zh")


def test_a_headline_alone_has_no_body_and_a_body_alone_opens_with_its_beginning() -> None:
    assert make_terms(item("a", "Ferry runs aground")).body == {}
    assert "groun*" in make_terms(item("a", body="Grounded ferry off Tolvik")).opening


def test_agencies_are_no_names_and_a_guess_counts_half() -> None:
    sure, guess, agency = (
        Named(None, "person", "Ilva Marendsen", "body_text", "rule:title"),
        Named(None, "person", "Ilva Marendsen", "body_text", "rule:shape"),
        Named("agency:afp", "organization", "AFP", "body_text", "gazetteer:agency"),
    )
    (name, whole), *others = make_terms(item("a", entities=(sure, agency))).names.items()
    assert not others
    assert make_terms(item("a", entities=(guess,))).names[name] == pytest.approx(whole / 2)


def test_round_numbers_tell_little() -> None:
    facts = tuple(Stated("number", value, None, None, "body_text") for value in ("2000", "214"))
    assert make_terms(item("a", facts=facts)).numbers == {"2000 number": 1.0, "214 number": 3.0}


def test_a_toll_beyond_all_numbers_is_none() -> None:
    """It came back from JSON as null, which no other toll compares with."""
    endless = Stated("number", "9" * 400, "killed", None, "body_text")
    twelve = Stated("number", "12", "injured", None, "body_text")
    assert make_terms(item("a", "Fire", facts=(endless, twelve))).tolls == {"injured": 12.0}


def test_terms_are_plain_and_small() -> None:
    body = " ".join(f"word{number} ferry{number}x" for number in range(5_000))
    quotes = (Quoted("We saw the rocks", None, None, "k1"),)
    terms = make_terms(item("a", "Ferry", body, quotes=quotes))
    assert len(terms.body) <= BODY_TERMS
    assert terms.quotes == ("k1",)
    assert len(json.dumps(asdict(terms))) < 8_000


@pytest.mark.parametrize("text", ["9" * 400_000, "a" * 400_000, "字" * 400_000, "1 " * 400_000])
def test_time_does_not_grow_with_the_text(text: str) -> None:
    began = time.process_time()
    make_terms(item("a", text, text))
    assert time.process_time() - began < 2
