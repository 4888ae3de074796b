"""What finding copies costs: speed beside MinHash, growth, and memory of a run's link phase.

    PYTHONPATH=. .venv/bin/python bench/copies.py             all, half an hour, 3 GB of disk
    PYTHONPATH=. .venv/bin/python bench/copies.py --quick     all, smaller, three minutes
    PYTHONPATH=. .venv/bin/python bench/copies.py --only speed growth

Speed is documents a second of CPU on one core, in one process, the systems in turns over the same
texts: news items of Reuters (../shared or $WIRETRACE_SHARED), and generated texts of 3 kB, sizes
log-normal, of which a fifth holds another's text. Words that were met are remembered, as in a run
(`cold`: they are not).
Growth and memory are of the link phase as `wiretrace run` executes it, each in a new process, over
data files that were written without the steps before it; peak is resident memory (`VmHWM`).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import pickle
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from datasketch import MinHash, MinHashLSH
from rensa import CMinHash, RMinHash

import transforms.copies.fingerprints
import transforms.copies.word_hashes
import transforms.copies.words
import transforms.link_copies
import transforms.sign_texts
from eval.copies import read_items
from lake.data_file import DataFile, hash_in_name, write_data_file
from lake.tables import Lake, Snapshot, create_lake
from pipeline import link_tasks
from pipeline.conclude import execute
from pipeline.graph import link
from pipeline.link_tasks import WINDOW, plan_links
from pipeline.manifest import read_manifest
from pipeline.options import RunContext, RunOptions
from schemas.article import ARTICLES
from schemas.catalog import TABLES
from schemas.link import Link
from transforms.copies.link import Claim, Linkable, find_link, linkable
from transforms.copies.pair_up import Held, pair_up
from transforms.copies.strip import strip
from transforms.link_copies import _PAIRS_AT_ONCE, _shared
from transforms.sign_texts import TextsFile, sign

ROOT = Path(__file__).resolve().parents[1]
FIRST_DAY = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
CLAIM = Claim("bench", FIRST_DAY)
COPIED = 0.2  # of the documents hold another's text
WIRES = 2_000  # that are copied from at a time
DAY = dt.timedelta(days=1)
Wire = tuple[dt.datetime, str, str]
SHINGLE, PERMUTATIONS, JACCARD = 5, 128, 0.5
LANGUAGES = ("en", "fr", "ru", "de")
_TIME = re.compile(r"(\d+)-(\w+)-(\d+)\s+(\d+):(\d+)")
_SYLLABLES = {
    "en": "ba lor ti men sa ru kel vo pin da fer gu sto ly an er",
    "fr": "bé lor ti men ça ru kel vô pin da fère gu stè ly an er",
    "ru": "ба лор ти мен са ру кел во пин да фер гу сто лы ан ер",
    "de": "bä lor ti men sa rü kel vo pin da fer gu stö ly an er",
}
# As pipeline/memory.py sets them for the command.
_FLAT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": "1000000",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A text and when its outlet published it."""

    name: str
    outlet: str
    published: dt.datetime
    text: str

    @property
    def row(self) -> dict[str, Any]:
        """Columns of `articles` that a link looks at."""
        return {
            "article_id": self.name,
            "version_id": self.name,
            "outlet": self.outlet,
            "outlet_name": None,
            "published": self.published,
            "published_tz_known": True,
            "versioncreated": None,
            "signals": (),
            "body_text": self.text,
            "description_text": None,
        }


class Writer:
    """Makes up texts: 30,000 words a language, as frequent as words are, in sentences."""

    _TYPES, _SENTENCE, _SIGMA = 30_000, 17, 0.7

    def __init__(self, seed: int, size: int) -> None:
        """Texts have `size` words on average."""
        self._chance = np.random.default_rng(seed)
        self._mean = float(np.log(size) - self._SIGMA**2 / 2)
        weights = 1 / (np.arange(self._TYPES) + 2.7)
        self._at = np.cumsum(weights / weights.sum())
        self._words = {name: self._make_words(name) for name in LANGUAGES}

    def _make_words(self, language: str) -> Any:
        chance = np.random.default_rng(0)
        syllables = np.array(_SYLLABLES[language].split(), object)
        words = np.array(
            ["".join(syllables[chance.integers(0, 16, 2 + n % 3)]) for n in range(self._TYPES)],
            object,
        )
        for n in range(20, self._TYPES - 1, 16):  # one in sixteen is a name, one a number
            words[n] = words[n].title()
            words[n + 1] = f"{n / 7:,.1f}%"  # no number follows another as if it were its thousands
        return words

    def write(self, language: str, words: int | None = None) -> str:
        """A text of so many words, or of as many as it happens."""
        count = words or max(int(self._chance.lognormal(self._mean, self._SIGMA)), 20)
        ranks = np.searchsorted(self._at, self._chance.random(count)).clip(0, self._TYPES - 1)
        chosen = self._words[language][ranks].tolist()
        sentences = (
            " ".join(chosen[n : n + self._SENTENCE]) for n in range(0, count, self._SENTENCE)
        )
        return " ".join(f"{one[0].upper()}{one[1:]}." for one in sentences)


def make_documents(
    count: int,
    days: float,
    *,
    size: int,
    first: int = 0,
    start: float = 0.0,
    one_text: float = 0.0,
    wires: list[Wire] | None = None,
) -> Iterator[Document]:
    """In no order of time; a fifth are copies of some text before, `one_text` of them all of one.

    A copy has a few words of its own before it, is published within five days of the other, and is
    in its language. `wires` are what may be copied; what is made is added.
    """
    wires = [] if wires is None else wires
    writer, chance = Writer(first, size), np.random.default_rng(first + 1)
    begin, end = (FIRST_DAY + dt.timedelta(days=at) for at in (start, start + days))
    for number in range(first, first + count):
        language = LANGUAGES[number % len(LANGUAGES)]
        published = begin + days * chance.random() * DAY
        text = writer.write(language)
        if wires and chance.random() < one_text:
            text = wires[0][2]
        elif wires and chance.random() < COPIED:
            before, language, text = wires[chance.integers(len(wires))]
            published = before + min(5.0, days) * (chance.random() - 0.5) * DAY
            published = min(max(published, begin), end - dt.timedelta(seconds=1))
            text = f"{writer.write(language, 20)} {text}"
        elif len(wires) < WIRES:
            wires.append((published, language, text))
        else:
            wires[chance.integers(1, WIRES)] = published, language, text
        yield Document(f"{number:032x}", f"outlet-{number % 97}.example", published, text)


def read_reuters() -> list[Document]:
    """The news items, empty where they are not at hand."""
    shared = Path(os.environ.get("WIRETRACE_SHARED") or ROOT.parent / "shared")
    if not (shared / "eval" / "reuters21578").is_dir():
        print(f"skipped: Reuters; no {shared}/eval/reuters21578")
        return []
    documents = []
    for name, item in read_items(shared).items():
        found = _TIME.search(item["date"])
        assert found, item["date"]
        day, month, year, hour, minute = found.groups()
        # Some hours were mistyped.
        when = f"{day}-{month}-{year} {int(hour) % 24}:{int(minute) % 60}"
        published = dt.datetime.strptime(when, "%d-%b-%Y %H:%M").replace(tzinfo=dt.UTC)
        documents.append(Document(name, "reuters", published, item["text"]))
    return documents


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


@dataclass(frozen=True, slots=True)
class Phase:
    """What a link phase took; `read` are seconds of reading signatures, `join` of `_among`."""

    seconds: float
    cpu: float
    read: float
    join: float
    peak_mb: float
    links: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:7.1f} s, CPU {self.cpu:7.1f} s, of it signatures read"
            f" {self.read:5.1f} s and joined {self.join:5.1f} s; peak {self.peak_mb:5.0f} MB;"
            f" {self.links} links"
        )

    @property
    def rest(self) -> float:
        """CPU beyond the reading of the window's state."""
        return self.cpu - self.read


def write_files(folder: Path, documents: Iterator[Document], block: int) -> list[DataFile]:
    """The data files of `articles`, a block of documents at a time."""
    files: list[DataFile] = []
    some: list[Document] = []
    for one in documents:
        some.append(one)
        if len(some) == block:
            files += _write_block(folder, some)
            some = []
    return files + (_write_block(folder, some) if some else [])


def _write_block(folder: Path, documents: Sequence[Document]) -> list[DataFile]:
    parts: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for one in documents:
        language = LANGUAGES[int(one.name, 16) % len(LANGUAGES)]
        parts[one.published.date().isoformat(), language].append(one)
    return [
        write_data_file(ARTICLES, _table(part), {"date": date, "language": language}, folder)
        for (date, language), part in sorted(parts.items())
    ]


def _table(documents: Sequence[Document]) -> pa.Table:
    rows: dict[str, Sequence[Any]] = {
        name: [one.row[name] for one in documents]
        for name in ("article_id", "version_id", "outlet", "published", "body_text")
    }
    filled = {
        "first_seen": FIRST_DAY,
        "date": FIRST_DAY.date(),
        "published_tz_known": True,
        "word_count": 1,
    }
    columns = []
    for field in ARTICLES.schema:
        if field.name in rows:
            columns.append(pa.array(rows[field.name], field.type))
            continue
        empty: Any = [] if pa.types.is_list(field.type) else "x"
        value = filled.get(field.name, None if field.nullable else empty)
        columns.append(pa.array([value] * len(documents), field.type))
    return pa.table(columns, schema=ARTICLES.schema)


def link_in_new_process(
    folder: Path, older: Sequence[DataFile], new: Sequence[DataFile], label: str
) -> Phase:
    """Link `new`, under `folder`/new, with `older`, which stand in the lake `folder`/lake."""
    (folder / "files").write_bytes(pickle.dumps((list(older), list(new))))
    done = subprocess.run(
        [sys.executable, __file__, "--link", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | _FLAT | {"PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT))},
    )
    phase = Phase(**json.loads(done.stdout.splitlines()[-1]))
    print(f"  {label:40}{phase}", flush=True)
    return phase


def link_here(folder: Path) -> Phase:
    """The phase as `pipeline.batch` executes it; signatures of `new` are made, and then removed."""
    older, new = pickle.loads((folder / "files").read_bytes())
    lake = create_lake(folder / "lake")
    run = RunContext(lake, 2, "bench", FIRST_DAY, True)
    staging = Path(run.staging())
    staging.mkdir(parents=True, exist_ok=True)
    if not (staging / "articles").exists():
        (staging / "articles").symlink_to(folder / "new" / "articles", target_is_directory=True)
    pinned = Snapshot(lake, 1, {table.name: 0 for table in TABLES})
    pinned._listed.update({"articles": older, "citations": []})
    # The lake has files and no runs; what searches for undated versions is in bench/trace.py.
    vars(link_tasks).update(undated_files=lambda pinned: frozenset(), is_linked=lambda runs: True)
    spent = {"read": 0.0, "join": 0.0}
    _time_calls(transforms.sign_texts, "read_signature", spent, "read")
    _time_calls(transforms.link_copies, "_among", spent, "join")
    begin, cpu = time.perf_counter(), time.process_time()
    tasks = list(plan_links(pinned, new, staging))
    path = run.staging("manifests/link")
    options = RunOptions(lake=lake.root, sources=())
    execute(options, partial(link, tasks=tasks, run=run, manifest=path))
    links = sum(file.rows for file in read_manifest(path)["files"])
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = _peak_mb()
    for file in new:
        for made in lake.signatures.glob(f"{hash_in_name(file.path)}*"):
            made.unlink()
    return Phase(seconds, cpu, spent["read"], spent["join"], peak, links)


def _peak_mb() -> float:
    """Most resident memory of this process; `getrusage` would count its parent's before `exec`."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024 / 1e6


def _time_calls(module: Any, name: str, spent: dict[str, float], key: str) -> None:
    function = getattr(module, name)

    def timed(*args: Any) -> Any:
        begin = time.process_time()
        try:
            return function(*args)
        finally:
            spent[key] += time.process_time() - begin

    setattr(module, name, timed)


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
    parser.add_argument("--link", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.link:
        print(json.dumps({k: getattr(p, k) for p in [link_here(given.link)] for k in p.__slots__}))
        return
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
