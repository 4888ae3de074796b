"""Precision and recall of copies on labelled pairs of news items.

    python -m eval.copies                   eval/copies, texts from ../shared (or $WIRETRACE_SHARED)
    python -m eval.copies --errors          also what is wrong in the half that may be looked at

A pair is a copy if its label is `resend`, `shortened`, `correction`, `update`, `embedded` or
`excerpt`. Which kind is judged for those that are found: `resend` and most corrections are the
same text; `shortened` and `embedded` stand in the longer one. On how many days a text is a form is
counted over all items. Beside ours, on the same pairs: MinHash without its errors, that is exact
Jaccard of five-word shingles at .5. Intervals: Wilson, 95 %; single items recur in several pairs,
so they are too narrow.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transforms.copies.verify import STRIDE, is_copy, stretches, verify, verify_words
from transforms.copies.words import find_words

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("resend", "shortened", "correction", "update", "embedded", "excerpt")
_TIME = re.compile(r"\s*(\d+-\w+-\d+)\s+(\d+:\d+:\d+)")
# What the wire puts under each item, copied or not.
_SIGNED = re.compile(r"\s+reuters?\W*\Z", re.IGNORECASE)
_PLAIN_SIZE, _PLAIN_JACCARD = 5, 0.5


def read_items(shared: Path) -> dict[str, dict[str, Any]]:
    """Id to item, `text` without the wire's signature."""
    path = shared / "eval" / "reuters21578" / "reuters_feb_apr.jsonl.gz"
    items = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            item["text"] = _SIGNED.sub("", item["body"] or "")
            items[item["id"]] = item
    return items


def hours_between(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Between the times that the items bear."""
    times = []
    for item in (one, other):
        found = _TIME.match(item["date"])
        assert found, item["date"]
        times.append(dt.datetime.strptime(" ".join(found.groups()), "%d-%b-%Y %H:%M:%S"))
    return (times[1] - times[0]).total_seconds() / 3600


class Forms:
    """On how many days the words of an item stand in items with other data."""

    def __init__(self, items: Mapping[str, dict[str, Any]]) -> None:
        self._items = items
        self._words = {id_: find_words(item["text"]) for id_, item in items.items()}
        self._holders: dict[int, list[str]] = defaultdict(list)
        for id_, words in self._words.items():
            for stretch in stretches(words, _PLAIN_SIZE):
                self._holders[hash(stretch)].append(id_)

    def days(self, id_: str) -> int:
        """Distinct days, the item's own counted if others of that day have the form."""
        words, days = self._words[id_], set()
        found: set[str] = set()
        for stretch in stretches(words, _PLAIN_SIZE, STRIDE):
            found.update(self._holders[hash(stretch)])
        for other in found - {id_}:
            match = verify_words(words, self._words[other], None)
            if match and match.kind == "form":
                days.add(self._items[other]["date"].split()[0])
        return len(days)


def shingle_jaccard(one: str, other: str) -> float:
    """Of the sets of five-word shingles."""
    ours, theirs = (set(stretches(find_words(text), _PLAIN_SIZE)) for text in (one, other))
    return len(ours & theirs) / max(len(ours | theirs), 1)


def share(part: int, whole: int) -> str:
    """`0.970 (.942 to .985, n 164)`."""
    if not whole:
        return "none"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    spread = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole**2)) / (1 + z * z / whole)
    return f"{p:.3f} ({middle - spread:.3f} to {middle + spread:.3f}, n {whole})"


def score(half: str, items: dict[str, dict[str, Any]], forms: Forms, errors: bool) -> None:
    """Print the figures of `eval/copies/<half>.jsonl`."""
    lines = (ROOT / "eval" / "copies" / f"{half}.jsonl").read_text("utf-8").splitlines()
    kinds: Counter[tuple[str, str]] = Counter()
    plain: Counter[tuple[str, bool]] = Counter()
    for pair in map(json.loads, lines):
        one, other = items[pair["earlier"]], items[pair["later"]]
        hours = hours_between(one, other)
        found = verify(one["text"], other["text"], hours)
        is_copied = found and is_copy(found, forms.days(one["id"]), hours)
        kind = found.kind if found and is_copied else "none"
        kinds[pair["label"], kind] += 1
        is_plain = shingle_jaccard(one["text"], other["text"]) >= _PLAIN_JACCARD
        plain[pair["label"], is_plain] += 1
        if errors and (kind != "none") != (pair["label"] in COPIED):
            print(f"  {pair['label']} taken for {kind}: {one['id']} {other['id']} {one['title']}")
    print(f"{half}: {len(lines)} pairs")
    _print_copied("ours", {key: n for key, n in kinds.items() if key[1] != "none"}, kinds)
    _print_copied("exact Jaccard ≥ .5", {key: n for key, n in plain.items() if key[1]}, plain)
    for label in (*COPIED, "template", "unrelated"):
        row = {kind: n for (one, kind), n in sorted(kinds.items()) if one == label}
        print(f"    {label:11} {row}")


def _print_copied(name: str, found: dict[Any, int], all_of: Counter[Any]) -> None:
    right = sum(n for (label, _), n in found.items() if label in COPIED)
    copies = sum(n for (label, _), n in all_of.items() if label in COPIED)
    within = sum(n for (label, _), n in found.items() if label in ("shortened", "embedded"))
    embedded = sum(n for (label, _), n in all_of.items() if label in ("shortened", "embedded"))
    false = sum(n for (label, _), n in found.items() if label == "template")
    templates = sum(n for (label, _), n in all_of.items() if label == "template")
    print(f"  {name}")
    print(f"    precision            {share(right, sum(found.values()))}")
    print(f"    recall               {share(right, copies)}")
    print(f"    embedded, shortened  {share(within, embedded)}")
    print(f"    templates linked     {share(false, templates)}")


def main() -> None:
    """Score both halves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--errors", action="store_true", help="Show what is wrong where it may be looked at."
    )
    asked = parser.parse_args()
    shared = Path(os.environ.get("WIRETRACE_SHARED") or ROOT.parent / "shared")
    if not (shared / "eval" / "reuters21578").is_dir():
        print(f"skipped: 560 pairs of eval/copies; no {shared}")
        return
    items = read_items(shared)
    forms = Forms(items)
    score("dev", items, forms, asked.errors)
    score("test", items, forms, errors=False)


if __name__ == "__main__":
    main()
