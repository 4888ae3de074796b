"""What schedulers do when a run takes longer than they think: the next one starts beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import ROOT, assert_healthy, rows

ARTICLES = 300
pytestmark = pytest.mark.e2e


def start_together(number: int, *arguments: str | Path) -> list[tuple[int, dict[str, Any]]]:
    """That many commands at the same moment; the exit code of each, and its ledger."""
    words = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
        for _ in range(number)
    ]
    outputs = [process.communicate(timeout=250)[0] for process in running]
    return [
        (process.returncode, json.loads(output or "{}"))
        for process, output in zip(running, outputs, strict=True)
    ]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    records = [
        {
            "guid": f"g{n}",
            "outlet": "one.example",
            "headline": f"Headline {n}",
            "text": "Words. " * 50,
        }
        for n in range(ARTICLES)
    ]
    (folder / "all.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    return folder


def articles(lake: Path) -> int:
    (row,) = rows(lake, "SELECT count(*) AS n, count(DISTINCT guid) AS guids FROM articles")
    assert row["n"] == row["guids"]
    return int(row["n"])


def sum_of(ledgers: Sequence[dict[str, Any]], outcome: str) -> int:
    return sum(ledger.get(outcome, 0) for ledger in ledgers)


def test_runs_that_overlap_take_turns_or_leave_with_5(tmp_path: Path, inbox: Path) -> None:
    """Three at once, as cron would: each lands whole or not at all; who may wait, lands."""
    lake = tmp_path / "lake"
    run = ("run", "--lake", lake, "--drop", inbox, "--json")
    ended = start_together(3, *run)
    codes = sorted(code for code, _ in ended)
    assert set(codes) == {0, 5}  # else none met another, and nothing was tested
    landed = codes.count(0)
    ledgers = [ledger for _, ledger in ended]
    assert (sum_of(ledgers, "new"), sum_of(ledgers, "seen")) == (ARTICLES, landed * ARTICLES)
    waited = start_together(2, *run, "--wait", "120")
    assert [code for code, _ in waited] == [0, 0]
    ledgers = [ledger for _, ledger in waited]
    assert (sum_of(ledgers, "new"), sum_of(ledgers, "duplicate")) == (0, 2 * ARTICLES)
    assert articles(lake) == ARTICLES
    (found,) = rows(lake, "SELECT count(*) AS n FROM runs")
    assert found["n"] == landed + 2
    assert_healthy(lake)
