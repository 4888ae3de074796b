"""A run in many chunks: the same lake, and each of them opens files of its own."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from lake.keys import KeyState, StateFiles
from tests.pipeline.desk import Desk, Record

FIRST = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)


def records(days: int) -> list[Record]:
    """Three a day, of outlets that take turns; every seventh comes twice."""
    found = []
    for number in range(3 * days):
        at = (FIRST + dt.timedelta(days=number % days)).isoformat()
        text = f"The {number}th ship sailed from the harbour with {number} tons of salt."
        found.append(
            {
                "guid": str(number),
                "outlet": f"outlet{number % 4}.example",
                "headline": f"Ship {number} sails",
                "body_text": text,
                "published": at,
            }
        )
    return [*found, *found[::7]]


def test_many_chunks_say_what_one_says(tmp_path: Path) -> None:
    once, often = Desk(tmp_path / "once"), Desk(tmp_path / "often")
    once.take(records(12))
    done = often.take(records(12), chunk=10)
    assert +Counter(done.ledger.outcomes) == {"new": 36, "duplicate": 6}
    assert often.said() == once.said()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """How often staged files were opened, and how many files of keys were open at once."""
    found: dict[str, Any] = {"staged": Counter(), "keys": 0}
    opened, look_in = pq.ParquetFile.__init__, KeyState.__init__

    def count_opened(self: pq.ParquetFile, source: Any, *rest: Any, **options: Any) -> None:
        if "/chunks/" in str(source):
            found["staged"][str(source)] += 1
        opened(self, source, *rest, **options)

    def count_keys(self: KeyState, state: StateFiles) -> None:
        found["keys"] = max(found["keys"], len(state.keys))
        look_in(self, state)

    monkeypatch.setattr(pq.ParquetFile, "__init__", count_opened)
    monkeypatch.setattr(KeyState, "__init__", count_keys)
    return found


def test_a_chunk_opens_its_own_files_and_few_of_keys(tmp_path: Path, seen: dict[str, Any]) -> None:
    Desk(tmp_path).take(records(12), chunk=3, tell=False)
    assert len(seen["staged"]) == 12
    assert set(seen["staged"].values()) == {2}  # to identify, and to pick
    assert 1 < seen["keys"] <= 8
