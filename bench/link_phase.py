"""The link phase as `wiretrace run` executes it, in a new process, over data files alone.

    PYTHONPATH=. .venv/bin/python bench/link_phase.py FOLDER

links what `link_in_new_process` left in the folder, and prints what that took as JSON. Peak is
resident memory (`VmHWM`).
"""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

import transforms.link_copies
import transforms.sign_texts
from bench.copied_texts import FIRST_DAY, LANGUAGES, Document
from lake.data_file import DataFile, hash_in_name, write_data_file
from lake.tables import Snapshot, create_lake
from pipeline import link_tasks
from pipeline.conclude import execute
from pipeline.graph import link
from pipeline.link_tasks import plan_links
from pipeline.manifest import read_manifest
from pipeline.options import RunContext, RunOptions
from schemas.article import ARTICLES
from schemas.catalog import TABLES

ROOT = Path(__file__).resolve().parents[1]
# As pipeline/memory.py sets them for the command.
_FLAT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": "1000000",
}


@dataclass(frozen=True, slots=True)
class Phase:
    """What a link phase took; `read` are seconds of reading signatures, `join` of `_among`."""

    seconds: float
    cpu: float
    read: float
    join: float
    peak_mb: float
    links: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:7.1f} s, CPU {self.cpu:7.1f} s, of it signatures read"
            f" {self.read:5.1f} s and joined {self.join:5.1f} s; peak {self.peak_mb:5.0f} MB;"
            f" {self.links} links"
        )

    @property
    def rest(self) -> float:
        """CPU beyond the reading of the window's state."""
        return self.cpu - self.read


def write_files(folder: Path, documents: Iterator[Document], block: int) -> list[DataFile]:
    """The data files of `articles`, a block of documents at a time."""
    files: list[DataFile] = []
    some: list[Document] = []
    for one in documents:
        some.append(one)
        if len(some) == block:
            files += _write_block(folder, some)
            some = []
    return files + (_write_block(folder, some) if some else [])


def _write_block(folder: Path, documents: Sequence[Document]) -> list[DataFile]:
    parts: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for one in documents:
        language = LANGUAGES[int(one.name, 16) % len(LANGUAGES)]
        parts[one.published.date().isoformat(), language].append(one)
    return [
        write_data_file(ARTICLES, _table(part), {"date": date, "language": language}, folder)
        for (date, language), part in sorted(parts.items())
    ]


def _table(documents: Sequence[Document]) -> pa.Table:
    rows: dict[str, Sequence[Any]] = {
        name: [one.row[name] for one in documents]
        for name in ("article_id", "version_id", "outlet", "published", "body_text")
    }
    filled = {
        "first_seen": FIRST_DAY,
        "date": FIRST_DAY.date(),
        "published_tz_known": True,
        "word_count": 1,
    }
    columns = []
    for field in ARTICLES.schema:
        if field.name in rows:
            columns.append(pa.array(rows[field.name], field.type))
            continue
        empty: Any = [] if pa.types.is_list(field.type) else "x"
        value = filled.get(field.name, None if field.nullable else empty)
        columns.append(pa.array([value] * len(documents), field.type))
    return pa.table(columns, schema=ARTICLES.schema)


def link_in_new_process(
    folder: Path, older: Sequence[DataFile], new: Sequence[DataFile], label: str
) -> Phase:
    """Link `new`, under `folder`/new, with `older`, which stand in the lake `folder`/lake."""
    (folder / "files").write_bytes(pickle.dumps((list(older), list(new))))
    done = subprocess.run(
        [sys.executable, __file__, str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | _FLAT | {"PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT))},
    )
    phase = Phase(**json.loads(done.stdout.splitlines()[-1]))
    print(f"  {label:40}{phase}", flush=True)
    return phase


def link_here(folder: Path) -> Phase:
    """The phase as `pipeline.batch` executes it; signatures of `new` are made, and then removed."""
    older, new = pickle.loads((folder / "files").read_bytes())
    lake = create_lake(folder / "lake")
    run = RunContext(lake, 2, "bench", FIRST_DAY, True)
    staging = Path(run.staging())
    staging.mkdir(parents=True, exist_ok=True)
    if not (staging / "articles").exists():
        (staging / "articles").symlink_to(folder / "new" / "articles", target_is_directory=True)
    pinned = Snapshot(lake, 1, {table.name: 0 for table in TABLES})
    pinned.once("files articles", lambda: older)
    pinned.once("files citations", lambda: [])
    # The lake has files and no runs; what searches for undated versions is in bench/trace.py.
    vars(link_tasks).update(undated_files=lambda _: frozenset(), has_looked=lambda *_: True)
    spent = {"read": 0.0, "join": 0.0}
    _time_calls(transforms.sign_texts, "read_signature", spent, "read")
    _time_calls(transforms.link_copies, "_among", spent, "join")
    begin, cpu = time.perf_counter(), time.process_time()
    tasks = list(plan_links(pinned, new, staging))
    path = run.staging("manifests/link")
    options = RunOptions(lake=lake.root, sources=())
    execute(options, partial(link, tasks=tasks, run=run, manifest=path))
    links = sum(file.rows for file in read_manifest(path)["files"])
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = _peak_mb()
    for file in new:
        for made in lake.signatures.glob(f"{hash_in_name(file.path)}*"):
            made.unlink()
    return Phase(seconds, cpu, spent["read"], spent["join"], peak, links)


def _peak_mb() -> float:
    """Most resident memory of this process; `getrusage` would count its parent's before `exec`."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024 / 1e6


def _time_calls(module: Any, name: str, spent: dict[str, float], key: str) -> None:
    function = getattr(module, name)

    def timed(*args: Any) -> Any:
        begin = time.process_time()
        try:
            return function(*args)
        finally:
            spent[key] += time.process_time() - begin

    setattr(module, name, timed)


if __name__ == "__main__":
    print(json.dumps(asdict(link_here(Path(sys.argv[1])))))
