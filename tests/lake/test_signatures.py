"""Signatures: what is written is read, what is damaged is made again, what is gone is pruned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lake.check import check
from lake.data_file import hash_in_name
from lake.signatures import Signature, prune_signatures, read_signature, write_signature
from tests.lake.builder import LakeBuilder, article

NAME = "a" * 64


def small() -> Signature:
    return Signature(np.array([3, 5, 2**64 - 1], np.uint64), np.array([0, 2, 1], np.uint32))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for signature in (small(), Signature(np.empty(0, np.uint64), np.empty(0, np.uint32))):
        write_signature(tmp_path, NAME, signature)
        found = read_signature(tmp_path, NAME)
        assert found is not None
        assert found.fingerprints.tolist() == signature.fingerprints.tolist()
        assert found.rows.tolist() == signature.rows.tolist()
    assert [path.name[0] for path in tmp_path.iterdir()] == ["a"]  # no temporary file is left


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_signature(tmp_path / "nowhere", NAME) is None


@pytest.mark.parametrize("damage", ["flip", "cut", "grow", "empty"])
def test_every_damage_is_seen(tmp_path: Path, damage: str) -> None:
    write_signature(tmp_path, NAME, small())
    [path] = tmp_path.iterdir()
    data = path.read_bytes()
    for at in range(len(data)):
        changed = {
            "flip": data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :],
            "cut": data[:at],
            "grow": data + data[: at + 1],
            "empty": b"",
        }[damage]
        path.write_bytes(changed)
        assert read_signature(tmp_path, NAME) is None, (damage, at)


def test_doctor_names_what_is_damaged(tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path)
    builder.run(article("a"))
    write_signature(builder.lake.signatures, NAME, small())
    assert check(builder.lake) == []
    [path] = builder.lake.signatures.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    [found] = check(builder.lake)
    assert (found.kind, found.path) == ("state", f"_state/signatures/{path.name}")


def test_only_files_of_the_lake_keep_theirs(tmp_path: Path) -> None:
    builder = LakeBuilder(tmp_path)
    builder.run(article("a"))
    [file] = builder.snapshot.files("articles")
    kept = hash_in_name(file.path)
    assert kept is not None
    for name in (kept, NAME):
        write_signature(builder.lake.signatures, name, small())
    prune_signatures(builder.lake, builder.snapshot)
    assert read_signature(builder.lake.signatures, kept) is not None
    assert read_signature(builder.lake.signatures, NAME) is None
