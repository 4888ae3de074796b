"""How the deliveries of a run are cut into chunks, and which of their keys are not trusted.

A chunk is a stretch of event days; a day that is larger than a chunk is cut by outlet, never
further, for an outlet's deliveries of one day are identified as one set (DESIGN.md §4.8).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from transforms.spread import Chunk, days_and_buckets
from transforms.stage import StagedFile

ALL_BUCKETS = (0, 255)
# Of rows that are spread together: the more, the fewer files a chunk has.
BYTES_AT_ONCE = 64 << 20
# A use of a key, of all keys of a run at once: 36 bytes instead of some hundred.
_USE = np.dtype(
    [("source", "u4"), ("high", "u8"), ("low", "u8"), ("content", "u8"), ("witness", "u8")]
)
Uses = npt.NDArray[np.void]
# By what else a source would have to tell two articles apart that have a key of this kind.
_WITNESSES = {"uri": "normalized_url", "guid": "normalized_url", "url": "guid"}
_NONE, _MOST = 0, (1 << 64) - 1
_KEY_COLUMNS = [
    "source", "content_hash", "control", "key_kinds", "key_hashes", "normalized_url", "guid",
]  # fmt: skip


def plan_chunks(staged: Sequence[StagedFile], deliveries: int) -> Iterator[Chunk]:
    """Chunks of at most about `deliveries` items, in order of day; together they hold all."""
    days: Counter[int] = Counter()
    for file in staged:
        days.update(dict(file.days))
    buckets = _count_buckets(staged, {day for day, size in days.items() if size > deliveries})
    first: int | None = None
    last, size = 0, 0
    for day in sorted(days):
        if first is not None and size + days[day] > deliveries:
            yield Chunk((first, last), ALL_BUCKETS)
            first, size = None, 0
        if days[day] > deliveries:
            yield from _cut_day(day, buckets[day], deliveries)
            continue
        first, last, size = day if first is None else first, day, size + days[day]
    if first is not None:
        yield Chunk((first, last), ALL_BUCKETS)


def batch_files(staged: Iterable[StagedFile]) -> Iterator[tuple[str, ...]]:
    """Batches of at most `BYTES_AT_ONCE` in memory, files of the same days together."""
    batch: list[str] = []
    size = 0
    for file in sorted(staged, key=lambda one: (one.days, one.path)):
        if batch and size + file.bytes > BYTES_AT_ONCE:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(file.path)
        size += file.bytes
    if batch:
        yield tuple(batch)


def find_distrusted(staged: Sequence[StagedFile]) -> frozenset[tuple[str, str]]:
    """(source, key) pairs that one source uses for different articles (DESIGN.md §4.2).

    A uri or guid is not trusted if the source gives it different texts under different addresses;
    likewise an address, if it gives it different texts under different guids: such feeds link every
    item to their home page.
    """
    sources: dict[str, int] = {}
    pieces: dict[str, list[Uses]] = {kind: [] for kind in _WITNESSES}
    for file in staged:
        rows = pq.read_table(file.path, columns=_KEY_COLUMNS, page_checksum_verification=True)
        rows = rows.filter(pc.is_null(rows["control"])).combine_chunks()
        for kind, uses in _key_uses(rows, sources):
            pieces[kind].append(uses)
    names = list(sources)
    return frozenset(
        (names[use["source"]], f"{use['high']:016x}{use['low']:016x}")
        for some in pieces.values()
        if some
        for use in _differing(np.concatenate(some))
    )


def _key_uses(rows: pa.Table, sources: dict[str, int]) -> Iterator[tuple[str, Uses]]:
    """By kind, a record for each row with a key of it; `sources` numbers their names."""
    whole = np.zeros(rows.num_rows, _USE)
    whole["source"] = [
        sources.setdefault(name, len(sources)) for name in rows["source"].to_pylist()
    ]
    whole["content"] = list(map(_hash, rows["content_hash"].to_pylist()))
    witnesses = {
        column: np.array([_hash(one) if one else _NONE for one in rows[column].to_pylist()], "u8")
        for column in set(_WITNESSES.values())
    }
    keys = rows["key_kinds"].combine_chunks()
    owners = pc.list_parent_indices(keys).to_numpy()
    hashes = rows["key_hashes"].combine_chunks().flatten()
    for kind, column in _WITNESSES.items():
        is_it = pc.equal(keys.flatten(), kind)
        mine = owners[is_it.to_numpy(zero_copy_only=False)]
        uses = whole[mine]
        key = bytes.fromhex("".join(hashes.filter(is_it).to_pylist()))
        uses["high"], uses["low"] = np.frombuffer(key, ">u8").reshape(-1, 2).T
        uses["witness"] = witnesses[column][mine]
        yield kind, uses


def _differing(uses: Uses) -> Uses:
    """A record of each source and key that have several contents and several witnesses."""
    if not len(uses):
        return uses
    key = ["source", "high", "low"]
    uses = uses[np.lexsort([uses[name] for name in key])]
    begins = np.any([uses[name][1:] != uses[name][:-1] for name in key], axis=0)
    first = np.flatnonzero(np.concatenate([[True], begins]))
    witness = uses["witness"]
    contents, witnesses = (
        np.minimum.reduceat(least, first) < np.maximum.reduceat(most, first)
        for least, most in (
            (uses["content"], uses["content"]),
            (np.where(witness == _NONE, np.uint64(_MOST), witness), witness),
        )
    )
    return uses[first[contents & witnesses]]


def _hash(name: str) -> int:
    """64 bits, none of them all zeros."""
    return xxhash.xxh3_64_intdigest(name.encode("utf-8", "surrogatepass")) or 1


def _count_buckets(staged: Sequence[StagedFile], days: set[int]) -> dict[int, Counter[int]]:
    """How many deliveries each bucket of outlets has on these days."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for file in staged:
        if days.intersection(day for day, _ in file.days):
            columns = ["date", "outlet"]
            rows = pq.read_table(file.path, columns=columns, page_checksum_verification=True)
            for day, bucket in zip(*map(list, days_and_buckets(rows)), strict=True):
                found[int(day)][int(bucket)] += 1
    return found


def _cut_day(day: int, buckets: Counter[int], deliveries: int) -> Iterator[Chunk]:
    first, size = 0, 0
    for bucket in range(256):
        if size and size + buckets[bucket] > deliveries:
            yield Chunk((day, day), (first, bucket - 1))
            first, size = bucket, 0
        size += buckets[bucket]
    if size:
        yield Chunk((day, day), (first, 255))
