"""The end of a Parquet file is held against its name, by whoever opens it."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lake.check import check
from lake.ends import check_end, hash_end
from lake.search import check_search, find
from lake.search_terms import id_term
from lake.sorted_runs import StateDamaged
from lake.tables import LakeDamaged
from tests.lake.builder import LakeBuilder, article, id_of, sighting

STEP = 8 * 499 + 1  # bits between two flips of an end, so that all eight of a byte have their turn


@pytest.fixture
def sound(builder: LakeBuilder) -> LakeBuilder:
    """A lake of one run."""
    builder.run(article("a"), sighting(article("a")))
    return builder


def data_file(builder: LakeBuilder) -> Path:
    [path] = builder.snapshot.paths("articles")
    return Path(path)


def flip(path: Path, whole: bytes, bit: int) -> None:
    at, place = divmod(bit, 8)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << place]) + whole[at + 1 :])


def test_no_bit_of_an_end_is_read_wrong(sound: LakeBuilder) -> None:
    """Renamed there, a column would read as null: `body_text` of all articles was gone."""
    path = data_file(sound)
    whole = path.read_bytes()
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    for bit in range(8 * start, 8 * len(whole), STEP):
        flip(path, whole, bit)
        with pytest.raises(LakeDamaged, match="doctor"):
            sound.rows("articles")
    at = whole.index(b"body_text", start)
    path.write_bytes(whole[:at] + b"bodY_text" + whole[at + 9 :])
    with pytest.raises(LakeDamaged, match="its end has changed"):
        sound.rows("articles")


@pytest.mark.parametrize("left", [0, 3, 8, -1])
def test_a_cut_file_is_refused(sound: LakeBuilder, left: int) -> None:
    path = data_file(sound)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(LakeDamaged):
        check_end(path)


def test_a_file_of_an_older_version_is_opened_as_it_is(sound: LakeBuilder, tmp_path: Path) -> None:
    """Its name has the hash of the whole alone."""
    old = tmp_path / f"part-{'0' * 64}.parquet"
    old.write_bytes(data_file(sound).read_bytes())
    check_end(old)
    assert pq.read_metadata(old).num_rows == 1


def test_bytes_and_files_have_the_same_end(sound: LakeBuilder) -> None:
    path = data_file(sound)
    with open(path, "rb") as file:
        assert hash_end(file) == hash_end(path.read_bytes()) == path.stem[-16:]


def test_every_bit_of_a_segment_counts(sound: LakeBuilder) -> None:
    """Doctor sees each; a look-up is right or refused, with the remedy in the message."""
    [path] = sound.lake.search.glob("*.parquet")
    whole = path.read_bytes()
    right = find(sound.lake, sound.snapshot, [id_term(id_of("a"))])
    assert len(right.hits) == 1
    refused = []
    for bit in range(0, 8 * len(whole), 8 * 23 + 1):
        flip(path, whole, bit)
        assert [found for found, _ in check_search(sound.lake)] == [path]
        try:
            assert find(sound.lake, sound.snapshot, [id_term(id_of("a"))]) == right
        except StateDamaged as error:
            refused.append(str(error))
    assert len(refused) > 10
    assert [said for said in refused if "--rebuild-state" not in said] == []
    path.write_bytes(whole)
    assert check(sound.lake) == []
