"""What eval/crosslingual counts as right, wrong and missed."""

from __future__ import annotations

import pytest

from eval.crosslingual import print_stories
from eval.crosslingual_lake import labelled, print_claims

ROW = {"cites": [], "copy_of": None, "embeds": [], "derives_from": []}


def test_labels_become_claims_of_each_kind():
    """A correction is a copy, too; a later original is not what is credited."""
    labels = {
        "a": {**ROW, "cites": ["tass", "afp"], "derives_from": ["b"], "dangling": ["afp"]},
        "b": {**ROW, "copy_of": "c", "corrects": "c"},
        "c": {**ROW, "embeds": ["d", "e"], "cites": ["aps"], "cites_later_original": "d"},
    }
    assert labelled(labels) == {
        "citations": {("a", "tass"), ("a", "afp"), ("c", "aps")},
        "copies": {("b", "c")},
        "embeds": {("c", "d"), ("c", "e")},
        "corrections": {("b", "c")},
        "derives": {("a", "b")},
        "dangling": {("a", "afp")},
        "later originals": {("c", "d")},
    }


def test_claims_are_counted_and_listed(capsys: pytest.CaptureFixture[str]):
    """Two of three found are right, two of four labelled found: P 2/3, R 1/2, F1 4/7."""
    gold = {"citations": {("a", "afp"), ("b", "afp"), ("c", "afp"), ("d", "afp")}}
    found = {"citations": {("a", "afp"), ("b", "afp"), ("b", "efe")}}
    print_claims(gold, found, verbose=True)
    first, *listed = capsys.readouterr().out.splitlines()
    assert first.split(": ")[1] == "P 0.667 R 0.500 F1 0.571"
    assert [line.strip() for line in listed] == ["wrong b efe", "missed c afp", "missed d afp"]


def test_a_direction_that_is_wrong_is_wrong(capsys: pytest.CaptureFixture[str]):
    """Who copied whom is part of the claim."""
    print_claims({"copies": {("a", "b")}}, {"copies": {("b", "a")}}, verbose=False)
    assert "right  0: P 0.000 R 0.000 F1 0.000" in capsys.readouterr().out


def test_hard_negatives_are_counted_apart(capsys: pytest.CaptureFixture[str]):
    """Of three pairs wrongly in one story one is of two that the corpus names as hard."""
    gold = {"a": "S01", "b": "S02", "c": "S09", "d": "S09"}
    language = {"a": "fr", "b": "fr", "c": "fr", "d": "ru"}
    apart = print_stories(gold, language, {"a": "1", "b": "1", "c": "1", "d": "2"})
    printed = capsys.readouterr().out
    assert "pairs wrongly in one story 3, of hard negatives 1" in printed
    assert "pairs found across languages 0 of 1 (0.00)" in printed
    assert apart == ["S09 fr-ru"]
