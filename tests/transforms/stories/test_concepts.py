"""Concepts: what news tells of, found in words of twelve languages."""

from __future__ import annotations

import csv
import itertools

import pytest

from transforms.stories import concepts
from transforms.stories.concepts import concept_weights, find_concepts, fold_word, is_concept

EARTHQUAKE = {
    "en": "earthquake", "fr": "séisme", "de": "Seebeben", "es": "terremotos", "it": "terremoto",
    "pt": "sismo", "ru": "землетрясения", "uk": "землетрусу", "ar": "والزلزال", "tr": "depremde",
    "pl": "trzęsienia",
}  # fmt: skip


@pytest.mark.parametrize(("language", "word"), EARTHQUAKE.items())
def test_one_concept_in_all_languages(language: str, word: str) -> None:
    assert find_concepts([fold_word(word)], "", language)["earthquake"] == 1


def test_chinese_stands_anywhere_in_both_scripts() -> None:
    assert find_concepts([], "昨日发生地震，地震", "zh")["earthquake"] == 2
    assert (
        find_concepts([], "關稅", "zh")["tariff"] == find_concepts([], "关税", "zh")["tariff"] == 1
    )


@pytest.mark.parametrize(
    ("language", "word", "concept"),
    [
        ("en", "electric", "election"),
        ("de", "Österreich", "easter"),
        ("de", "Beispiel", "match"),
        ("ru", "ракета", "cancer"),
        ("ru", "спорт", "dispute"),
        ("ru", "Ростов", "increase"),
        ("uk", "мітинг", "tariff"),
        ("it", "abitanti", "clothing"),
        ("tr", "hakkında", "human-rights"),
    ],
)
def test_words_that_only_begin_alike_are_none(language: str, word: str, concept: str) -> None:
    assert concept not in find_concepts([fold_word(word)], "", language)


def test_traditional_signs_need_no_word_of_their_own() -> None:
    assert find_concepts([], "中央銀行", "zh")["bank"] == 1
    assert find_concepts([], "議會選舉", "zh")["parliament"] == 1


def test_unknown_languages_have_none() -> None:
    assert not find_concepts(["earthquake"], "earthquake", "ja")
    assert not is_concept("earthquake", "ja")


def test_rare_concepts_weigh_more_and_long_running_ones_little() -> None:
    weights = concept_weights()
    assert weights["locust"] > weights["election"] > weights["coronavirus"]
    assert all(0 <= weight <= 1 for weight in weights.values())


def test_the_table_is_whole_and_sorted() -> None:
    lines = concepts._TABLE.read_text("utf-8").splitlines()
    rows = list(csv.reader(itertools.dropwhile(lambda x: x.startswith("#"), lines), delimiter="\t"))
    names = [row[0] for row in rows[1:]]
    assert names == sorted(set(names))
    assert {len(row) for row in rows} == {len(rows[0])}
