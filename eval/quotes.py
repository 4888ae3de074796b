"""Precision and recall of quotations and their speakers on labelled articles, by language.

    python -m eval.quotes                    ../shared/eval/crosslingual (or $WIRETRACE_SHARED)
    python -m eval.quotes --half dev -v      the half to look at while changing rules, with misses

`dev` are the articles whose guid hashes to an even first byte (SHA-256), `test` the others. A
quotation is found if its `quote_key` is in the gold of its article (exact), or if it shares half of
the longer one's characters (overlap). A speaker is right if the gold's name is the one given or one
contains the other; counted over the exact ones. Bodies only; places and agencies come from the
gazetteer, persons from the rules as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from transforms.entities.tag import find_entities
from transforms.entities.trust import sure
from transforms.quotes.find import Quotation, find_quotes
from transforms.quotes.key import quote_key
from transforms.quotes.words import Name

ROOT = Path(__file__).resolve().parents[1]


def half_of(guid: str) -> str:
    """Which half an article is in."""
    return "dev" if hashlib.sha256(guid.encode()).digest()[0] % 2 == 0 else "test"


def quotes_of(article: dict[str, Any]) -> list[Quotation]:
    """The quotations of an article's body."""
    body = article["body_text"]
    mentions = sure(find_entities(body, article["language"]))
    persons = [
        Name(m.start, m.end, m.surface, m.entity_id, True) for m in mentions if m.kind == "person"
    ]
    others = [(m.start, m.end) for m in mentions if m.kind != "person"]
    return find_quotes(body, article["language"], persons, others)


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
    found = quotes_of(article)
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


def main() -> None:
    """Print the table of one half or both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--half", choices=("dev", "test"))
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    shared = Path(os.environ.get("WIRETRACE_SHARED", ROOT.parent / "shared"))
    folder = shared / "eval" / "crosslingual"
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
