"""Precision and recall of quotations and their speakers on labelled texts, by language.

    python -m eval.quotes                    eval/quotes: passages
    python -m eval.quotes --articles         ../shared/eval/crosslingual (or $WIRETRACE_SHARED)
    python -m eval.quotes --set more         the later set: more_dev, more_test
    python -m eval.quotes --half dev -v      the half to look at while changing rules, with misses

In passages a quotation is right if its place is, but for stops at its ends; `unsure` labels count
like others. A speaker is right if one of the names contains the other, whatever its case; counted
over the quotations found whose speaker the text states.

Articles: `dev` are those whose guid hashes to an even first byte (SHA-256), `test` the others. A
quotation is found if its `quote_key` is in the gold of its article (exact), or if it shares half of
the longer one's characters (overlap). A speaker is right if the gold's name is the one given or one
contains the other; counted over the exact ones. Bodies only; places and agencies come from the
gazetteer, persons from the rules as they are.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from eval.halves import half_of
from eval.shared import SHARED
from transforms.entities.tag import find_entities
from transforms.entities.trust import sure
from transforms.quotes.find import Quotation, find_quotes
from transforms.quotes.key import quote_key
from transforms.quotes.quote import is_agency
from transforms.quotes.words import Name

ROOT = Path(__file__).resolve().parents[1]
PASSAGES = Path(__file__).parent / "quotes"
_ENDS = " .,;!?…。！？，\u060c\u061f"


def quotes_of(body: str, language: str) -> list[Quotation]:
    """The quotations of a body."""
    mentions = find_entities(body, language)
    persons = [
        Name(m.start, m.end, m.surface, m.entity_id, is_person=bool(sure([m])))
        for m in mentions
        if m.kind == "person"
    ]
    known = [m for m in sure(mentions) if m.kind != "person"]
    others = [(m.start, m.end) for m in known if not is_agency(m.entity_id)]
    agencies = [(m.start, m.end) for m in known if is_agency(m.entity_id)]
    return find_quotes(body, language, persons, others, agencies)


def overlaps(body: str, quotation: Quotation, gold: str) -> bool:
    """Whether a gold quotation shares half of the longer one's characters."""
    start = body.find(gold)
    shared = min(quotation.end, start + len(gold)) - max(quotation.start, start)
    return start >= 0 and shared * 2 >= max(len(gold), quotation.end - quotation.start)


def is_same_speaker(given: str | None, gold: str | None) -> bool:
    """Whether one of the two names contains the other, whatever the case."""
    if not given or not gold:
        return given == gold
    one, other = given.casefold(), gold.casefold()
    return one in other or other in one


def score(article: dict[str, Any], gold: list[dict[str, Any]], verbose: bool) -> Counter[str]:
    """Counts of one article."""
    found = quotes_of(article["body_text"], article["language"])
    by_key = {quote_key(one["text"]): one for one in gold}
    exact = [one for one in found if one.quote_key in by_key]
    near = [
        one
        for one in found
        if any(overlaps(article["body_text"], one, other["text"]) for other in gold)
    ]
    right = [one for one in exact if is_same_speaker(one.speaker, by_key[one.quote_key]["speaker"])]
    given = [one for one in exact if one.speaker]
    if verbose:
        _show(article, found, by_key)
    return Counter(
        found=len(found), gold=len(gold), exact=len(exact), overlap=len(near),
        speaker=len(right), given=len(given),
    )  # fmt: skip


def _show(
    article: dict[str, Any], found: list[Quotation], by_key: dict[str, dict[str, Any]]
) -> None:
    keys = {one.quote_key for one in found}
    where = f"{article['guid']} {article['language']}"
    for one in found:
        gold = by_key.get(one.quote_key)
        if gold is None:
            print(f"{where} WRONG {one.text!r} speaker {one.speaker!r}")
        elif not is_same_speaker(one.speaker, gold["speaker"]):
            print(f"{where} SPEAKER {one.speaker!r} for {gold['speaker']!r}: {one.text!r}")
    for key in by_key.keys() - keys:
        print(f"{where} MISSED {by_key[key]}")


def _line(name: str, counts: Counter[str]) -> str:
    def share(part: str, whole: str) -> str:
        return f"{counts[part] / counts[whole]:.2f}" if counts[whole] else "–"

    return (
        f"{name:6} {counts['gold']:5} {counts['found']:5}  {share('exact', 'found'):>5} "
        f"{share('exact', 'gold'):>5}  {share('overlap', 'found'):>5} {share('overlap', 'gold'):>5}"
        f"  {share('speaker', 'exact'):>5} {share('speaker', 'given'):>5}"
    )


def _place(text: str, start: int, end: int) -> tuple[int, int]:
    """A place without the stops at its ends, which belong to the quotation or not."""
    while end > start and text[end - 1] in _ENDS:
        end -= 1
    return start, end


def _is_named_alike(given: str | None, gold: str | None) -> bool:
    """As `is_same_speaker`, but for the endings of cases (Тимура Ясенева)."""
    if is_same_speaker(given, gold) or not given or not gold:
        return is_same_speaker(given, gold)
    ones, others = (re.findall(r"\w+", name.casefold()) for name in (given, gold))
    few, many = sorted((ones, others), key=len)
    return all(any(_is_one_word(word, other) for other in many) for word in few)


def _is_one_word(one: str, other: str) -> bool:
    pairs = enumerate(zip(one, other, strict=False))
    shared = next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
    return one == other or (shared >= 4 and max(len(one), len(other)) - shared <= 3)


def score_passage(passage: dict[str, Any], verbose: bool) -> Counter[str]:
    """Counts of one passage."""
    text = passage["text"]
    found = {_place(text, one.start, one.end): one for one in quotes_of(text, passage["lang"])}
    gold = {_place(text, one["start"], one["end"]): one for one in passage["quotes"]}
    exact = found.keys() & gold.keys()
    stated = [place for place in exact if gold[place]["speaker"]]
    right = [p for p in stated if _is_named_alike(found[p].speaker, gold[p]["speaker"])]
    given = [place for place in exact if found[place].speaker]
    wrong = [p for p in given if not _is_named_alike(found[p].speaker, gold[p]["speaker"])]
    if verbose:
        for place in sorted(found.keys() | gold.keys()):
            label = f"{passage['id']} {text[slice(*place)]!r}"
            if place not in gold:
                print(f"WRONG {label} speaker {found[place].speaker!r}")
            elif place not in found:
                print(f"MISSED {label} speaker {gold[place]['speaker']!r}")
            elif not _is_named_alike(found[place].speaker, gold[place]["speaker"]):
                print(f"SPEAKER {label} {found[place].speaker!r} for {gold[place]['speaker']!r}")
    return Counter(
        found=len(found), gold=len(gold), exact=len(exact), stated=len(stated), right=len(right),
        given=len(given), wrong=len(wrong),
    )  # fmt: skip


def _passage_line(name: str, counts: Counter[str]) -> str:
    both = counts["found"] + counts["gold"]
    shares = (
        counts["exact"] / (counts["found"] or 1),
        counts["exact"] / (counts["gold"] or 1),
        2 * counts["exact"] / (both or 1),
        counts["right"] / (counts["stated"] or 1),
        1 - counts["wrong"] / (counts["given"] or 1),
    )
    written = "  ".join(f"{share:5.3f}" for share in shares)
    return f"{name:6} {counts['gold']:5} {counts['found']:5}  {written}"


def print_passages(name: str, verbose: bool) -> None:
    """The table of one half of a set of passages."""
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    for line in (PASSAGES / f"{name}.jsonl").read_text("utf-8").splitlines():
        passage = json.loads(line)
        by_language[passage["lang"]] += score_passage(passage, verbose)
    print(f"{name:5} gold found  precision recall F1  speaker right of stated, of given")
    for language in sorted(by_language):
        print(_passage_line(language, by_language[language]))
    print(_passage_line("all", sum(by_language.values(), Counter[str]())))


def main() -> None:
    """Print the table of one half or both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--half", choices=("dev", "test"))
    parser.add_argument("--set", choices=("first", "more"), default="first")
    parser.add_argument("--articles", action="store_true", help="score ../shared instead")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    if not options.articles:
        for half in [options.half] if options.half else ["dev", "test"]:
            name = half if options.set == "first" else f"{options.set}_{half}"
            print_passages(name, options.verbose)
        return
    folder = SHARED / "eval" / "crosslingual"
    articles, golds = (
        [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
        for name in ("articles.jsonl", "gold.jsonl")
    )
    gold_of = {one["guid"]: one["quotes"] for one in golds}
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    began = time.process_time()
    for article in articles:
        if options.half in (None, half_of(article["guid"])):
            counts = score(article, gold_of[article["guid"]], options.verbose)
            by_language[article["language"]] += counts
    print("lang    gold found  exact P / R   overlap P / R  speaker right of exact / of given")
    for language in sorted(by_language):
        print(_line(language, by_language[language]))
    print(_line("all", sum(by_language.values(), Counter[str]())))
    print(f"{time.process_time() - began:.1f} s of CPU")


if __name__ == "__main__":
    main()
