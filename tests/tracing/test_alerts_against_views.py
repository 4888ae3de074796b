"""Alerts look at the stories that changed; the views over the whole lake must say the same."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

from lake.tables import Snapshot
from lake.views import connect
from tests.lake.builder import LakeBuilder, article, at, sighting
from tests.tracing.story_rows import is_one, joins, leaves
from tracing.find_alerts import find_alerts
from tracing.since import find_since

# So few articles a run that most stories are as they were.
RUNS, ARTICLES, STORIES = 5, 7, 20


def grow(builder: LakeBuilder) -> list[Snapshot]:
    """Runs in which articles come, move and go, and stories become one and fall apart."""
    chance = random.Random(20240501)
    places: dict[Any, str] = {}
    bonds: set[tuple[str, str]] = set()
    snapshots = []
    for sequence in range(1, RUNS + 1):
        rows: list[Any] = []
        for number in range(ARTICLES):
            one = article(
                f"{sequence}-{number}", outlet=f"o{chance.randrange(8)}.example",
                language=chance.choice(["en", "fr"]), published=at(sequence, number),
            )  # fmt: skip
            places[one] = f"s{chance.randrange(STORIES)}"
            rows += [one, sighting(one), joins(one, places[one], sequence)]
        standing = [one for one in places if places[one] and one not in rows]
        for one in chance.sample(standing, min(3, len(standing))):
            rows.append(leaves(one, places[one], sequence))
            places[one] = chance.choice(["", f"s{chance.randrange(STORIES)}"])
            rows += [joins(one, places[one], sequence)] if places[one] else []
        pairs = list(itertools.combinations(range(STORIES), 2))
        for older, younger in chance.sample(pairs, 4):
            bond = (f"s{younger}", f"s{older}")
            rows.append(is_one(*bond, sequence, withdrawn=bond in bonds))
            bonds ^= {bond}
        builder.run(*rows)
        snapshots.append(builder.snapshot)
    return snapshots


def told_by_views(before: Snapshot, now: Snapshot) -> set[tuple[str, ...]]:
    """The same by comparing all of `members_now`, without regard to cost."""
    with connect(before) as connection:
        old = dict(connection.sql("SELECT article_id, part_id FROM members_now").fetchall())
        names = dict(connection.sql("SELECT part_id, story_id FROM story_parts").fetchall())
    with connect(now) as connection:
        new = dict(connection.sql("SELECT article_id, part_id FROM members_now").fetchall())
        of = dict(connection.sql("SELECT part_id, story_id FROM story_parts").fetchall())
        outlet = dict(connection.sql("SELECT article_id, outlet FROM articles").fetchall())
    were, are, wholes = defaultdict(set), defaultdict(set), defaultdict(set)
    for one, part in old.items():
        were[of[part]].add(outlet[one])
        wholes[of[part]].add(names[part])
    told = set()
    for one, part in new.items():
        are[of[part]].add(outlet[one])
        if one not in old and of[part] in were and outlet[one] not in were[of[part]]:
            told.add(("new_outlet", of[part], outlet[one]))
        if one in old and of[old[one]] != of[part]:
            told.add(("moved", of[part], one))
    told |= {("new_story", story) for story in are if story not in were and len(are[story]) > 1}
    return told | {
        ("merged", story, str(len(names) - 1))
        for story, names in wholes.items()
        if story in are and len(names) > 1
    }


def test_what_is_told_is_what_differs(tmp_path: Path) -> None:
    """After each run since each other one, whatever came, moved, joined and parted."""
    builder = LakeBuilder(tmp_path / "lake")
    snapshots = grow(builder)
    kinds = set()
    for then in range(1, RUNS):
        for later in range(then + 1, RUNS + 1):
            pinned = snapshots[later - 1]
            found = find_alerts(pinned, find_since(pinned, str(then)), (), frozenset())
            merged: dict[str, int] = defaultdict(int)
            told = set()
            for one in found.alerts:
                merged[one.story_id] += one.kind == "merged"
                told |= {
                    "new_outlet": {("new_outlet", one.story_id, one.outlet)},
                    "moved": {("moved", one.story_id, one.article_id)},
                    "new_story": {("new_story", one.story_id)},
                }.get(one.kind, set())
            told |= {("merged", story, str(n)) for story, n in merged.items() if n}
            kinds |= {one[0] for one in told}
            assert told == told_by_views(snapshots[then - 1], pinned), (then, later)
    assert kinds == {"new_outlet", "moved", "new_story", "merged"}
