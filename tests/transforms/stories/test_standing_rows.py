"""What a run changes of what stood, as rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace

from transforms.bind_stories import bond_rows
from transforms.stories.across import Tie
from transforms.stories.bind import Bond
from transforms.stories.fold import Merger
from transforms.stories.newest import standing_aliases
from transforms.stories.standing_rows import Telling, merger_rows, mergers_of

MONDAY = dt.date(2024, 3, 4)
TELLING = Telling(7, "run", dt.datetime(2024, 3, 8, tzinfo=dt.UTC))
MERGER = Merger("young", "old", MONDAY, 0.9)
EARLIER = MONDAY - dt.timedelta(1)


def test_a_merger_that_showed_on_an_earlier_day_after_all_is_told_again() -> None:
    """From its day on both are one: a run that begins between the days would not know it."""
    rows = [asdict(row) for row in merger_rows([], [MERGER], "en", replace(TELLING, sequence=6))]
    moved = replace(MERGER, day=EARLIER)
    rows += [asdict(row) for row in merger_rows([MERGER], [moved], "en", TELLING)]
    assert mergers_of(standing_aliases(rows), {"old"}) == (moved,)
    assert list(merger_rows([moved], [moved], "en", TELLING)) == []


def test_so_is_a_bond() -> None:
    bond = Bond("young", "old", ("fr", "en"), MONDAY, Tie(0.9, ()))
    (row,) = bond_rows([bond], [replace(bond, day=EARLIER)], TELLING)
    assert (row.day, row.withdrawn) == (EARLIER, False)
    assert list(bond_rows([bond], [bond], TELLING)) == []
