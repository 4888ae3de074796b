"""One run, daily runs each in an order of its own, and a replayed second delivery: one dump."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path

import pytest

from tests.e2e.command import CORPUS, drops, dump, ledger_of, wiretrace

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def records() -> dict[str, list[str]]:
    """The JSONL records of the demo corpus by day of publication; undated ones go with the last."""
    days: dict[str, list[str]] = defaultdict(list)
    undated = []
    for path in sorted(CORPUS.rglob("*.jsonl")):
        for line in filter(str.strip, path.read_text("utf-8").splitlines()):
            published = json.loads(line).get("published")
            (days[published[:10]] if published else undated).append(line)
    days[max(days)] += undated
    return days


def test_daily_runs_in_any_order_equal_one_run(tmp_path: Path) -> None:
    """What an undisturbed single run says, days that are shuffled within say too (DESIGN §4.8)."""
    days = records()
    assert len(days) >= 5
    once = tmp_path / "once.jsonl"
    once.write_text("\n".join(line for day in sorted(days) for line in days[day]), "utf-8")
    ledger_of(wiretrace("run", "--lake", tmp_path / "once", *drops([once]), "--json"))
    expected = without_places(dump(tmp_path / "once"))
    lake = tmp_path / "daily"
    for day in sorted(days):
        lines = days[day][:]
        random.Random(day).shuffle(lines)
        path = tmp_path / f"{day}.jsonl"
        path.write_text("\n".join(lines), "utf-8")
        ledger_of(wiretrace("run", "--lake", lake, *drops([path]), "--json"))
    assert without_places(dump(lake)) == expected


def test_two_workers_say_what_one_says(tmp_path: Path) -> None:
    for workers in ("1", "2"):
        options = ("--lake", tmp_path / workers, "--workers", workers)
        ledger_of(wiretrace("run", *options, *drops([CORPUS]), "--json"))
    said = dump(tmp_path / "1")
    assert '"table": "links"' in said
    assert dump(tmp_path / "2") == said


def without_places(text: str) -> list[str]:
    """The dump but for the files' names, which differ on purpose here."""
    lines = []
    for line in text.splitlines():
        row = json.loads(line)
        row.pop("source_uri", None)
        lines.append(json.dumps(row, sort_keys=True))
    return sorted(set(lines))
