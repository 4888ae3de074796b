"""`_state/search`: which articles hold a term, for finding them by text or by id.

A segment holds the postings (term, file, row) of some data files of `articles`, sorted by term, as
Parquet with page checksums; `file` counts in the list of content hashes in its footer. Segments are
merged in levels as the runs of the keys are, so a look-up opens few files however many days and
languages the lake has. Data files never change, so a segment needs no manifest: it answers for
those of its files that the snapshot pins and no other segment has answered for. A file without a
segment is read itself: slower, and never wrong.
"""

from __future__ import annotations

import bisect
import contextlib
import json
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lake.checked import checked_file
from lake.data_file import DataFile, hash_in_name
from lake.ends import hash_end
from lake.fsync import fsync_directory, temporary_beside
from lake.hashes import hash_file
from lake.present import make_present
from lake.search_terms import UNDATED, article_terms, content_term, id_term
from lake.tables import Lake, LakeDamaged, Snapshot

if TYPE_CHECKING:
    from lake.sorted_runs import RunFile

_READ = [
    "article_id", "content_hash", "published", "headline", "description_text", "body_text",
]  # fmt: skip
_SCHEMA = pa.schema([("term", pa.uint64()), ("file", pa.uint32()), ("row", pa.uint32())])
_FILES = b"wiretrace.files"
_ROWS_PER_GROUP = 50_000
# Postings that are sorted in memory at once: 16 bytes each, some copies of them.
_SLICE = 500_000
_TERMS = 1 << 64
# Postings that a snapshot remembers, some megabytes; of a term that has more than `_FEW`, none.
_REMEMBERED, _FEW = 65_536, 8_192
_ARTICLES_AT_ONCE = _SLICE // 64
# Which terms an article has and how they are kept; another number, and old segments are replaced.
_SUFFIX = ".v4.parquet"


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


@dataclass(frozen=True, slots=True)
class _Segment:
    """An open segment and, by their number in it, the files for which it answers."""

    path: Path
    parquet: pq.ParquetFile
    answers: Mapping[int, DataFile]
    is_whole: bool

    @property
    def run_file(self) -> RunFile:
        """What the plan of merges needs of it."""
        from lake.sorted_runs import RunFile  # NumPy takes 100 ms to load, and no look-up needs it

        return RunFile(self.path, self.parquet.metadata.num_rows, 0)


def update_search(lake: Lake, pinned: Snapshot) -> int:
    """Make the segments fit the snapshot's files: write what lacks, drop what is gone, merge.

    Safe under the lease only, as it deletes. Gives the number of data files that were read.
    """
    from lake.sorted_runs import plan_merge

    folder = lake.search
    folder.mkdir(parents=True, exist_ok=True)
    segments, missing = _open(lake, pinned.files("articles"))
    kept = {one.path for one in segments if one.is_whole}
    for one in segments:
        if not one.is_whole:
            with _damage_of(lake):
                kept.add(_merge(lake, [one]))
    for some in _in_groups(missing):
        kept.add(_write_segment(lake, some, iter([_postings(lake, some)])))
    _delete_others(folder, kept)
    segments, _ = _open(lake, pinned.files("articles"))
    due = {file.path for file in plan_merge([one.run_file for one in segments])}
    if due:
        with _damage_of(lake):
            merged = _merge(lake, [one for one in segments if one.path in due])
        _delete_others(folder, kept - due | {merged})
    return len(missing)


def find(lake: Lake, pinned: Snapshot, terms: Iterable[int]) -> Found:
    """Which rows of the snapshot's articles hold any of `terms`.

    Raises:
        StateDamaged: a segment is; `doctor --rebuild-state` mends it.
        LakeDamaged: a data file that no segment knows is.
    """
    files = pinned.files("articles")
    with _damage_of(lake):
        index = pinned.once("search", lambda: _Index(lake, *_open(lake, files, strict=True)))
        found = index.look_up(sorted(set(terms)))
    held: dict[tuple[str, int], set[int]] = {}
    frequencies: Counter[int] = Counter()
    for term, places in found.items():
        frequencies.update({term: len(places)} if places else {})
        for place in places:
            held.setdefault(place, set()).add(term)
    return Found(
        [Hit(path, row, frozenset(mine)) for (path, row), mine in sorted(held.items())],
        frequencies,
        sum(file.rows for file in files),
    )


@contextlib.contextmanager
def _damage_of(lake: Lake) -> Iterator[None]:
    """What Arrow says of a damaged segment, as an error that knows the remedy."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk said so, not Arrow
            raise
        from lake.sorted_runs import StateDamaged  # NumPy takes 100 ms to load

        raise StateDamaged(lake.search, f"a segment cannot be read ({error})") from error


def check_search(lake: Lake) -> Iterator[tuple[Path, str]]:
    """Segments that are not what their names promise, or none, with what is wrong."""
    for path in sorted(lake.search.glob(f"*{_SUFFIX}")):
        make_present([path])
        try:
            if path.name != _name_of(path):
                yield path, "its bytes are not those its name promises"
                continue
            with pq.ParquetFile(path) as segment:
                _listed(segment)
        except (OSError, pa.ArrowException, ValueError) as error:
            yield path, f"cannot be read: {error}"


def _open(
    lake: Lake, files: Sequence[DataFile], *, strict: bool = False
) -> tuple[list[_Segment], list[DataFile]]:
    """The segments that answer for any of `files`, the largest first; files without a segment.

    A segment that cannot be opened answers for none, or raises if `strict`.
    """
    left = {hash_in_name(file.path): file for file in files}
    try:
        opened = list(_opened(lake.search, strict))
    except FileNotFoundError:  # a run has just merged it; what it merged it into stands there
        opened = list(_opened(lake.search, strict))
    segments = []
    for path, parquet, names in sorted(opened, key=lambda one: -len(one[2])):
        answers = {number: left.pop(name) for number, name in enumerate(names) if name in left}
        if answers:
            segments.append(_Segment(path, parquet, answers, len(answers) == len(names)))
    return segments, list(left.values())


def _opened(folder: Path, strict: bool) -> Iterator[tuple[Path, pq.ParquetFile, list[str]]]:
    allowed = () if strict else (OSError, pa.ArrowException, ValueError)
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    make_present(folder / name for name in names)
    for name in names:
        if name.endswith(_SUFFIX):
            with contextlib.suppress(*allowed):
                parquet = _open_segment(folder / name)
                yield folder / name, parquet, _listed(parquet)


def _open_segment(path: Path) -> pq.ParquetFile:
    try:
        return checked_file(path)
    except LakeDamaged as error:
        raise ValueError(str(error)) from error


def _listed(segment: pq.ParquetFile) -> list[str]:
    """The hashes of a segment's files; raises ValueError if it is no segment."""
    metadata = segment.schema_arrow.metadata or {}
    if not segment.schema_arrow.equals(_SCHEMA) or _FILES not in metadata:
        raise ValueError("is no segment")
    names: list[str] = json.loads(metadata[_FILES])
    return names


class _Index:
    """What segments and files without a segment hold, and what was looked up, on any thread."""

    def __init__(
        self, lake: Lake, segments: Sequence[_Segment], missing: Sequence[DataFile]
    ) -> None:
        self._lake, self._segments, self._missing = lake, segments, missing
        self._known: dict[int, list[tuple[str, int]]] = {}
        self._size = 0
        self._lock = threading.Lock()

    def look_up(self, asked: Sequence[int]) -> Mapping[int, Sequence[tuple[str, int]]]:
        """Path and row of every posting of the terms asked for, in ascending order."""
        with self._lock:
            known = {term: self._known[term] for term in asked if term in self._known}
            found: dict[int, list[tuple[str, int]]] = {t: [] for t in asked if t not in known}
            for path, row, term in self._postings(list(found)) if found else ():
                found[term].append((path, row))
            self._remember({term: rows for term, rows in found.items() if len(rows) <= _FEW})
        return known | found

    def _remember(self, found: Mapping[int, list[tuple[str, int]]]) -> None:
        size = sum(1 + len(rows) for rows in found.values())
        if self._size + size > _REMEMBERED:
            self._known, self._size = {}, 0
        if size <= _REMEMBERED:
            self._known |= found
            self._size += size

    def _postings(self, asked: Sequence[int]) -> Iterator[tuple[str, int, int]]:
        for segment in self._segments:
            groups = _groups_with(segment.parquet, asked)
            if groups:
                for row in _only(segment.parquet.read_row_groups(groups), asked).to_pylist():
                    file = segment.answers.get(row["file"])
                    if file is not None:
                        yield file.path, row["row"], row["term"]
        for file in self._missing:
            for row in _only(_postings(self._lake, [file]), asked).to_pylist():
                yield file.path, row["row"], row["term"]


def _only(rows: pa.Table, asked: Sequence[int]) -> pa.Table:
    return rows.filter(pc.is_in(rows["term"], value_set=pa.array(asked, pa.uint64())))


def _groups_with(segment: pq.ParquetFile, asked: Sequence[int]) -> list[int]:
    """The row groups that may hold any of these terms, which are in ascending order."""
    count = segment.metadata.num_row_groups

    def greatest(group: int) -> int:
        return _bounds(segment, group)[1]

    found: dict[int, None] = {}
    at = 0
    for term in asked:
        at = bisect.bisect_left(
            range(count), term, lo=at, key=lambda group: _bounds(segment, group)[1]
        )
        after = at  # a common term fills groups
        while after < count and _bounds(segment, after)[0] <= term:
            found[after] = None
            after += 1
    return list(found)


def _bounds(segment: pq.ParquetFile, group: int) -> tuple[int, int]:
    """Least and greatest term of a row group."""
    terms = segment.metadata.row_group(group).column(0).statistics
    return terms.min, terms.max


def _in_groups(files: Sequence[DataFile]) -> Iterator[list[DataFile]]:
    """Files whose postings are sorted in memory together."""
    some: list[DataFile] = []
    for file in files:
        if some and sum(one.rows for one in some) + file.rows > _ARTICLES_AT_ONCE:
            yield some
            some = []
        some.append(file)
    if some:
        yield some


def _postings(lake: Lake, files: Sequence[DataFile]) -> pa.Table:
    """The postings of data files, numbered as given, rows counted in each one's own order."""
    pieces = [_SCHEMA.empty_table()]
    for number, file in enumerate(files):
        path = lake.table_path("articles") / file.path
        first = 0
        try:
            with checked_file(path) as parquet:
                for batch in parquet.iter_batches(batch_size=500, columns=_READ):
                    pieces.append(_postings_of(batch, number, first))
                    first += batch.num_rows
        except (OSError, pa.ArrowException) as error:
            raise LakeDamaged(f"{path} cannot be read: {error}; run `wiretrace doctor`") from error
    return _sorted(pa.concat_tables(pieces))


def _postings_of(batch: pa.RecordBatch, number: int, first: int) -> pa.Table:
    """The postings of some rows of file `number`, which begin with its row `first`."""
    terms: list[int] = []
    rows: list[int] = []
    undated = batch.column("published").is_null().to_pylist()
    columns = [batch.column(name).to_pylist() for name in _READ if name != "published"]
    for row, (is_undated, id_, content, *texts) in enumerate(
        zip(undated, *columns, strict=True), first
    ):
        own = [*article_terms(*texts), id_term(id_), content_term(content)]
        own += [UNDATED] if is_undated else []
        terms += own
        rows += [row] * len(own)
    arrays = [pa.array(terms, pa.uint64()), pa.repeat(pa.scalar(number, pa.uint32()), len(rows))]
    return pa.table([*arrays, pa.array(rows, pa.uint32())], schema=_SCHEMA)


def _sorted(rows: pa.Table) -> pa.Table:
    return rows.sort_by([(name, "ascending") for name in _SCHEMA.names])


def _merge(lake: Lake, segments: Sequence[_Segment]) -> Path:
    """Write one segment with what these answer for, a part of all terms in memory at a time."""
    files = [file for one in segments for file in one.answers.values()]
    numbers = {file.path: number for number, file in enumerate(files)}
    parts = sum(one.parquet.metadata.num_rows for one in segments) // _SLICE + 1
    edges = [_TERMS * part // parts for part in range(parts + 1)]
    slices = (
        _sorted(pa.concat_tables([_renumbered(one, numbers, low, high) for one in segments]))
        for low, high in pairwise(edges)
    )
    return _write_segment(lake, files, slices)


def _renumbered(segment: _Segment, numbers: Mapping[str, int], low: int, high: int) -> pa.Table:
    """Postings with `low <= term < high` of the files it answers for, by their new numbers."""
    bounds = (_bounds(segment.parquet, n) for n in range(segment.parquet.metadata.num_row_groups))
    groups = [n for n, (least, most) in enumerate(bounds) if least < high and low <= most]
    rows = segment.parquet.read_row_groups(groups)
    terms = rows["term"]
    mine = pc.and_(
        pc.greater_equal(terms, pa.scalar(low, pa.uint64())),
        pc.less_equal(terms, pa.scalar(high - 1, pa.uint64())),
    )
    old = pa.array(segment.answers, pa.uint32())
    rows = rows.filter(pc.and_(mine, pc.is_in(rows["file"], value_set=old)))
    new = pa.array([numbers[file.path] for file in segment.answers.values()], pa.uint32())
    return rows.set_column(1, "file", new.take(pc.index_in(rows["file"], value_set=old)))


def _write_segment(lake: Lake, files: Sequence[DataFile], slices: Iterator[pa.Table]) -> Path:
    """Write sorted postings, which follow each other, durably; named after their bytes."""
    names = json.dumps([hash_in_name(file.path) for file in files])
    temporary = temporary_beside(lake.search / f"new{_SUFFIX}")
    schema = _SCHEMA.with_metadata({_FILES: names})
    with pq.ParquetWriter(
        temporary,
        schema,
        compression="zstd",
        use_dictionary=False,
        column_encoding={
            "term": "PLAIN", "file": "DELTA_BINARY_PACKED", "row": "DELTA_BINARY_PACKED",
        },
        write_page_checksum=True,
    ) as writer:  # fmt: skip
        for rows in slices:
            writer.write_table(rows.cast(schema), row_group_size=_ROWS_PER_GROUP)
    with open(temporary, "rb") as written:
        os.fsync(written.fileno())
    path = lake.search / _name_of(temporary)
    os.replace(temporary, path)
    return path


def _name_of(path: Path) -> str:
    """The name of a segment with these bytes; its end is held against it when it is opened."""
    with open(path, "rb") as file:
        return f"{hash_file(path)[:32]}-{hash_end(file)}{_SUFFIX}"


def _delete_others(folder: Path, kept: set[Path]) -> None:
    """What is kept stands on the disk before anything goes."""
    fsync_directory(folder)
    for path in folder.iterdir():
        if path not in kept:
            path.unlink()
