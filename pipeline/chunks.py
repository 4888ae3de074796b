"""How the deliveries of a run are cut into chunks, and which of their keys are not trusted.

A chunk is a stretch of event days; a day that is larger than a chunk is cut by outlet, never
further, for an outlet's deliveries of one day are identified as one set (DESIGN.md §4.8).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.spread import Chunk, days_and_buckets
from transforms.stage import StagedFile

ALL_BUCKETS = (0, 255)
# Of rows that are spread together: the more, the fewer files a chunk has.
BYTES_AT_ONCE = 64 << 20


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
    found: set[tuple[str, str]] = set()
    for kind, witness in (("uri", "url"), ("guid", "url"), ("url", "guid")):
        pieces = [_key_uses(file.path, kind, witness) for file in staged]
        if not pieces:
            continue
        uses = (
            pa.concat_tables(pieces)
            .group_by(["source", "key"])
            .aggregate([(c, f) for c in ("content", "witness") for f in ("min", "max")])
        )
        differ = pc.and_(
            pc.not_equal(uses["content_min"], uses["content_max"]),
            pc.not_equal(uses["witness_min"], uses["witness_max"]),
        )
        rows = uses.filter(pc.fill_null(differ, False)).select(["source", "key"]).to_pylist()
        found.update((row["source"], row["key"]) for row in rows)
    return frozenset(found)


def _key_uses(path: str, kind: str, witness: str) -> pa.Table:
    column = {"url": "normalized_url", "guid": "guid"}[witness]
    columns = ["source", "content_hash", "control", "key_kinds", "key_hashes", column]
    rows = pq.read_table(path, columns=columns, page_checksum_verification=True)
    keys = [
        next((h for k, h in zip(kinds, hashes, strict=True) if k == kind), None)
        for kinds, hashes in zip(
            rows["key_kinds"].to_pylist(), rows["key_hashes"].to_pylist(), strict=True
        )
    ]
    table = pa.table(
        {
            "source": rows["source"],
            "key": pa.array(keys, pa.string()),
            "content": rows["content_hash"],
            "witness": rows[column],
        }
    )
    return table.filter(pc.and_(table["key"].is_valid(), rows["control"].is_null()))


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
