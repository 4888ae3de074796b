"""A damaged lake is 6 with a sentence, whatever reads it; `doctor` names all, and mends state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lake.tables import open_lake, snapshot
from tests.cli.conftest import Wiretrace


def lose_a_data_file(lake: Path) -> None:
    next((lake / "articles").rglob("*.parquet")).unlink()


def cut_a_data_file(lake: Path) -> None:
    path = next((lake / "articles").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:100])


def spoil_a_log(lake: Path) -> None:
    for entry in (lake / "articles" / "_delta_log").glob("*.json"):
        entry.write_bytes(b"{ nonsense")


def spoil_the_ledger(lake: Path) -> None:
    for path in snapshot(open_lake(lake)).paths("runs"):
        Path(path).write_bytes(b"PAR1 nonsense PAR1")


def lose_the_ledgers_log(lake: Path) -> None:
    for entry in (lake / "runs" / "_delta_log").glob("*.json"):
        entry.unlink()


DAMAGES = [
    lose_a_data_file, cut_a_data_file, spoil_a_log, spoil_the_ledger, lose_the_ledgers_log,
]  # fmt: skip
READERS = {
    "doctor": ["doctor"],
    "sql": ["sql", "SELECT headline FROM articles"],
    "sql --verify": ["sql", "SELECT 1", "--verify"],
    "dump": ["dump"],
    "export": ["export", "parquet", "OUT"],
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", READERS)
def test_damage_is_6_with_a_sentence(
    wiretrace: Wiretrace,
    own_lake: Path,
    tmp_path: Path,
    command: str,
    damage: Callable[[Path], None],
) -> None:
    """No traceback, no half result that looks like a whole one, and doctor is named or is it."""
    damage(own_lake)
    arguments = [str(tmp_path / "out") if word == "OUT" else word for word in READERS[command]]
    done = wiretrace(*arguments, "--lake", own_lake)
    assert done.code == 6
    if command != "doctor":
        assert done.out == ""
        assert "wiretrace doctor" in done.err
    assert len(done.err.splitlines()) <= 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", [spoil_a_log, spoil_the_ledger, lose_the_ledgers_log])
@pytest.mark.parametrize("command", [["run", "--drop", "x"], ["compact"], ["replay"]])
def test_no_writer_touches_a_lake_whose_log_is_damaged(
    wiretrace: Wiretrace, own_lake: Path, command: list[str], damage: Callable[[Path], None]
) -> None:
    """Exit code 6 and every table's files are as they were."""
    damage(own_lake)
    before = table_files(own_lake)
    done = wiretrace(*command, "--lake", own_lake)
    assert (done.code, done.out) == (6, "")
    assert table_files(own_lake) == before


def table_files(lake: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in lake.rglob("*")
        if path.is_file() and "_state" not in path.parts
    }


def test_doctor_on_a_sound_lake_is_0(wiretrace: Wiretrace, own_lake: Path) -> None:
    """Nothing is made up; `--json` is the empty list."""
    assert wiretrace("doctor", "--lake", own_lake).out == "the lake is sound\n"
    done = wiretrace("doctor", "--lake", own_lake, "--json")
    assert (done.code, done.json) == (0, [])


def test_doctor_names_file_and_remedy(wiretrace: Wiretrace, own_lake: Path) -> None:
    """As JSON and as a line for people, both on stdout."""
    lose_a_data_file(own_lake)
    (found,) = wiretrace("doctor", "--lake", own_lake, "--json").json
    assert (found["kind"], found["damage"]) == ("missing", True)
    line = wiretrace("doctor", "--lake", own_lake).out
    assert line.startswith(f"damaged: {found['path']}")
    assert found["remedy"] in line


def test_doctor_rebuilds_a_lost_state(wiretrace: Wiretrace, own_lake: Path) -> None:
    """6 before; with --rebuild-state 0, and sound from then on."""
    for path in (own_lake / "_state" / "keys").iterdir():
        path.unlink()
    assert wiretrace("doctor", "--lake", own_lake).code == 6
    done = wiretrace("doctor", "--lake", own_lake, "--rebuild-state", "--json")
    assert (done.code, done.json) == (0, [])
    assert "state rebuilt" in done.err
    assert wiretrace("doctor", "--lake", own_lake).code == 0


def test_doctor_does_not_rebuild_from_damaged_tables(wiretrace: Wiretrace, own_lake: Path) -> None:
    """A state without the lost articles would let them in as new ones."""
    lose_a_data_file(own_lake)
    state = sorted((own_lake / "_state" / "keys").iterdir())
    done = wiretrace("doctor", "--lake", own_lake, "--rebuild-state")
    assert done.code == 6
    assert "not rebuilt" in done.err
    assert sorted((own_lake / "_state" / "keys").iterdir()) == state
