"""`_state/search`: which articles hold a term, for finding them by text or by id.

A segment stands beside every data file of `articles` and is named after it: (term, row) pairs,
sorted by term, as Parquet with page checksums. Data files are content-addressed and never change,
so a segment is right or absent, needs no manifest, and belongs to whatever snapshot pins its file.
A file whose segment is missing is read itself: slower, and never wrong.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from lake.data_file import DataFile, hash_in_name
from lake.fsync import fsync_directory, temporary_beside
from lake.search_terms import UNDATED, article_terms, id_term
from lake.tables import Lake, Snapshot

_READ = ["article_id", "published", "headline", "description_text", "body_text"]
_SCHEMA = pa.schema([("term", pa.uint64()), ("row", pa.uint32())])
_ROWS_PER_GROUP = 20_000
# Which terms an article has; another number, and the old segments count as missing.
_FORM = 1


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
    files = pinned.files("articles")
    found = list(_lookup(lake, pinned, files, asked))
    held: dict[tuple[str, int], set[int]] = {}
    for path, row, term in found:
        held.setdefault((path, row), set()).add(term)
    return Found(
        [Hit(path, row, frozenset(mine)) for (path, row), mine in sorted(held.items())],
        Counter(term for _, _, term in found),
        sum(file.rows for file in files),
    )


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
    return lake.search / f"{hash_in_name(file.path)}.v{_FORM}.parquet"


def _lookup(
    lake: Lake, pinned: Snapshot, files: Sequence[DataFile], asked: pa.Array
) -> Iterator[tuple[str, int, int]]:
    """Path, row and term of every posting of the terms asked for."""
    segments = {str(_segment(lake, file)): file for file in files}
    present = {os.path.join(lake.search, name) for name in _names_in(lake.search)}
    options = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    dataset = ds.dataset(
        [path for path in segments if path in present],
        schema=_SCHEMA,
        format=ds.ParquetFileFormat(default_fragment_scan_options=options),
    )
    columns = ["term", "row", "__filename"]
    table = dataset.to_table(columns=columns, filter=ds.field("term").isin(asked))
    paths = (segments[path].path for path in table["__filename"].to_pylist())
    yield from zip(paths, table["row"].to_pylist(), table["term"].to_pylist(), strict=True)
    for path, file in segments.items():
        if path not in present:
            rows = _postings(pinned, file)
            for row in rows.filter(pc.is_in(rows["term"], value_set=asked)).to_pylist():
                yield file.path, row["row"], row["term"]


def _names_in(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() else []


def _postings(pinned: Snapshot, file: DataFile) -> pa.Table:
    """The (term, row) pairs of a data file, rows counted in its own order."""
    path = pinned.lake.table_path("articles") / file.path
    terms: list[int] = []
    rows: list[int] = []
    first = 0
    with pq.ParquetFile(path, page_checksum_verification=True) as parquet:
        for batch in parquet.iter_batches(batch_size=500, columns=_READ):
            columns = [batch.column(name).to_pylist() for name in _READ]
            for number, (id_, date, *texts) in enumerate(zip(*columns, strict=True), first):
                own = [*article_terms(*texts), id_term(id_), *([UNDATED] if date is None else ())]
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
