"""`_state/search`: which articles hold a term, for finding them by text.

A segment stands beside every data file of `articles` and is named after it: (term, row) pairs,
sorted by term, as Parquet with page checksums. Data files are content-addressed and never change,
so a segment is right or absent, needs no manifest, and belongs to whatever snapshot pins its file.
A file whose segment is missing is read itself: slower, and never wrong.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lake.data_file import DataFile, hash_in_name
from lake.fsync import fsync_directory, temporary_beside
from lake.search_terms import article_terms
from lake.tables import Lake, Snapshot

_TEXTS = ["headline", "description_text", "body_text"]
_SCHEMA = pa.schema([("term", pa.uint64()), ("row", pa.uint32())])
_ROWS_PER_GROUP = 20_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of an articles file that holds some of the terms asked for."""

    path: str
    row: int
    terms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, how many rows hold each term (df), and how many rows there are."""

    hits: list[Hit]
    frequencies: Mapping[int, int]
    rows: int


def update_search(lake: Lake, pinned: Snapshot) -> int:
    """Write the segments that the snapshot's files lack, delete those of files that are gone.

    Safe under the lease only, as it deletes. Gives the number of segments written.
    """
    folder = lake.search
    folder.mkdir(parents=True, exist_ok=True)
    files = pinned.files("articles")
    wanted = {_segment(lake, file): file for file in files}
    for path in folder.iterdir():
        if path not in wanted:
            path.unlink()
    missing = [path for path in wanted if not path.exists()]
    for path in missing:
        _write_segment(path, _postings(pinned, wanted[path]))
    if missing:
        fsync_directory(folder)
    return len(missing)


def find(lake: Lake, pinned: Snapshot, terms: Iterable[int]) -> Found:
    """Which rows of the snapshot's articles hold any of `terms`.

    Raises:
        pa.ArrowInvalid, OSError: a segment is damaged; `doctor --rebuild-state` mends it.
    """
    asked = pa.array(sorted(set(terms)), pa.uint64())
    frequencies: Counter[int] = Counter()
    hits: list[Hit] = []
    rows = 0
    for file in pinned.files("articles"):
        rows += file.rows
        found = _lookup(lake, pinned, file, asked)
        held: dict[int, set[int]] = {}
        for term, row in zip(found["term"].to_pylist(), found["row"].to_pylist(), strict=True):
            frequencies[term] += 1
            held.setdefault(row, set()).add(term)
        hits += [Hit(file.path, row, frozenset(mine)) for row, mine in held.items()]
    return Found(hits, frequencies, rows)


def check_search(lake: Lake) -> Iterator[tuple[Path, str]]:
    """Segments that cannot be read, with what is wrong."""
    for path in sorted(lake.search.glob("*")):
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as segment:
                if not segment.read().schema.equals(_SCHEMA):
                    yield path, "is no segment"
        except (OSError, pa.ArrowException) as error:
            yield path, f"cannot be read: {error}"


def _segment(lake: Lake, file: DataFile) -> Path:
    return lake.search / f"{hash_in_name(file.path)}.parquet"


def _lookup(lake: Lake, pinned: Snapshot, file: DataFile, asked: pa.Array) -> pa.Table:
    path = _segment(lake, file)
    if not path.exists():
        table = _postings(pinned, file)
        return table.filter(pc.is_in(table["term"], value_set=asked))
    with pq.ParquetFile(path, page_checksum_verification=True) as segment:
        groups = [
            group
            for group in range(segment.num_row_groups)
            if _may_hold(segment.metadata.row_group(group).column(0).statistics, asked)
        ]
        table = segment.read_row_groups(groups)
    return table.filter(pc.is_in(table["term"], value_set=asked))


def _may_hold(statistics: pq.Statistics, asked: pa.Array) -> bool:
    return any(statistics.min <= term <= statistics.max for term in asked.to_pylist())


def _postings(pinned: Snapshot, file: DataFile) -> pa.Table:
    """The (term, row) pairs of a data file, rows counted in its own order."""
    path = pinned.lake.table_path("articles") / file.path
    terms: list[int] = []
    rows: list[int] = []
    first = 0
    with pq.ParquetFile(path, page_checksum_verification=True) as parquet:
        for batch in parquet.iter_batches(batch_size=500, columns=_TEXTS):
            columns = [batch.column(name).to_pylist() for name in _TEXTS]
            for number, texts in enumerate(zip(*columns, strict=True), first):
                own = article_terms(*texts)
                terms += own
                rows += [number] * len(own)
            first += batch.num_rows
    table = pa.table([pa.array(terms, pa.uint64()), pa.array(rows, pa.uint32())], schema=_SCHEMA)
    return table.sort_by([("term", "ascending"), ("row", "ascending")])


def _write_segment(path: Path, postings: pa.Table) -> None:
    temporary = temporary_beside(path)
    pq.write_table(
        postings,
        temporary,
        compression="zstd",
        row_group_size=_ROWS_PER_GROUP,
        use_dictionary=False,
        column_encoding={"term": "PLAIN", "row": "DELTA_BINARY_PACKED"},
        write_page_checksum=True,
    )
    with open(temporary, "rb") as written:
        os.fsync(written.fileno())
    os.replace(temporary, path)
