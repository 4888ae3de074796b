"""What became of a lake: its rows against those of a lake that nothing befell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


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
    """Doctor's findings, the canonical dump against the wanted one, and rows that stand twice."""
    from lake.check import check
    from lake.tables import open_lake

    damage = tuple(
        f"{f.kind}: {f.path}: {f.message}" for f in check(open_lake(root)) if f.is_damage
    )
    lost, doubled = compare(read_dump(root), wanted)
    return Verdict(lost, doubled + count_doubled(root), damage)


def read_dump(root: Path) -> list[str]:
    """The canonical dump."""
    from lake.dump import dump_lines
    from lake.tables import open_lake, snapshot

    return list(dump_lines(snapshot(open_lake(root))))


def count_doubled(root: Path) -> int:
    """Rows of the tables that stand in them more than once, arrival and all.

    The dump takes sightings as a set, and would not show what was committed twice.
    """
    from lake.tables import open_lake, snapshot
    from schemas.catalog import TABLES

    pinned = snapshot(open_lake(root))
    tables = (pinned.read(table.name).to_pylist() for table in TABLES)
    return sum(len(rows) - len({repr(row) for row in rows}) for rows in tables)


def look(root: Path) -> frozenset[str]:
    """What a reader sees of a lake at any moment: versions, members of stories, links.

    Every table that hangs on these is read as well: a file that is missing is an error.
    """
    from lake.tables import is_lake, open_lake, snapshot
    from schemas.catalog import TABLES

    if not is_lake(root):
        return frozenset()
    pinned = snapshot(open_lake(root))
    rows = {table.name: pinned.read(table.name) for table in TABLES}
    seen = {f"version {one}" for one in rows["articles"]["version_id"].to_pylist()}
    seen |= {f"member {one}" for one in rows["story_members"]["article_id"].to_pylist()}
    return frozenset(seen | {f"link {one}" for one in rows["links"]["from_version_id"].to_pylist()})
