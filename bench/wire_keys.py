"""A lake that knows ten million identity keys and has no article: for measuring look-ups.

    PYTHONPATH=. python bench/wire_keys.py --lake LAKE --keys 10000000

Three keys an article lead to ids that no wire has. They are committed as seven runs, the most
that merging leaves of one level.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import numpy as np

from lake.begin import name_run
from lake.commit import Plan, commit, newest_sequence
from lake.keys import committed_state, publish_state, write_state
from lake.tables import create_lake
from schemas.run import Run

RUNS = 7  # an eighth would be merged with them
FOUNDED = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
# As `lake.keys` packs a key: its hash, the run's sequence, the article, the day.
_RECORD = np.dtype([("key", "V16"), ("sequence", "<u4"), ("article", "V16"), ("day", "<i4")])


def packed(count: int, sequence: int, seed: int) -> bytes:
    """Random keys, three of them to an article."""
    chance = np.random.default_rng(seed)
    rows = np.zeros(count, _RECORD)
    rows["key"] = np.frombuffer(chance.bytes(16 * count), "V16")
    articles = np.frombuffer(chance.bytes(16 * (count // 3 + 1)), "V16")
    rows["article"] = np.repeat(articles, 3)[:count]
    rows["sequence"] = sequence
    rows["day"] = FOUNDED.date().toordinal()
    return rows.tobytes()


def add_keys(root: Path, count: int, seed: int = 0) -> None:
    """Commit so many keys in runs of their own."""
    lake = create_lake(root)
    for turn in range(RUNS):
        sequence = newest_sequence(lake) + 1
        some = count // RUNS + (count % RUNS if turn == 0 else 0)
        state = write_state(lake, [packed(some, sequence, seed + turn)], [])
        publish_state(lake, sequence, committed_state(lake, sequence - 1), state)
        run = Run(
            sequence=sequence,
            run_id=name_run(FOUNDED, sequence),
            command="run",
            seen=0,
            new=0,
            config_hash="0" * 32,
            code_version="bench",
            started=FOUNDED,
            ended=FOUNDED,
            status="complete",
        )
        commit(lake, Plan(sequence, run, []))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lake", type=Path, required=True)
    parser.add_argument("--keys", type=int, default=10_000_000)
    given = parser.parse_args()
    add_keys(given.lake, given.keys)


if __name__ == "__main__":
    main()
