"""Sorted runs against a dict, their damage, their merging, their manifests."""

from __future__ import annotations

import pickle
import tempfile
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lake.sorted_runs import (
    FANOUT,
    SMALLEST_LEVEL,
    RunFile,
    SortedRuns,
    StateDamaged,
    merge,
    newest_manifest,
    plan_merge,
    prune,
    read_manifest,
    write_manifest,
    write_run,
)

DTYPE = np.dtype([("key", "V16"), ("article", "V16"), ("sequence", "<u4"), ("kind", "u1")])
HEADER = 8192
Row = tuple[bytes, bytes, int, int]

# Keys of few distinct bytes: shared halves, zeros at either end and neighbours are all common.
KEYS = st.lists(st.sampled_from([0, 1, 127, 128, 255]), min_size=2, max_size=2).flatmap(
    lambda ends: st.sampled_from(
        [
            bytes([ends[0]]) + bytes(14) + bytes([ends[1]]),
            bytes(7) + bytes(ends) + bytes(7),
            bytes([ends[0]]) * 8 + bytes([ends[1]]) * 8,
        ]
    )
)
ROWS = st.tuples(
    KEYS,
    st.sampled_from([bytes(16), b"\0" * 15 + b"x", b"x" + b"\0" * 15]),
    st.integers(0, 3) | st.just(2**32 - 1),
    st.integers(0, 2),
)


def to_records(rows: list[Row]) -> np.ndarray[Any, Any]:
    records = np.zeros(len(rows), DTYPE)
    for at, (key, article, sequence, kind) in enumerate(rows):
        records[at] = (np.void(key), np.void(article), sequence, kind)
    return records


def to_rows(records: np.ndarray[Any, Any]) -> list[Row]:
    return [(r["key"].tobytes(), r["article"].tobytes(), *r.item()[2:]) for r in records]


def in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row[0], row[2], row[1], row[3]))


def random_records(count: int, seed: int = 0) -> np.ndarray[Any, Any]:
    generator = np.random.default_rng(seed)
    records = np.zeros(count, DTYPE)
    records["key"] = np.frombuffer(generator.bytes(16 * count), "V16")
    records["article"] = np.frombuffer(generator.bytes(16 * count), "V16")
    records["sequence"] = seed
    return records


@settings(max_examples=300, deadline=None)
@given(runs=st.lists(st.lists(ROWS, max_size=12), max_size=4), asked=st.lists(KEYS, max_size=8))
def test_lookup_and_merge_agree_with_a_dict(runs: list[list[Row]], asked: list[bytes]) -> None:
    """Any runs, any keys: all records of the keys, in order, before and after a merge."""
    model: dict[bytes, list[Row]] = defaultdict(list)
    for row in (row for run in runs for row in run):
        model[row[0]].append(row)
    expected = in_order([row for key in set(asked) for row in model[key]])
    with tempfile.TemporaryDirectory() as name:
        files = [write_run(Path(name), to_records(run)).path for run in runs]
        assert to_rows(SortedRuns(files, DTYPE).lookup(asked)) == expected
        if files:
            merged = merge(files, Path(name))
            whole = SortedRuns([merged.path], DTYPE)
            whole.verify()
            assert to_rows(whole.lookup(asked)) == expected
            everything = in_order([row for run in runs for row in run])
            assert to_rows(whole.lookup(list(model))) == everything
            assert (merged.count, len(whole)) == (len(everything), len(everything))


def test_merge_is_the_same_file_as_one_run_of_all(tmp_path: Path) -> None:
    """The union of runs does not depend on how it was cut into runs, to the byte."""
    records = random_records(5000)
    parts = [write_run(tmp_path / "parts", part).path for part in np.array_split(records, 7)]
    merged = merge(parts[::-1], tmp_path / "merged")
    whole = write_run(tmp_path / "whole", np.random.default_rng(1).permutation(records))
    assert merged.path.name == whole.path.name
    assert merged.path.read_bytes() == whole.path.read_bytes()
    assert [path.name for path in merged.path.parent.iterdir()] == [merged.path.name]


def test_shards_are_all_records_in_order(tmp_path: Path) -> None:
    """Reading everything shard by shard gives the union of the runs, sorted, from none too."""
    parts = np.array_split(random_records(3000), 3)
    runs = SortedRuns([write_run(tmp_path, part).path for part in parts], DTYPE)
    rows = [row for shard in runs.shards() for row in to_rows(shard)]
    assert rows == in_order(to_rows(random_records(3000)))
    assert sum(len(shard) for shard in SortedRuns([], DTYPE).shards()) == 0


def test_one_key_in_several_runs_comes_in_order_of_sequence(tmp_path: Path) -> None:
    """The newest record of a key is the last one, whichever file is given first."""
    key = bytes(16)
    files = [
        write_run(tmp_path, to_records([(key, bytes(16), sequence, 0)])).path
        for sequence in (300, 7, 2**32 - 1)
    ]
    assert SortedRuns(files, DTYPE).lookup([key, key])["sequence"].tolist() == [7, 300, 2**32 - 1]


def test_keys_are_taken_as_array_or_as_bytes(tmp_path: Path) -> None:
    """A V16 column, an S16 array and a list of bytes find the same records."""
    records = random_records(100)
    runs = SortedRuns([write_run(tmp_path, records).path], DTYPE)
    asked = records["key"][:10]
    expected = sorted(key.tobytes() for key in asked)
    for keys in (asked, asked.copy().view("S16"), [key.tobytes() for key in asked]):
        assert [key.tobytes() for key in runs.lookup(keys)["key"]] == expected


@pytest.mark.parametrize("keys", [[b"short"], np.zeros((2, 16), np.uint8), np.zeros(2, "V8")])
def test_keys_of_another_size_are_refused(keys: Any) -> None:
    """A key that has not 16 bytes is a mistake of the caller, not a miss."""
    with pytest.raises(ValueError, match="16 bytes"):
        SortedRuns([], DTYPE).lookup(keys)


@pytest.mark.parametrize(
    "dtype",
    [
        np.dtype([("key", "S16"), ("sequence", "u4")]),
        np.dtype([("sequence", "u4"), ("key", "V16")]),
        np.dtype([("key", "V16"), ("sequence", "f8")]),
        np.dtype([("key", "V16"), ("other", "u4")]),
        np.dtype([("key", "V16"), ("kind", "u1"), ("sequence", "u4")], align=True),
        np.dtype([("key", "V16"), ("sequence", "u4"), ("text", "O")]),
        np.dtype("V16"),
    ],
)
def test_records_that_cannot_be_kept_are_refused(tmp_path: Path, dtype: np.dtype[Any]) -> None:
    """Padding, Python objects, strings as keys: refused before anything is written."""
    with pytest.raises(ValueError, match="records"):
        write_run(tmp_path, np.zeros(1, dtype))
    assert list(tmp_path.iterdir()) == []


def test_subarray_and_big_endian_fields_survive(tmp_path: Path) -> None:
    """A record type with a vector and another byte order comes back as it was."""
    dtype = np.dtype([("key", "V16"), ("bands", "<u4", (2, 3)), ("sequence", ">i8")])
    records = np.zeros(2, dtype)
    records["bands"] = np.arange(12).reshape(2, 2, 3)
    records["sequence"] = [-1, 5]
    path = merge([write_run(tmp_path, records).path], tmp_path).path
    assert SortedRuns([path], dtype).lookup([bytes(16)]).tobytes() == records.tobytes()


def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    """One bit changed anywhere, header, keys or fields: opening or `verify` names the file."""
    path = write_run(tmp_path, random_records(50)).path
    whole = path.read_bytes()
    generator = np.random.default_rng(3)
    places = [*range(0, HEADER, 97), *range(HEADER, len(whole))]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << int(generator.integers(8))
        path.write_bytes(changed)
        with pytest.raises(StateDamaged, match=path.name):
            SortedRuns([path], DTYPE).verify()


@pytest.mark.parametrize("left", [0, 5, HEADER - 1, HEADER, HEADER + 37, -1])
def test_cut_file_is_found_on_opening(tmp_path: Path, left: int) -> None:
    """A truncation is seen before any look-up could miss a record."""
    path = write_run(tmp_path, random_records(50)).path
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(StateDamaged) as damaged:
        SortedRuns([path], DTYPE)
    assert damaged.value.path == path
    assert damaged.value.exit_code == 6
    assert "`wiretrace doctor --rebuild-state` mends it" in str(damaged.value)
    assert str(pickle.loads(pickle.dumps(damaged.value))) == str(damaged.value)


def test_missing_renamed_or_foreign_file_is_damage(tmp_path: Path) -> None:
    """A run that is not there, has another's name or other records is never taken for empty."""
    path = write_run(tmp_path, random_records(5)).path
    with pytest.raises(StateDamaged, match="not"):
        SortedRuns([path], np.dtype([("key", "V16"), ("sequence", "u4")]))
    renamed = path.rename(tmp_path / f"keys-{'0' * 32}.run")
    for gone in (path, renamed):
        with pytest.raises(StateDamaged, match=gone.name):
            SortedRuns([gone], DTYPE)


def test_merge_does_not_launder_damage(tmp_path: Path) -> None:
    """A damaged run is refused, not merged into one with a valid checksum; nothing is left."""
    good, bad = (write_run(tmp_path, random_records(50, seed)).path for seed in (1, 2))
    changed = bytearray(bad.read_bytes())
    changed[-1] ^= 1
    bad.write_bytes(changed)
    with pytest.raises(StateDamaged, match=bad.name):
        merge([good, bad], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_merge_of_nothing_or_of_two_types_is_refused(tmp_path: Path) -> None:
    """There is no run of no type."""
    other = np.zeros(1, np.dtype([("key", "V16"), ("sequence", "u4")]))
    two = [write_run(tmp_path, records).path for records in (random_records(1), other)]
    for files in ([], two):
        with pytest.raises(ValueError, match="one record type"):
            merge(files, tmp_path)


def test_merge_takes_the_memory_of_a_shard(tmp_path: Path) -> None:
    """What a merge allocates stays far below what it writes."""
    files = [write_run(tmp_path, random_records(200_000, seed)).path for seed in range(3)]
    tracemalloc.start()
    merged = merge(files, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert merged.size > 22_000_000
    assert peak < 2_000_000


def sized(*counts: int) -> list[RunFile]:
    return [RunFile(Path(f"{at}.run"), count, 0) for at, count in enumerate(counts)]


def test_small_run_on_a_large_archive_merges_nothing() -> None:
    """1,000 new records beside millions write their own run only."""
    assert plan_merge(sized(30_000_000, 2_000_000, 1000, 1000)) == []


def test_full_level_is_merged_without_the_larger_ones() -> None:
    """The eighth small run takes the seven before it along, and leaves the large ones."""
    files = sized(5_000_000, *[1000] * FANOUT)
    assert plan_merge(files) == files[1:]


def test_merge_that_fills_the_next_level_takes_that_along() -> None:
    """One merge instead of two where the result would be the eighth run of its level."""
    files = sized(*[SMALLEST_LEVEL] * (FANOUT - 1), *[SMALLEST_LEVEL // FANOUT] * FANOUT)
    assert plan_merge(files) == [*files[FANOUT - 1 :], *files[: FANOUT - 1]]


def test_thousand_small_runs_are_rewritten_few_times_and_leave_few_files() -> None:
    """2,000 runs of 1,000: at most 30 files at any time, each record rewritten under 5 times."""
    counts: list[int] = []
    written = most = 0
    for _ in range(2000):
        files = sized(*counts, 1000)
        chosen = plan_merge(files)
        counts = [file.count for file in files if file not in chosen]
        total = sum(file.count for file in chosen)
        counts += [total] if chosen else []
        written += total
        most = max(most, len(counts))
    assert sum(counts) == 2_000_000
    assert most <= 30
    assert written / 2_000_000 < 5


def test_manifest_gives_back_its_files(tmp_path: Path) -> None:
    """What was listed comes back, and the newest up to a sequence is found."""
    files = [write_run(tmp_path, random_records(3, seed)) for seed in (1, 2)]
    write_manifest(tmp_path, 4, files[:1])
    assert write_manifest(tmp_path, 12, files).name == "manifest-000000000012.json"
    assert sorted(map(str, read_manifest(tmp_path, 12))) == sorted(map(str, files))
    assert read_manifest(tmp_path, 4) == files[:1]
    found = [newest_manifest(tmp_path, newest) for newest in (3, 4, 11, 12, 99)]
    assert found == [None, 4, 4, 12, 12]


def test_manifest_of_an_empty_state_is_not_a_missing_one(tmp_path: Path) -> None:
    """No runs yet is a state; no manifest is damage."""
    write_manifest(tmp_path / "keys", 1, [])
    assert read_manifest(tmp_path / "keys", 1) == []
    with pytest.raises(StateDamaged, match="manifest-000000000002"):
        read_manifest(tmp_path / "keys", 2)


def test_changed_or_cut_manifest_is_damage(tmp_path: Path) -> None:
    """No cut and no flipped bit of a value passes for another list of runs."""
    files = [write_run(tmp_path, random_records(3, seed)) for seed in (1, 2)]
    path = write_manifest(tmp_path, 4, files)
    whole = path.read_bytes()
    damaged = [whole[:left] for left in range(0, len(whole) - 1, 7)]
    damaged += [whole.replace(b'"count": 3', b'"count": 2', 1), b"[]", b"{}", b"[" * 99999]
    damaged += [whole.replace(b'"sequence": 4', b'"sequence": 5')]
    for text in damaged:
        path.write_bytes(text)
        with pytest.raises(StateDamaged, match=path.name):
            read_manifest(tmp_path, 4)


def test_prune_keeps_one_state_and_open_maps_go_on(tmp_path: Path) -> None:
    """Older and uncommitted states and leftovers go; a reader that has them open is undisturbed."""
    old, kept, killed = (write_run(tmp_path, random_records(3, seed)) for seed in (1, 2, 3))
    for sequence, files in ((1, [old]), (2, [kept]), (3, [kept, killed])):
        write_manifest(tmp_path, sequence, files)
    (tmp_path / ".keys.run.0.tmp").write_bytes(b"cut")
    reader = SortedRuns([old.path], DTYPE)
    prune(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [kept.path.name, "manifest-000000000002.json"]
    )
    assert len(reader.lookup(random_records(3, 1)["key"])) == 3


def test_lookup_of_a_hundred_thousand_keys_is_timed(tmp_path: Path) -> None:
    """Half known, half new keys among a million: the known ones are found; time is printed."""
    files = [write_run(tmp_path, random_records(125_000, seed)).path for seed in range(8)]
    runs = SortedRuns(files, DTYPE)
    known = random_records(125_000, 5)["key"][:50_000]
    asked = np.concatenate([known, random_records(50_000, 99)["key"]])
    started = time.perf_counter()
    found = runs.lookup(asked)
    print(f"100,000 keys in 8 runs of 125,000: {time.perf_counter() - started:.3f} s")
    assert len(found) == 50_000
    assert set(found["key"].tolist()) == set(known.tolist())
