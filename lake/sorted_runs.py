"""Sorted, immutable, memory-mapped runs of fixed-width records, merged in levels (DESIGN §4, §5).

A record is a row of a packed numpy structured dtype: first `key` (16 raw bytes, type `V16`), an
integer `sequence` somewhere after it. A key may have any number of records; records come in order
of key (as big-endian bytes), `sequence`, then all their bytes, so nothing depends on how they were
spread over runs. Keys are hashes: that spreads them evenly over the 256 first bytes.

A run file is a header of 8 KiB (magic, JSON, spaces) and three columns, each sorted alike: the
keys' first halves and second halves as little-endian 64-bit words, and the remaining fields. The
header holds the SHA-256 of each column and the file's name holds the header's, so opening a file
checks its name, layout and size, and `verify` every byte.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lake.fsync import fsync_directory, rename_durably, temporary_beside, write_durably
from lake.hashes import hash_json
from lake.present import make_present

Records = npt.NDArray[np.void]
Words = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]

FANOUT = 8  # runs of one level before they are merged: one record is rewritten once per level
SMALLEST_LEVEL = 4096  # records; runs below it share one level
_KEY = np.dtype("V16")
_MAGIC = b"WTRUN 1\n"
_HEADER_BYTES = 8192
_HASHED_BYTES = 1 << 22
_RUN_NAME = re.compile(r"([a-z][a-z0-9_]*)-([0-9a-f]{32})\.run")
_MANIFEST_NAME = re.compile(r"manifest-([0-9]{12})\.json")


class StateDamaged(Exception):
    """A file of the derived state is missing, cut or changed; the lake itself is not touched."""

    exit_code = 6

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(path, what)
        self.path = path
        self.what = what

    def __str__(self) -> str:
        return f"{self.path}: {self.what}; `wiretrace doctor --rebuild-state` mends it"


@dataclass(frozen=True, slots=True)
class RunFile:
    """One run on disk: `count` records, `size` bytes."""

    path: Path
    count: int
    size: int


def write_run(folder: Path, records: Records, *, prefix: str = "keys") -> RunFile:
    """Sort records, which may be none, and write them durably as one run.

    Raises:
        ValueError: the records are not of a dtype that this module keeps.
    """
    check_dtype(records.dtype)
    ordered = records[_order(records)]
    first_bytes = _split_keys(ordered["key"])[0] >> np.uint64(56)
    fan_out = np.searchsorted(first_bytes, np.arange(257, dtype=np.uint64))
    return _write(folder, prefix, records.dtype, [ordered], fan_out)


def merge(files: Sequence[Path], folder: Path, *, prefix: str = "keys") -> RunFile:
    """Write one run with the records of several, in the memory of a 256th of them.

    The files are re-hashed first: damage must not get a valid checksum by being merged. They stay
    on disk until `prune`.

    Raises:
        StateDamaged: a file is missing or its bytes have changed.
        ValueError: no files, or files of different record types.
    """
    if len({_read_header(path)["dtype"] for path in files}) != 1:
        raise ValueError("a merge takes one or more runs of one record type")
    runs = [_OpenRun(path) for path in files]
    for run in runs:
        run.verify()
    fan_out = np.sum([run.fan_out for run in runs], axis=0)
    dtype = runs[0].dtype
    shards = (_merge_shard(runs, byte, dtype) for byte in range(256))
    return _write(folder, prefix, dtype, shards, fan_out)


def plan_merge(files: Sequence[RunFile]) -> list[RunFile]:
    """Which runs to merge into one now; mostly none.

    A level holds runs of alike counts, each level `FANOUT` times the one below. A full level is
    merged, with the next ones if the result fills those too. So a small run on a large archive
    rewrites small runs only, and at most `FANOUT` - 1 runs a level are left to look up in.
    """
    chosen: list[RunFile] = []
    for level in range(_level(sum(file.count for file in files)) + 1):
        here = [file for file in files if _level(file.count) == level]
        result_joins = bool(chosen) and _level(sum(file.count for file in chosen)) == level
        if len(here) + result_joins >= FANOUT:
            chosen += here
    return chosen


class SortedRuns:
    """Look-up over several runs of one record type, without reading them whole."""

    def __init__(self, files: Sequence[Path], dtype: np.dtype[Any]) -> None:
        """Map the files; touches only their headers.

        Raises:
            StateDamaged: a file is missing, cut, renamed or of another record type.
            ValueError: this module does not keep records of that dtype.
        """
        check_dtype(dtype)
        self.dtype = dtype
        make_present(files)
        self._runs = [_OpenRun(path) for path in files]
        for run in self._runs:
            if run.dtype != dtype:
                raise StateDamaged(run.path, f"holds records {run.dtype}, not {dtype}")

    def __len__(self) -> int:
        return sum(len(run.first) for run in self._runs)

    def lookup(self, keys: npt.NDArray[Any] | Sequence[bytes]) -> Records:
        """All records of these keys (16 bytes each; V16 or S16 array), in the module's order."""
        first, second = _distinct(*_split_keys(_to_array(keys)))
        found = [run.take(run.find(first, second)) for run in self._runs]
        records = np.concatenate([np.empty(0, self.dtype), *found], dtype=self.dtype)
        return records[_order(records)]

    def shards(self) -> Iterator[Records]:
        """All records in the module's order, those of one first byte at a time."""
        return (_merge_shard(self._runs, byte, self.dtype) for byte in range(256))

    def verify(self) -> None:
        """Re-hash every byte; raises `StateDamaged` naming the first file that has changed."""
        for run in self._runs:
            run.verify()


class _OpenRun:
    """A mapped run: columns `first`, `second` (halves of the key), `rest` (the other fields)."""

    def __init__(self, path: Path) -> None:
        header = _read_header(path)
        count = header["count"]
        self.path = path
        self.dtype = _parse_dtype(header["dtype"])
        self.fan_out = np.array(header["fan_out"], np.int64)
        self._sums: list[str] = header["sha256"]
        size = _HEADER_BYTES + count * self.dtype.itemsize
        if path.stat().st_size != size:
            raise StateDamaged(path, f"has {path.stat().st_size} bytes instead of {size}")
        data = np.asarray(np.memmap(path, np.uint8, "r"))
        bounds = [_HEADER_BYTES + count * offset for offset in (0, 8, 16, self.dtype.itemsize)]
        self._columns = [data[start:stop] for start, stop in pairwise(bounds)]
        self.first: Words = self._columns[0].view("<u8")
        self.second: Words = self._columns[1].view("<u8")
        self.rest: Records = self._columns[2].view(_rest_of(self.dtype))

    def find(self, first: Words, second: Words) -> Positions:
        """Positions of the records of distinct keys, given as halves in ascending order."""
        low = np.searchsorted(self.first, first, "left")
        present = low < len(self.first)
        present[present] = self.first[low[present]] == first[present]
        low, first, second = low[present], first[present], second[present]
        high = np.searchsorted(self.first, first, "right")
        begin = _bisect(self.second, low, high, lambda seen, at: seen < second[at])
        end = _bisect(self.second, begin, high, lambda seen, at: seen <= second[at])
        counts = end - begin
        return np.repeat(end - np.cumsum(counts), counts) + np.arange(counts.sum())

    def take(self, at: Positions | slice) -> Records:
        """The records at these positions, put together again."""
        rest = self.rest[at]
        halves = np.empty((len(rest), 2), ">u8")
        halves[:, 0], halves[:, 1] = self.first[at], self.second[at]
        records = np.empty(len(rest), self.dtype)
        records["key"] = halves.view(_KEY)[:, 0]
        for name in rest.dtype.names or ():
            records[name] = rest[name]
        return records

    def verify(self) -> None:
        for column, expected in zip(self._columns, self._sums, strict=True):
            digest = hashlib.sha256()
            for start in range(0, len(column), _HASHED_BYTES):
                digest.update(column[start : start + _HASHED_BYTES].data)
            if digest.hexdigest() != expected:
                raise StateDamaged(self.path, "its bytes have changed since it was written")


def write_manifest(folder: Path, sequence: int, files: Sequence[RunFile]) -> Path:
    """Durably name the runs that make up the state after the run with this sequence."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = sorted((asdict(file) | {"path": file.path.name} for file in files), key=str)
    value = {"sequence": sequence, "files": listed, "sha256": hash_json([sequence, listed])}
    path = _manifest_path(folder, sequence)
    write_durably(path, json.dumps(value, indent=1).encode())
    return path


def read_manifest(folder: Path, sequence: int) -> list[RunFile]:
    """The runs of that state; raises `StateDamaged` if the manifest is missing or has changed."""
    path = _manifest_path(folder, sequence)
    try:
        value = json.loads(path.read_bytes())
        listed = value["files"]
        intact = value["sequence"] == sequence and value["sha256"] == hash_json([sequence, listed])
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise StateDamaged(path, f"cannot be read as a manifest ({error})") from error
    if not intact:
        raise StateDamaged(path, "its text has changed since it was written")
    return [RunFile(folder / file["path"], file["count"], file["size"]) for file in listed]


def newest_manifest(folder: Path, max_sequence: int) -> int | None:
    """Sequence of the newest manifest up to `max_sequence`, None without any.

    A killed run may have left a manifest: `prune` before a new run raises the newest sequence.
    """
    names = (_MANIFEST_NAME.fullmatch(path.name) for path in folder.glob("manifest-*.json"))
    sequences = [int(name[1]) for name in names if name]
    return max((s for s in sequences if s <= max_sequence), default=None)


def prune(folder: Path, sequence: int) -> None:
    """Delete manifests but that of `sequence`, runs it does not name, and leftovers of killed runs.

    Safe only under the lease, with the sequence of the state that the newest committed run has.
    """
    kept = {file.path.name for file in read_manifest(folder, sequence)}
    kept.add(_manifest_path(folder, sequence).name)
    for pattern in ("manifest-*.json", "*.run", ".*.tmp"):
        for path in folder.glob(pattern):
            if path.name not in kept:
                path.unlink()
    fsync_directory(folder)


def check_dtype(dtype: np.dtype[Any]) -> None:
    """Raises ValueError unless records of this dtype can be kept (see the module's docstring)."""
    names = dtype.names or ("",)
    if names[0] != "key" or dtype["key"] != _KEY or "sequence" not in names:
        raise ValueError(f"records need `key` (V16) first and a `sequence`: {dtype}")
    packed = sum(dtype[name].itemsize for name in names) == dtype.itemsize
    if dtype["sequence"].kind not in "iu" or not packed or dtype.hasobject:
        raise ValueError(f"records must be packed, their `sequence` an integer: {dtype}")


def _level(count: int) -> int:
    level, limit = 0, SMALLEST_LEVEL
    while count >= limit:
        level, limit = level + 1, limit * FANOUT
    return level


def _to_array(keys: npt.NDArray[Any] | Sequence[bytes]) -> npt.NDArray[Any]:
    if not isinstance(keys, np.ndarray):
        if any(len(key) != _KEY.itemsize for key in keys):
            raise ValueError("a key has 16 bytes")
        keys = np.frombuffer(b"".join(keys), _KEY)
    if keys.dtype.itemsize != _KEY.itemsize or keys.ndim != 1:
        raise ValueError(f"keys must be a list of 16 bytes each, not {keys.dtype}")
    return keys


def _split_keys(keys: npt.NDArray[Any]) -> tuple[Words, Words]:
    # As integers, because numpy's byte strings lose their trailing NULs.
    halves = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2)
    return halves[:, 0].astype(np.uint64), halves[:, 1].astype(np.uint64)


def _distinct(first: Words, second: Words) -> tuple[Words, Words]:
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return first[is_new], second[is_new]


def _order(records: Records) -> Positions:
    first, second = _split_keys(records["key"])
    by = (records["sequence"], second, first)
    order = np.lexsort(by)
    tied = np.all([column[order[1:]] == column[order[:-1]] for column in by], axis=0)
    if tied.any():
        raw = np.ascontiguousarray(records).view(np.uint8).reshape(len(records), -1)
        order = np.lexsort((*raw.T[::-1], *by))
    return order


def _bisect(
    column: Words,
    low: Positions,
    high: Positions,
    is_before: Callable[[Words, Positions], npt.NDArray[np.bool_]],
) -> Positions:
    """For each range [low, high) of a column, the first position that is not before its target."""
    low, high = low.copy(), high.copy()
    while len(at := np.flatnonzero(low < high)):
        middle = (low[at] + high[at]) // 2
        before = is_before(column[middle], at)
        low[at[before]] = middle[before] + 1
        high[at[~before]] = middle[~before]
    return low


def _merge_shard(runs: Sequence[_OpenRun], byte: int, dtype: np.dtype[Any]) -> Records:
    parts = [run.take(slice(*run.fan_out[byte : byte + 2])) for run in runs]
    # Without the dtype, numpy would turn big-endian fields into native ones.
    records = np.concatenate([np.empty(0, dtype), *parts], dtype=dtype)
    return records[_order(records)]


def _rest_of(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype([(name, dtype[name]) for name in (dtype.names or ())[1:]])


def _write(
    folder: Path,
    prefix: str,
    dtype: np.dtype[Any],
    shards: Iterable[Records],
    fan_out: Positions,
) -> RunFile:
    """Write shards, which follow each other in order, as the columns of one run."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(folder / f"{prefix}.run")
    try:
        header = _write_columns(temporary, dtype, shards, fan_out)
        path = folder / _name_of(prefix, header)
        rename_durably(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return RunFile(path, int(fan_out[-1]), path.stat().st_size)


def _write_columns(
    path: Path, dtype: np.dtype[Any], shards: Iterable[Records], fan_out: Positions
) -> bytes:
    count, done = int(fan_out[-1]), 0
    rest_dtype = _rest_of(dtype)
    sums = [hashlib.sha256() for _ in range(3)]
    with open(path, "xb") as handle:
        for records in shards:
            rest = np.empty(len(records), rest_dtype)
            for name in rest_dtype.names or ():
                rest[name] = records[name]
            columns = [*(half.astype("<u8") for half in _split_keys(records["key"])), rest]
            for offset, digest, column in zip((0, 8, 16), sums, columns, strict=True):
                handle.seek(_HEADER_BYTES + count * offset + done * column.itemsize)
                data = column.tobytes()
                digest.update(data)
                handle.write(data)
            done += len(records)
        header = _format_header(dtype, fan_out, [digest.hexdigest() for digest in sums])
        handle.seek(0)
        handle.write(header)
    return header


def _format_header(dtype: np.dtype[Any], fan_out: Positions, sums: Sequence[str]) -> bytes:
    value = {
        "count": int(fan_out[-1]),
        "dtype": json.dumps(np.lib.format.dtype_to_descr(dtype)),
        "sha256": sums,
        "fan_out": fan_out.tolist(),
    }
    header = (_MAGIC + json.dumps(value).encode()).ljust(_HEADER_BYTES)
    if len(header) > _HEADER_BYTES:
        raise ValueError(f"the names of {dtype} do not fit into a header")
    return header


def _read_header(path: Path) -> dict[str, Any]:
    """The header, known to be as written: the file's name holds its hash."""
    name = _RUN_NAME.fullmatch(path.name)
    make_present([path])
    try:
        with open(path, "rb") as handle:
            header = handle.read(_HEADER_BYTES)
    except OSError as error:
        raise StateDamaged(path, f"cannot be read ({error.strerror})") from error
    if name is None or path.name != _name_of(name[1], header) or not header.startswith(_MAGIC):
        raise StateDamaged(path, "its header or name has changed since it was written")
    value: dict[str, Any] = json.loads(header[len(_MAGIC) :])
    return value


def _name_of(prefix: str, header: bytes) -> str:
    return f"{prefix}-{hashlib.sha256(header).hexdigest()[:32]}.run"


def _parse_dtype(text: str) -> np.dtype[Any]:
    return np.lib.format.descr_to_dtype([_to_field(field) for field in json.loads(text)])


def _to_field(field: list[Any]) -> tuple[Any, ...]:
    # JSON turns the tuples of a dtype, and of the shape of a field, into lists.
    return tuple(tuple(part) if isinstance(part, list) else part for part in field)


def _manifest_path(folder: Path, sequence: int) -> Path:
    return folder / f"manifest-{sequence:012d}.json"
