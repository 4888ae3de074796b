"""What became of a lake: its rows against those of a lake that nothing befell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from lake.tables import Snapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lost` and `doubled` rows of the canonical dump and of the tables, and what doctor says."""

    lost: int
    doubled: int
    damage: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """As if nothing had happened."""
        return not (self.lost or self.doubled or self.damage)


def compare(got: Sequence[str], wanted: Sequence[str]) -> tuple[int, int]:
    """Lines that are missing, and lines that are too many."""
    have, want = Counter(got), Counter(wanted)
    return (want - have).total(), (have - want).total()


def judge(root: Path, wanted: Sequence[str]) -> Verdict:
    """Doctor's findings, the canonical dump against the wanted one, and rows that stand twice.

    Everything is read once: to connect DuckDB to the files, for doctor and for the dump, took
    half of the time of `make chaos`.
    """
    from lake.check import Finding, check_files
    from lake.check_rows import check_rows
    from lake.dump import dump_connected
    from lake.views import connect_rows

    pinned = pin(root)
    findings = check_files(pinned)
    rows = read_all(pinned)
    with connect_rows(rows) as connection:
        findings += [Finding(*fault) for fault in check_rows(connection)]
        lost, doubled = compare(list(dump_connected(connection)), wanted)
    damage = tuple(f"{f.kind}: {f.path}: {f.message}" for f in findings if f.is_damage)
    return Verdict(lost, doubled + count_doubled(rows.values()), damage)


def read_dump(root: Path) -> list[str]:
    """The canonical dump."""
    from lake.dump import dump_lines

    return list(dump_lines(pin(root)))


def pin(root: Path) -> Snapshot:
    """The lake as a reader pins it."""
    from lake.tables import open_lake, snapshot

    return snapshot(open_lake(root))


def read_all(pinned: Snapshot) -> dict[str, pa.Table]:
    """Every row of every table: a file that is missing is an error."""
    from schemas.catalog import TABLES

    return {table.name: pinned.read(table.name) for table in TABLES}


def count_doubled(tables: Iterable[pa.Table]) -> int:
    """Rows of the tables that stand in them more than once, arrival and all.

    The dump takes sightings as a set, and would not show what was committed twice.
    """
    rows = [table.to_pylist() for table in tables]
    return sum(len(some) - len({repr(row) for row in some}) for some in rows)


def look(root: Path) -> frozenset[str]:
    """What a reader sees of a lake at any moment: versions, members of stories, links."""
    from lake.tables import is_lake

    if not is_lake(root):
        return frozenset()
    rows = read_all(pin(root))
    seen = {f"version {one}" for one in rows["articles"]["version_id"].to_pylist()}
    seen |= {f"member {one}" for one in rows["story_members"]["article_id"].to_pylist()}
    return frozenset(seen | {f"link {one}" for one in rows["links"]["from_version_id"].to_pylist()})
