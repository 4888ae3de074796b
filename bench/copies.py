"""What finding copies costs: speed beside MinHash, growth, and memory of a run's link phase.

    PYTHONPATH=. .venv/bin/python bench/copies.py             all, half an hour, 3 GB of disk
    PYTHONPATH=. .venv/bin/python bench/copies.py --quick     all, smaller, three minutes
    PYTHONPATH=. .venv/bin/python bench/copies.py --only speed growth

Speed is documents a second of CPU on one core, in one process, the systems in turns over the same
texts (bench/copied_texts.py): news items of Reuters, and generated texts of 3 kB, sizes log-normal,
of which a fifth holds another's text. Words that were met are remembered, as in a run (`cold`: they
are not). Growth and memory are of the link phase (bench/link_phase.py), each in a new process, over
data files that were written without the steps before it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH
from rensa import CMinHash, RMinHash

import transforms.copies.fingerprints
import transforms.copies.word_hashes
import transforms.copies.words
from bench.copied_texts import COPIED, FIRST_DAY, Document, Wire, make_documents, read_reuters
from bench.link_phase import Phase, link_in_new_process, write_files
from lake.data_file import hash_in_name
from lake.tables import Lake, create_lake
from pipeline.link_tasks import WINDOW
from schemas.link import Link
from transforms.copies.link import Claim, Linkable, find_link, linkable
from transforms.copies.pair_up import Held, pair_up
from transforms.copies.strip import strip
from transforms.link_copies import _PAIRS_AT_ONCE, _shared
from transforms.sign_texts import TextsFile, sign

CLAIM = Claim("bench", FIRST_DAY)
SHINGLE, PERMUTATIONS, JACCARD = 5, 128, 0.5


# Speed: each takes all documents and gives a number that shows that it did its work.


def run_rensa(documents: Sequence[Document], kind: Any) -> int:
    """Nothing but shingles and their MinHash."""
    total = 0
    for one in documents:
        sketch = kind(num_perm=PERMUTATIONS, seed=42)
        sketch.update(_shingles(one.text))
        total += len(sketch.digest()) > 0
    return total


def run_signatures(documents: Sequence[Document], *, is_cold: bool = False) -> int:
    """Our fingerprints; cold: by a process that has seen no words yet."""
    if is_cold:
        forget_words()
    return len(_fingerprints(documents)[0])


def run_candidates(documents: Sequence[Document]) -> int:
    """With the join: pairs that share one, within the window."""
    return len(_pairs(documents))


def run_links(documents: Sequence[Document]) -> int:
    """With the links: texts compared word by word, kind, direction, evidence."""
    return sum(1 for _ in find_links(documents))


def find_links(documents: Sequence[Document]) -> Iterator[Link]:
    """The links among texts."""
    pairs = _pairs(documents)
    for first in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[first : first + _PAIRS_AT_ONCE]
        read: dict[int, Linkable] = {
            n: linkable(documents[n].row, documents[n].published.date())
            for n in {n for pair in some for n in pair}
        }
        for later, earlier in some:
            link = find_link(read[earlier], read[later], CLAIM)
            if link is not None:
                yield link


def run_datasketch(documents: Sequence[Document]) -> int:
    """MinHash, its index, and the exact Jaccard of what that gives."""
    index = MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS)
    known: list[set[str]] = []
    found = 0
    for number, one in enumerate(documents):
        shingles = set(_shingles(one.text))
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles])
        for other in index.query(sketch):
            both = len(known[other] & shingles)
            found += both >= JACCARD * max(len(known[other] | shingles), 1)
        index.insert(number, sketch)
        known.append(shingles)
    return found


def _shingles(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)]


_TEXTS_AT_ONCE = 500


def _fingerprints(documents: Sequence[Document]) -> tuple[Any, Any]:
    prints, holders = [], []
    for first in range(0, len(documents), _TEXTS_AT_ONCE):
        texts = [strip(one.text) for one in documents[first : first + _TEXTS_AT_ONCE]]
        found, numbers = transforms.copies.fingerprints.find_all_fingerprints(texts)
        prints.append(found)
        holders.append(numbers.astype(np.int64) + first)
    return np.concatenate(prints), np.concatenate(holders)


def _pairs(documents: Sequence[Document]) -> Sequence[tuple[int, int]]:
    held = [Held(one.name, one.name, one.published, True, True) for one in documents]
    return pair_up(*_shared(*_fingerprints(documents)), held, WINDOW).pairs


def forget_words() -> None:
    """Empty what remembers words, as at the start of a process."""
    for module in (transforms.copies.words, transforms.copies.word_hashes):
        for value in vars(module).values():
            if isinstance(value, dict) and type(value) is not dict:
                value.clear()


SYSTEMS: dict[str, Callable[[Sequence[Document]], int]] = {
    "rensa RMinHash": partial(run_rensa, kind=RMinHash),
    "rensa CMinHash": partial(run_rensa, kind=CMinHash),
    "cold signatures": partial(run_signatures, is_cold=True),
    "signatures": run_signatures,
    "and candidates": run_candidates,
    "and links": run_links,
    "datasketch": run_datasketch,
}


def measure_speed(name: str, documents: Sequence[Document], rounds: int) -> None:
    """Print documents a second of each system, and what is asked as ratios within a round."""
    rates: dict[str, list[float]] = defaultdict(list)
    gave = {}
    for _ in range(rounds):
        for system, run in SYSTEMS.items():
            begin = time.process_time()
            gave[system] = run(documents)
            rates[system].append(len(documents) / (time.process_time() - begin))
    characters = statistics.mean(len(one.text) for one in documents)
    print(f"speed, {name}: {len(documents)} texts, {characters:.0f} characters on average")
    for system, values in rates.items():
        print(f"  {system:15}{_spread(values, '8,.0f')} documents a second; {gave[system]} found")
    for ours, theirs, asked in (
        ("cold signatures", "rensa RMinHash", ""),
        ("signatures", "rensa RMinHash", ""),
        ("and candidates", "rensa RMinHash", " (asked: .6; with an index of containment .4)"),
        ("and links", "datasketch", " (asked: 3)"),
    ):
        ratios = [one / other for one, other in zip(rates[ours], rates[theirs], strict=True)]
        print(f"  {ours} to {theirs}: {_spread(ratios, '.2f')}{asked}")


def _spread(values: Sequence[float], form: str) -> str:
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


# Growth and memory: the link phase over data files.


def measure_growth(few: int, rounds: int) -> None:
    """Ten times the documents, over ten times the days and in one week; a text that many share."""
    print(f"growth, all new, 3 kB, {rounds} rounds in turns (asked: ten times the documents 11)")
    cases = {
        f"{few} of 7 days": make_documents(few, 7, size=450),
        f"{10 * few} of 70 days": make_documents(10 * few, 70, size=450),
        f"{10 * few} of 7 days": make_documents(10 * few, 7, size=450),
        f"{few} of 7 days, a fifth one text": make_documents(few, 7, size=450, one_text=COPIED),
    }
    with tempfile.TemporaryDirectory(prefix="bench_copies") as name:
        files = {}
        for label, documents in cases.items():
            files[label] = write_files(Path(name, label, "new"), documents, 20_000)
        phases: dict[str, list[Phase]] = defaultdict(list)
        for _ in range(rounds):
            for label, new in files.items():
                phases[label].append(link_in_new_process(Path(name, label), [], new, label))
    base, *others = phases
    for other in others:
        pairs = zip(phases[other], phases[base], strict=True)
        ratios = [one.cpu / less.cpu for one, less in pairs]
        print(f"  {other}, to {base}: {_spread(ratios, '.2f')} times the CPU")


def measure_window(older: int, new: int, rounds: int) -> None:
    """New versions of one day on a full window, and on an empty lake."""
    print(f"window, 130 words each: {new} new of a day against {older} of the fortnight around")
    with tempfile.TemporaryDirectory(prefix="bench_copies") as name:
        folder = Path(name)
        begin = time.perf_counter()
        wires: list[Wire] = []
        window = make_documents(older, 15, size=130, wires=wires)
        create_lake(folder / "lake")
        known = write_files(folder / "lake", window, 150_000)
        for file in known:
            day = dt.date.fromisoformat(file.partition["date"])
            path = folder / "lake" / "articles" / file.path
            content = hash_in_name(file.path) or ""
            texts = TextsFile(str(path), content, day, file.rows, is_new=False)
            sign(texts, Lake(folder / "lake").signatures)
        print(f"  written and signed in {time.perf_counter() - begin:.0f} s", flush=True)
        made = make_documents(new, 1, size=130, first=older, start=7, wires=wires)
        files = write_files(folder / "new", made, new)
        full, empty = [], []
        for _ in range(rounds):
            full.append(link_in_new_process(folder, known, files, "on the full window"))
            empty.append(link_in_new_process(folder, [], files, "on an empty lake"))
    ratios = [one.rest / other.rest for one, other in zip(full, empty, strict=True)]
    print(f"  CPU but for reading signatures: {_spread(ratios, '.2f')} times (asked: 1.5)")
    print(f"  peak {max(one.peak_mb for one in full):.0f} MB (asked: 1,000)")


def measure_month(sizes: Sequence[int]) -> None:
    """All new, over thirty days."""
    print("month, 130 words each, all new (asked: peak of a million at most 1,500 MB)")
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench_copies") as name:
            files = write_files(
                Path(name, "new"), make_documents(size, 30, size=130), max(size // 5, 20_000)
            )
            link_in_new_process(Path(name), [], files, f"{size} of 30 days")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller, fewer rounds")
    parts = ("speed", "growth", "window", "month")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    given = parser.parse_args()
    packages = ("wiretrace", "apache-beam", "numpy", "pyarrow", "rensa", "datasketch")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {versions}", flush=True)
    quick = given.quick
    if "speed" in given.only:
        for name, documents in (
            ("Reuters", read_reuters()),
            ("generated", list(make_documents(5_000, 30, size=450))),
        ):
            some = documents[:2_000] if quick else documents
            if some:
                measure_speed(name, some, 3 if quick else 7)
    if "growth" in given.only:
        measure_growth(1_000 if quick else 5_000, 1 if quick else 3)
    if "window" in given.only:
        measure_window(
            20_000 if quick else 1_000_000, 2_000 if quick else 10_000, 1 if quick else 3
        )
    if "month" in given.only:
        measure_month((10_000,) if quick else (200_000, 400_000, 1_000_000))


if __name__ == "__main__":
    main()
