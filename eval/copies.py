"""Precision and recall of copies on labelled pairs of news items.

    python -m eval.copies                   eval/copies, texts from ../shared (or $WIRETRACE_SHARED)
    python -m eval.copies --errors          also what is wrong in the half that may be looked at

A pair is a copy if its label is `resend`, `shortened`, `correction`, `update`, `embedded` or
`excerpt`. Which kind is judged for those that are found: `resend` and most corrections are the
same text; `shortened` and `embedded` stand in the longer one. On how many days a text is a form is
counted over all items. Intervals: Wilson, 95 %; single items recur in several pairs, so they are
too narrow.

Beside ours, on the same pairs, in the same process: MinHash of five-word shingles by datasketch (a
pair that its index gives, estimated Jaccard .5), and MinHash without its errors, that is the exact
Jaccard. Clusters are the components over a half's items; gold links are its copies, found links
what a system takes for copies of its labelled pairs. `all linked`: all of these.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH

from eval.clusters import Agreement, adjusted_rand, b_cubed, components, pairwise
from eval.shared import SHARED
from transforms.copies.strip import stripped_words
from transforms.copies.verify import STRIDE, is_copy, stretches, verify, verify_words
from transforms.copies.words import find_words

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("resend", "shortened", "correction", "update", "embedded", "excerpt")
_TIME = re.compile(r"\s*(\d+-\w+-\d+)\s+(\d+:\d+:\d+)")
# What the wire puts under each item, copied or not.
_SIGNED = re.compile(r"\s+reuters?\W*\Z", re.IGNORECASE)
_PLAIN_SIZE, _PLAIN_JACCARD = 5, 0.5
_BANDS, _ROWS = 25, 5


def read_items(shared: Path) -> dict[str, dict[str, Any]]:
    """Id to item, `text` without the wire's signature."""
    path = shared / "eval" / "reuters21578" / "reuters_feb_apr.jsonl.gz"
    items = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            item["text"] = _SIGNED.sub("", item["body"] or "")
            items[item["id"]] = item
    return items


def time_of(item: dict[str, Any]) -> dt.datetime:
    """The time that an item bears; one of 15,486 has an hour of three digits: noon of its day."""
    found = _TIME.match(item["date"])
    assert found, item["date"]
    day, time = found.groups()
    is_time = len(time) == len("15:01:01")
    return dt.datetime.strptime(f"{day} {time if is_time else '12:00:00'}", "%d-%b-%Y %H:%M:%S")


def hours_between(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Between the times that two items bear."""
    return (time_of(other) - time_of(one)).total_seconds() / 3600


class Forms:
    """On how many days the words of an item stand in items with other data."""

    def __init__(self, items: Mapping[str, dict[str, Any]]) -> None:
        self._items = items
        self._words = {id_: stripped_words(item["text"]) for id_, item in items.items()}
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


def minhash_pairs(items: Mapping[str, dict[str, Any]], ids: Iterable[str]) -> set[frozenset[str]]:
    """Pairs of those items that plain MinHash finds."""
    hashes = {id_: MinHash(num_perm=_BANDS * _ROWS) for id_ in ids}
    index = MinHashLSH(params=(_BANDS, _ROWS), num_perm=_BANDS * _ROWS)
    for id_, its in hashes.items():
        shingles = set(stretches(find_words(items[id_]["text"]), _PLAIN_SIZE))
        its.update_batch(" ".join(shingle).encode() for shingle in shingles)
        index.insert(id_, its)
    return {
        frozenset((id_, other))
        for id_, its in hashes.items()
        for other in index.query(its)
        if other != id_ and its.jaccard(hashes[other]) >= _PLAIN_JACCARD
    }


def share(part: int, whole: int) -> str:
    """`0.970 (.942 to .985, n 164)`."""
    if not whole:
        return "none"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    spread = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole**2)) / (1 + z * z / whole)
    # Rounding may leave less than nothing.
    return f"{p:.3f} ({abs(middle - spread):.3f} to {middle + spread:.3f}, n {whole})"


def score(half: str, items: dict[str, dict[str, Any]], forms: Forms, errors: bool) -> None:
    """Print the figures of `eval/copies/<half>.jsonl`."""
    lines = (ROOT / "eval" / "copies" / f"{half}.jsonl").read_text("utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    kinds: Counter[tuple[str, str]] = Counter()
    # What each system takes for copies, by number of the pair.
    found: dict[str, set[int]] = {"ours": set(), "MinHash": set(), "exact Jaccard ≥ .5": set()}
    hashed = minhash_pairs(items, {id_ for pair in pairs for id_ in _ids(pair)})
    for at, pair in enumerate(pairs):
        one, other = (items[id_] for id_ in _ids(pair))
        hours = hours_between(one, other)
        match = verify(one["text"], other["text"], hours)
        kind = "none"
        if match and is_copy(match, forms.days(one["id"]), hours):
            kind = match.kind
            found["ours"].add(at)
        kinds[pair["label"], kind] += 1
        if frozenset(_ids(pair)) in hashed:
            found["MinHash"].add(at)
        if shingle_jaccard(one["text"], other["text"]) >= _PLAIN_JACCARD:
            found["exact Jaccard ≥ .5"].add(at)
        if errors and (kind != "none") != (pair["label"] in COPIED):
            print(f"  {pair['label']} taken for {kind}: {one['id']} {other['id']} {one['title']}")
    print(f"{half}: {len(pairs)} pairs")
    for name, numbers in found.items():
        print(f"  {name}")
        _print_copied(pairs, numbers)
        _print_clusters(pairs, numbers)
    print("  all apart")
    _print_clusters(pairs, ())
    print("  all linked")
    _print_clusters(pairs, range(len(pairs)))
    print("  kinds that ours gives, by label")
    for label in (*COPIED, "template", "unrelated"):
        row = {kind: n for (one, kind), n in sorted(kinds.items()) if one == label}
        print(f"    {label:11} {row}")


def _ids(pair: dict[str, Any]) -> tuple[str, str]:
    return pair["earlier"], pair["later"]


def _print_copied(pairs: list[dict[str, Any]], found: Collection[int]) -> None:
    def of(*labels: str) -> tuple[int, int]:
        """How many pairs of these labels are found, and how many there are."""
        numbers = [at for at, pair in enumerate(pairs) if pair["label"] in labels]
        return sum(at in found for at in numbers), len(numbers)

    right, copies = of(*COPIED)
    f1 = Agreement(right / max(len(found), 1), right / copies).f1
    print(f"    precision            {share(right, len(found))}")
    print(f"    recall               {share(right, copies)}")
    print(f"    F1                   {f1:.3f}")
    print(f"    embedded, shortened  {share(*of('shortened', 'embedded'))}")
    print(f"    templates linked     {share(*of('template'))}")


def _print_clusters(pairs: list[dict[str, Any]], linked: Collection[int]) -> None:
    items = dict.fromkeys(id_ for pair in pairs for id_ in _ids(pair))
    gold = components(items, (_ids(pair) for pair in pairs if pair["label"] in COPIED))
    ours = components(items, (_ids(pairs[at]) for at in linked))
    pairs_f1, items_f1 = pairwise(gold, ours).f1, b_cubed(gold, ours).f1
    print(f"    clusters, ARI        {adjusted_rand(gold, ours):.3f}")
    print(f"      F1 pairs, B-cubed  {pairs_f1:.3f}, {items_f1:.3f} ({len(items)} items)")


def main() -> None:
    """Score both halves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--errors", action="store_true", help="Show what is wrong where it may be looked at."
    )
    asked = parser.parse_args()
    if not (SHARED / "eval" / "reuters21578").is_dir():
        print(f"skipped: 560 pairs of eval/copies; no {SHARED}")
        return
    items = read_items(SHARED)
    forms = Forms(items)
    score("dev", items, forms, asked.errors)
    score("test", items, forms, errors=False)


if __name__ == "__main__":
    main()
