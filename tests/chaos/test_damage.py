"""Damage is spread over all kinds of files, always changes the bytes, and is undone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from chaos.damage import KINDS, Damage, damaged, files_by_kind, harm, kind_of, plan_damage
from chaos.detect import Seen
from tests.lake.builder import LakeBuilder, article, sighting

NAMES = {
    "articles/_delta_log/00000000000000000003.json": "log entry",
    "articles/_delta_log/00000000000000000003.checkpoint.parquet": "log checkpoint",
    "articles/date=2024-05-01/language=en/part-0.parquet": "data file",
    "runs/part-0.parquet": "data file",
    "_state/keys/keys-0.run": "keys",
    "_state/keys/manifest-000000000001.json": "manifest",
    "_state/search/0.v4.parquet": "search",
    "_state/plans/000000000001.json": "plan",
    "_state/staging/run-1/runs/part-0.parquet": "staged file",
    "_state/log_sums.json": "log sums",
    "_state/lease.json": "lease",
    "feeds.toml": None,
}


@pytest.fixture
def builder(tmp_path: Path) -> LakeBuilder:
    """A lake of one run."""
    builder = LakeBuilder(tmp_path / "lake")
    builder.run(article("a"), sighting(article("a")))
    return builder


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_of_one_kind(name: str) -> None:
    assert kind_of(name) == NAMES[name]


def test_no_file_of_a_lake_is_left_out(builder: LakeBuilder) -> None:
    """A new kind of file must get a line in the table, or nobody would damage it."""
    files = {p.relative_to(builder.root).as_posix() for p in builder.root.rglob("*") if p.is_file()}
    assert [name for name in sorted(files) if kind_of(name) is None] == []


def test_as_much_damage_in_each_kind(builder: LakeBuilder) -> None:
    kinds = files_by_kind(builder.root)
    planned = plan_damage(builder.root, 3 * len(kinds), 2 * len(kinds))
    assert Counter(one.kind for one in planned) == dict.fromkeys(kinds, 5)
    assert set(kinds) <= {kind for kind, _ in KINDS}
    for one in planned:
        whole = (builder.root / one.path).read_bytes()
        assert harm(whole, one) != whole


def test_only_the_newest_manifest_is_damaged(builder: LakeBuilder) -> None:
    """Nobody reads the one before it, so that no answer could show the damage."""
    builder.run(article("b"), sighting(article("b")))
    assert len(list(builder.lake.keys.glob("manifest-*.json"))) == 2
    assert files_by_kind(builder.root)["manifest"] == ["_state/keys/manifest-000000000002.json"]


def test_a_flip_is_one_bit_and_a_cut_keeps_the_beginning() -> None:
    assert harm(b"\x00\x00", Damage("", "", 9, None)) == b"\x00\x02"
    assert harm(b"abc", Damage("", "", None, 2)) == b"ab"


def test_the_file_is_whole_again_afterwards(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    with damaged(tmp_path, Damage("x", "", None, 1)) as path:
        assert path.read_bytes() == b"a"
        path.unlink()  # as a command may
    assert (tmp_path / "x").read_bytes() == b"abc"


@pytest.mark.parametrize(
    ("found", "kind", "answer", "holds"),
    [
        (True, "data file", None, True),
        (None, "data file", "refused", True),
        (None, "data file", "a wrong answer", False),
        (True, "data file", "refused", True),
        (True, "data file", "a wrong answer", False),
        (False, "data file", "right", False),
        (None, "lease", "right", True),
        (None, "lease", "no clear error", False),
    ],
)
def test_damage_is_found_and_never_read_in_silence(
    found: bool | None, kind: str, answer: str | None, holds: bool
) -> None:
    assert Seen("doctor", kind, "", found, answer).holds is holds
