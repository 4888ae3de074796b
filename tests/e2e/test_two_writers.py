"""Two writers at once: one waits, or leaves with 5; nothing is lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
ROUNDS = 50

# Both writers stay in one interpreter each for all rounds: the lease is what is tested, not how
# long Python takes to start.
WRITER = """
import sys
from pathlib import Path
from lake.lease import LakeBusy
from pipeline.batch import run_batch
from pipeline.options import RunOptions
from transforms.read.segment import Source

lake, folder, name, wait = Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
print("ready", flush=True)
for line in sys.stdin:
    source = Source(f"{folder}/{name}-{line.strip()}.jsonl")
    try:
        result = run_batch(RunOptions(lake=lake, sources=(source,), wait=wait))
        print("done", result.ledger.outcomes["new"], flush=True)
    except LakeBusy as busy:
        print("busy", busy.exit_code, flush=True)
"""


def start(lake: Path, folder: Path, name: str, wait: float) -> subprocess.Popen[str]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(lake), str(folder), name, str(wait)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    return writer


def go(writer: subprocess.Popen[str], number: int) -> None:
    assert writer.stdin is not None
    writer.stdin.write(f"{number}\n")
    writer.stdin.flush()


def answer(writer: subprocess.Popen[str]) -> list[str]:
    assert writer.stdout is not None
    return writer.stdout.readline().split()


@pytest.mark.timeout(600)
def test_fifty_rounds(tmp_path: Path) -> None:
    """The patient writer always lands; the impatient one lands or leaves with 5, and says so."""
    from lake.tables import open_lake, snapshot

    lake, folder = tmp_path / "lake", tmp_path / "in"
    folder.mkdir()
    for name in "ab":
        for number in range(ROUNDS):
            records = [
                {"guid": f"{name}{number}-{i}", "outlet": "x.example", "headline": f"{name} {i}"}
                for i in range(3)
            ]
            text = "\n".join(map(json.dumps, records))
            (folder / f"{name}-{number}.jsonl").write_text(text)
    patient, hasty = start(lake, folder, "a", 60), start(lake, folder, "b", 0)
    landed, turned_away = 0, 0
    for number in range(ROUNDS):
        go(patient, number)
        go(hasty, number)
        assert answer(patient) == ["done", "3"]
        status, count = answer(hasty)
        landed += status == "done"
        turned_away += [status, count] == ["busy", "5"]
    for writer in (patient, hasty):
        assert writer.stdin is not None
        writer.stdin.close()
        assert writer.wait(30) == 0
    assert landed + turned_away == ROUNDS
    assert turned_away > 0, "the two never met: the fault did not fire"
    guids = snapshot(open_lake(lake)).read("articles", ["guid"])["guid"].to_pylist()
    assert len(guids) == len(set(guids)) == 3 * (ROUNDS + landed)
