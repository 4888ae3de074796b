"""Links between versions that have one text: new against new, and against the window around.

Texts are never shuffled: a task names data files, whose fingerprints are joined, and only the
texts of pairs that share one are read. What the pairs are and what a link says is decided by pure
functions (`transforms/copies`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.metrics import Metrics

from lake.checked import checked_dataset, checked_file
from lake.signatures import Signature
from lake.where import is_any
from schemas.citation import CREDITING
from schemas.link import Link
from transforms.copies.direction import CITED, Cited, cited_by_version
from transforms.copies.link import LINKABLE, Claim, Linkable, find_link, linkable
from transforms.copies.pair_up import Held, Pair, made, pair_up
from transforms.sign_texts import SignTexts, TextsFile, sign

# Pairs whose texts are in memory together: so many, or with so many words.
_PAIRS_AT_ONCE = 2_000
_WORDS_AT_ONCE = 1_000_000
_SIEVE = np.uint64((1 << 22) - 1)
_HELD = ["article_id", "version_id", "published", "word_count"]
Place = tuple[TextsFile, int]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CitationsFile:
    """A data file of `citations`."""

    path: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class LinkTask:
    """The pairs of the versions in `asked`, files of this run, with those in `window`.

    `window` holds the asked files, too, and `citations` those of all their days.
    """

    asked: tuple[TextsFile, ...]
    window: tuple[TextsFile, ...]
    citations: tuple[CitationsFile, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs by number of their `places`: those to be compared, and those that are no pairs now.

    `words`: how many each place's text has, about.
    """

    places: Sequence[Place]
    words: Sequence[int]
    pairs: Sequence[Pair]
    gone: Sequence[Pair]
    hot: int


def find_pairs(task: LinkTask, folder: Path, window: dt.timedelta) -> Candidates:
    """The pairs of a task. `gone` are older ones between which something new has come."""
    wanted = np.unique(np.concatenate([sign(file, folder).fingerprints for file in task.asked]))
    fingerprints, numbers, places = _hold(task, folder, wanted)
    versions, words = _read_held(places, set(task.asked))
    found = pair_up(fingerprints, numbers, versions, window)
    gone = set(found.gone)
    elsewhere = np.setdiff1d(_shared_by(found.gone, places, folder), wanted)
    if len(elsewhere):
        fingerprints, numbers, others = _hold(task, folder, elsewhere)
        known = {place: number for number, place in enumerate(others)}
        pairs = {(known.get(places[a], -1), known.get(places[b], -1)): (a, b) for a, b in gone}
        held, _ = _read_held(others, set(task.asked))
        gone -= {pairs[pair] for pair in made(pairs, fingerprints, numbers, held, window)}
    return Candidates(places, words, found.pairs, sorted(gone), found.hot)


def _hold(task: LinkTask, folder: Path, wanted: Any) -> tuple[Any, Any, list[Place]]:
    """Who in the window holds any of the fingerprints, if two do: by number of the places."""
    prints: list[Any] = []
    places: list[Place] = []
    holders: list[Any] = []
    sieve = np.zeros(int(_SIEVE) + 1, bool)
    sieve[wanted & _SIEVE] = True
    for file in task.window:
        found = _among(sign(file, folder), wanted, sieve)
        rows, numbers = np.unique(found.rows, return_inverse=True)
        prints.append(found.fingerprints)
        holders.append(numbers + len(places))
        places += [(file, int(row)) for row in rows]
    fingerprints, numbers = _shared(np.concatenate(prints), np.concatenate(holders))
    used, numbers = np.unique(numbers, return_inverse=True)
    return fingerprints, numbers, [places[number] for number in used]


def _shared_by(pairs: Sequence[Pair], places: Sequence[Place], folder: Path) -> Any:
    """The fingerprints that both of any of the pairs have."""
    numbers: dict[TextsFile, set[int]] = defaultdict(set)
    for number in {one for pair in pairs for one in pair}:
        numbers[places[number][0]].add(number)
    mine: dict[int, Any] = {}
    for file, some in numbers.items():
        signature = sign(file, folder)
        for number in some:
            mine[number] = signature.fingerprints[signature.rows == places[number][1]]
    both = [np.intersect1d(mine[later], mine[earlier]) for later, earlier in pairs]
    return np.unique(np.concatenate([np.empty(0, np.uint64), *both]))


def in_batches(pairs: Sequence[Pair], words: Sequence[int]) -> Iterator[list[Pair]]:
    """Pairs whose texts may be in memory together; one whose texts are too long is alone."""
    batch: list[Pair] = []
    held: set[int] = set()
    size = 0
    for pair in pairs:
        more = sum(words[number] for number in set(pair) - held)
        if batch and (len(batch) == _PAIRS_AT_ONCE or size + more > _WORDS_AT_ONCE):
            yield batch
            batch, held, size = [], set(), 0
            more = sum(words[number] for number in set(pair))
        batch.append(pair)
        held.update(pair)
        size += more
    if batch:
        yield batch


def find_links(
    pairs: Sequence[Pair],
    places: Sequence[Place],
    citations: Iterable[CitationsFile],
    claim: Claim,
) -> Iterator[Link]:
    """The links of some pairs, whose texts are read together."""
    rows: dict[TextsFile, set[int]] = defaultdict(set)
    for pair in pairs:
        for file, row in (places[number] for number in pair):
            rows[file].add(row)
    read = _read_linkable({file: sorted(mine) for file, mine in rows.items()}, citations)
    for pair in pairs:
        later, earlier = (read[file.path, row] for file, row in (places[n] for n in pair))
        link = find_link(earlier, later, claim)
        if link is not None:
            yield link


def _among(signature: Signature, wanted: Any, sieve: Any) -> Signature:
    """What of a signature is wanted; `sieve` tells by the last bits of most that they are not."""
    maybe = sieve[signature.fingerprints & _SIEVE]
    fingerprints, rows = signature.fingerprints[maybe], signature.rows[maybe]
    if not len(fingerprints):
        return Signature(fingerprints, rows)
    at = np.minimum(np.searchsorted(wanted, fingerprints), len(wanted) - 1)
    kept = wanted[at] == fingerprints
    return Signature(fingerprints[kept], rows[kept])


def _shared(fingerprints: Any, holders: Any) -> tuple[Any, Any]:
    """Without the fingerprints that one version only holds."""
    _, inverse, counts = np.unique(fingerprints, return_inverse=True, return_counts=True)
    kept = counts[inverse] > 1
    return fingerprints[kept], holders[kept]


def _read_held(places: Sequence[Place], asked: set[TextsFile]) -> tuple[list[Held], list[int]]:
    rows: dict[TextsFile, list[int]] = defaultdict(list)
    for file, row in places:
        rows[file].append(row)
    read = [
        (file, row)
        for file, numbers in rows.items()
        for row in _read_rows(file.path, numbers, _HELD)
    ]
    held = [
        Held(row["article_id"], row["version_id"], row["published"], file.is_new, file in asked)
        for file, row in read
    ]
    return held, [row["word_count"] for _, row in read]


def _read_linkable(
    places: Mapping[TextsFile, Sequence[int]], citations: Iterable[CitationsFile]
) -> dict[tuple[str, int], Linkable]:
    """By path and row, the versions that stand there, with their texts and credits."""
    rows = {
        (file.path, number): (file.date, row)
        for file, numbers in places.items()
        for number, row in zip(numbers, _read_rows(file.path, numbers, LINKABLE), strict=True)
    }
    days = {date for date, _ in rows.values()}
    paths = [file.path for file in citations if file.date in days]
    cited = _read_cited(paths, {row["version_id"] for _, row in rows.values()})
    return {
        place: linkable(row, date, cited=cited.get(row["version_id"], ()))
        for place, (date, row) in rows.items()
    }


def _read_rows(path: str, rows: Sequence[int], columns: Sequence[str]) -> Iterator[Row]:
    """Some rows of a file, in the order of `rows`, which is sorted."""
    wanted = np.asarray(rows, np.int64)
    with checked_file(path) as parquet:
        first = 0
        for group in range(parquet.metadata.num_row_groups):
            end = first + parquet.metadata.row_group(group).num_rows
            mine = wanted[(wanted >= first) & (wanted < end)] - first
            if len(mine):
                yield from parquet.read_row_group(group, list(columns)).take(mine).to_pylist()
            first = end


def _read_cited(paths: Sequence[str], versions: Iterable[str]) -> Mapping[str, Sequence[Cited]]:
    if not paths:
        return {}
    where = is_any("version_id", set(versions)) & is_any("kind", CREDITING)
    return cited_by_version(checked_dataset(paths).to_table(columns=list(CITED), filter=where))


class _Link(beam.DoFn):
    def __init__(self, folder: str, window: dt.timedelta, claim: Claim) -> None:
        self.folder, self.window, self.claim = Path(folder), window, claim
        self.compared = Metrics.counter("links", "pairs")
        self.hot = Metrics.counter("links", "hot_fingerprints")

    def process(self, task: LinkTask, signed: Sequence[str]) -> Iterator[tuple[str, Link]]:
        found = find_pairs(task, self.folder, self.window)
        self.compared.inc(len(found.pairs))
        self.hot.inc(found.hot)
        for pairs, is_gone in ((found.pairs, False), (found.gone, True)):
            for some in in_batches(pairs, found.words):
                for link in find_links(some, found.places, task.citations, self.claim):
                    yield "links", replace(link, withdrawn=is_gone)


@dataclass
class LinkCopies(beam.PTransform):
    """The tasks' (table name, row) pairs of `links`; fingerprints are kept in `folder`."""

    tasks: Sequence[LinkTask]
    folder: str
    window: dt.timedelta
    claim: Claim

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        """Sign every file once, then compare."""
        files = {file.path: file for task in self.tasks for file in task.window}
        signed = begin | "Files" >> beam.Create(files.values()) | "Texts" >> SignTexts(self.folder)
        link = _Link(self.folder, self.window, self.claim)
        # The side input makes the tasks wait until all files are signed.
        return (
            begin
            | "Tasks" >> beam.Create(self.tasks)
            | "Link" >> beam.ParDo(link, beam.pvalue.AsList(signed))
        )
