"""Doctor finds every kind of damage, names it, and never raises."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lake.check import check, verify_files
from lake.commit import Plan, plan_path, recover
from lake.compact import compact
from lake.fsync import write_durably
from lake.tables import LakeDamaged
from schemas.article import Station
from schemas.citation import Citation
from schemas.link import Aligned
from tests.lake.builder import LakeBuilder, article, at, link, place, sighting


@pytest.fixture
def sound(builder: LakeBuilder) -> LakeBuilder:
    """A sound lake of two runs."""
    first, second = article("a"), article("b", published=at(2))
    builder.run(first, sighting(first), place(first, "Paris"), place(first, "Headline", "headline"))
    builder.run(second, sighting(second), duplicate=1)
    return builder


def kinds(builder: LakeBuilder) -> set[str]:
    return {finding.kind for finding in check(builder.lake)}


def data_file(builder: LakeBuilder) -> Path:
    return Path(builder.snapshot.paths("articles")[0])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def test_a_sound_lake_has_no_findings(sound: LakeBuilder) -> None:
    """Nothing is made up."""
    assert check(sound.lake) == []


@pytest.mark.parametrize(
    ("harm", "kind"), [(flip, "hash"), (cut, "size"), (Path.unlink, "missing")]
)
def test_a_changed_file_is_named(
    sound: LakeBuilder, harm: Callable[[Path], None], kind: str
) -> None:
    """One bit, one byte or the whole file: exactly one finding, with its path, and verify fails."""
    path = data_file(sound)
    harm(path)
    assert [(f.kind, f.path) for f in check(sound.lake)] == [
        (kind, str(path.relative_to(sound.root)))
    ]
    with pytest.raises(LakeDamaged, match=path.name):
        verify_files(sound.snapshot)


@pytest.mark.parametrize("table", ["articles", "runs"])
def test_a_damaged_log_is_a_finding(sound: LakeBuilder, table: str) -> None:
    """A log that cannot be read does not raise."""
    for entry in (sound.root / table / "_delta_log").glob("*.json"):
        entry.write_bytes(b"{ nonsense")
    assert kinds(sound) == {"log"}


def test_a_damaged_runs_file_is_a_finding(sound: LakeBuilder) -> None:
    """Not even the newest run has to be readable."""
    for path in sound.snapshot.paths("runs"):
        Path(path).write_bytes(b"PAR1 nonsense PAR1")
    assert all(finding.is_damage for finding in check(sound.lake))
    assert check(sound.lake)


def test_foreign_files_are_damage(sound: LakeBuilder) -> None:
    """A file that wiretrace did not write would be read by a glob."""
    (data_file(sound).parent / "mine.parquet").write_bytes(b"x")
    assert kinds(sound) == {"foreign"}


def test_files_that_wait_for_a_purge_are_a_note(sound: LakeBuilder) -> None:
    """After a compaction the lake is sound, and a glob is not exact; after a purge it is."""
    again = article("a", "2")
    sound.run(again, sighting(again))
    compact(sound.root)
    findings = check(sound.lake)
    assert {(f.kind, f.is_damage) for f in findings} == {("unreferenced", False)}
    compact(sound.root, purge=True)
    assert check(sound.lake) == []


def test_plans_and_staging_are_notes(sound: LakeBuilder) -> None:
    """What a killed run left is said, and is no damage."""
    plan = sound.plan(9, article("z"))
    write_durably(plan_path(sound.lake, 9), plan.to_bytes())
    findings = check(sound.lake)
    assert {(f.kind, f.is_damage) for f in findings} == {("plan", False), ("staging", False)}


def test_a_plan_that_has_changed_is_damage_and_is_not_carried_out(sound: LakeBuilder) -> None:
    """Every bit of it counts: what it says becomes the lake."""
    path = plan_path(sound.lake, 9)
    whole = sound.plan(9, article("z")).to_bytes()
    assert Plan.from_bytes(whole).to_bytes() == whole
    for at_byte in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[at_byte] ^= 1
        path.write_bytes(changed)
        if json.loads(whole) != _loaded(bytes(changed)):  # else a blank became another blank
            with pytest.raises(LakeDamaged, match="doctor"):
                recover(sound.lake)
            assert "broken_plan" in kinds(sound)


def _loaded(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return None


def test_a_staged_file_that_has_changed_is_not_installed(sound: LakeBuilder) -> None:
    """Doctor names it while it waits, and whoever would roll it forward refuses."""
    plan = sound.plan(9, article("z"))
    write_durably(plan_path(sound.lake, 9), plan.to_bytes())
    staged = sound.lake.staging("run-9") / "articles" / plan.added[0].path
    flip(staged)
    found = [(f.kind, f.path) for f in check(sound.lake) if f.is_damage]
    assert found == [("broken_plan", str(staged.relative_to(sound.root)))]
    with pytest.raises(LakeDamaged, match="doctor"):
        recover(sound.lake)
    flip(staged)
    assert recover(sound.lake) == [9]


def test_a_plan_of_an_older_version_is_carried_out(sound: LakeBuilder) -> None:
    """It has no hash yet."""
    plan = sound.plan(9, article("z"))
    plan_path(sound.lake, 9).write_text(json.dumps(json.loads(plan.to_bytes())["plan"]))
    assert recover(sound.lake) == [9]
    assert len(sound.rows("articles")) == 3


def test_a_damaged_state_names_its_remedy(sound: LakeBuilder) -> None:
    """Derived state can be made again, and the finding says how."""
    flip(next(sound.lake.keys.glob("keys-*.run")))
    [finding] = check(sound.lake)
    assert (finding.kind, finding.remedy) == ("state", "`wiretrace doctor --rebuild-state`")


def test_a_missing_state_is_found(sound: LakeBuilder) -> None:
    """Without keys every known article would be taken for a new one."""
    for path in sound.lake.keys.iterdir():
        path.unlink()
    assert kinds(sound) == {"state"}


A = article("a")
FAULTS = {
    "a row twice": ([A, A, sighting(A)], {"new": 2}, "duplicate_version"),
    "a sighting of nothing": ([sighting(A)], {}, "unknown_version"),
    "a mention in nothing": ([place(A, "Paris")], {}, "unknown_version"),
    "an offset beside the word": (
        [A, dataclasses.replace(place(A, "Paris"), surface="Parix")], {}, "offset",
    ),
    "a link to nothing": ([A, link("a", "b")], {}, "unknown_version"),
    "a passage beyond the text": (
        [A, article("b"), link("a", "b", evidence=(Aligned(0, 9, 0, 900),))], {}, "offset",
    ),
    "items that do not add up": ([A], {"seen": 3}, "ledger"),
    "rows that no outcome explains": ([A], {"new": 0, "seen": 0}, "outcomes"),
    "an outcome without its row": ([A], {"new": 2}, "outcomes"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_rows_that_contradict_each_other_are_found(builder: LakeBuilder, case: str) -> None:
    """Each contradiction between rows, or with the ledger, is one finding of its kind."""
    rows, counts, kind = FAULTS[case]
    builder.run(*rows, **counts)
    assert [finding.kind for finding in check(builder.lake)] == [kind]


def credit(start: int, surface: str) -> Citation:
    """A credit of the stations of `CARRIED`."""
    return Citation(
        article_id=CARRIED.article_id, version_id=CARRIED.version_id, agency="tass",
        surface=surface, phrase=surface, field="provenance", start=start,
        end=start + len(surface), kind="credit", score=1.0, date=CARRIED.date,
    )  # fmt: skip


CARRIED = article(
    "a",
    provenance=(
        Station(role="origin", name="AFP", uri=None, at=None),
        Station(role="carrier", name=None, uri="tass.com", at=None),
    ),
)


def test_credits_of_stations_are_held_against_a_line_each(builder: LakeBuilder) -> None:
    """A station without a name stands with its address (`transforms.citations.cite`)."""
    builder.run(CARRIED, credit(4, "tass.com"), credit(0, "AFP"))
    assert check(builder.lake) == []


def test_a_credit_beside_its_station_is_found(builder: LakeBuilder) -> None:
    builder.run(CARRIED, credit(3, "tass.com"))
    assert [finding.kind for finding in check(builder.lake)] == ["offset"]


def test_offsets_are_code_points(builder: LakeBuilder) -> None:
    """Astral and combining characters count as one code point each."""
    version = article("a", body_text="𝄞 é 👩‍👩‍👧 Мали 中国")
    builder.run(version, place(version, "Мали"), place(version, "中国"))
    assert check(builder.lake) == []
