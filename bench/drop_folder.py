"""A drop folder of a million files: what one look of a watch costs, when all but a few are taken.

    PYTHONPATH=. .venv/bin/python bench/drop_folder.py [FILES ...]

Prints for each number of files the seconds of a look (median of three, and all), and the peak of
memory before and after (pages of the state that are mapped count). The files and the state are made
in a temporary folder; a million of them take some minutes to make.
"""

from __future__ import annotations

import datetime as dt
import os
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from lake.keys import (
    MARK,
    KeyState,
    StateFiles,
    committed_state,
    pack_keys,
    publish_state,
    write_state,
)
from lake.tables import create_lake
from transforms.read.drop_folder import SETTLE_SECONDS, scan_drops
from transforms.read.segment import Source

NEW = 10
LOOKS = 3
_BATCH = 20_000


def main() -> None:
    """Each number in a folder of its own; looked at by a process that made none of it."""
    if sys.argv[1:2] == ["--look"]:
        look(Path(sys.argv[2]))
        return
    for files in map(int, sys.argv[1:] or ["100000", "1000000"]):
        with tempfile.TemporaryDirectory(prefix="drop_folder") as folder:
            prepare(Path(folder), files)
            subprocess.run([sys.executable, __file__, "--look", folder], check=True)


def prepare(root: Path, files: int) -> None:
    """The folder, and a state in which all but a few are taken."""
    make_files(root / "drop", files)
    lake = create_lake(root / "lake")
    time.sleep(SETTLE_SECONDS + 1)
    marks: list[str] = []

    def note(batch: Sequence[str]) -> set[str]:
        marks.extend(batch)
        return set()

    scan_drops([Source(str(root / "drop"))], dt.datetime.now(dt.UTC), note)
    state = StateFiles()
    for start in range(0, files - NEW, _BATCH):
        part = [(mark, MARK) for mark in marks[start : min(start + _BATCH, files - NEW)]]
        state = state.plus(write_state(lake, [pack_keys(part)], []))
    publish_state(lake, 1, StateFiles(), state)
    (root / "state").write_bytes(pickle.dumps(committed_state(lake, 1)))


def look(root: Path) -> None:
    """Time and memory of a look."""
    source = Source(str(root / "drop"))
    taken = KeyState(pickle.loads((root / "state").read_bytes())).holds
    before = peak()
    seconds = []
    for _ in range(LOOKS):
        started = time.perf_counter()
        scan = scan_drops([source], dt.datetime.now(dt.UTC), taken)
        seconds.append(time.perf_counter() - started)
        assert len(scan.files) == NEW, len(scan.files)
    told = ", ".join(f"{second:.2f}" for second in seconds)
    files = sum(1 for _ in os.scandir(root / "drop"))
    print(
        f"{files} files, {NEW} new: {statistics.median(seconds):.2f} s ({told}), "
        f"peak of memory {before:.0f} MB before, {peak():.0f} MB after",
        flush=True,
    )


def make_files(folder: Path, files: int) -> None:
    """Small texts, all in one folder."""
    folder.mkdir()
    for number in range(files):
        handle = os.open(folder / f"{number:07d}.txt", os.O_CREAT | os.O_WRONLY)
        os.write(handle, b"Ferry %d sails\n\nIt left at nine.\n" % number)
        os.close(handle)


def peak() -> float:
    """Resident memory at its highest, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
