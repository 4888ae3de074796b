"""What stories cost: commands from a cold start, and a day's run on a full lake and an empty one.

    PYTHONPATH=. .venv/bin/python bench/story_lake.py --lake LAKE --days 100 --per-day 10000
    PYTHONPATH=. .venv/bin/python bench/stories.py --lake LAKE                 reads and a day
    PYTHONPATH=. .venv/bin/python bench/stories.py --lake LAKE --only reads --rounds 9
    PYTHONPATH=. .venv/bin/python bench/stories.py --lake LAKE --only day --articles 3000

Each measure is of a new process. The day is `LAKE.jsonl`, or its first articles, and is not
committed to LAKE but to a copy of it by hard links; what runs keep of the window in its `_state`
is made before. Peak is resident memory (`VmHWM`) of the process.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import platform
import pstats
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lake.tables import open_lake, snapshot

ROOT = Path(__file__).resolve().parents[1]
# As pipeline/memory.py sets them for the command.
_FLAT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": "1000000",
}
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | _FLAT
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_READ = """
import sys
from pipeline.cli import main
try:
    main()
finally:
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM"):
            print(line, file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Day:
    """A run: seconds and CPU seconds of the whole and of the step that tells; peak in MB."""

    seconds: float
    cpu: float
    tell_seconds: float
    tell_cpu: float
    plan_seconds: float
    peak_mb: float
    rows: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.1f} s (CPU {self.cpu:6.1f}), stories {self.tell_seconds:6.1f} s"
            f" (CPU {self.tell_cpu:6.1f}), of it planned in {self.plan_seconds:5.2f} s;"
            f" peak {self.peak_mb:5.0f} MB; {self.rows} rows of stories"
        )


def measure_reads(lake: Path, rounds: int) -> None:
    """Print seconds and peak of commands that read."""
    article_id, headline, story_id = _some(lake)
    words = " ".join(headline.split()[:4])
    for name, command in (
        ("trace ID", ["trace", article_id]),
        ("trace STORY", ["trace", story_id]),
        ('trace "words"', ["trace", words]),
        ("story STORY", ["story", story_id]),
        ("story ID", ["story", article_id]),
    ):
        seconds, spent, peaks, lines = [], [], [], 0
        for _ in range(rounds):
            begin, cpu = time.perf_counter(), _children_cpu()
            done = subprocess.run(
                [sys.executable, "-c", _READ, *command, "--lake", str(lake), "--jsonl"],
                check=True,
                capture_output=True,
                text=True,
                env=_ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
            )
            seconds.append(time.perf_counter() - begin)
            spent.append(_children_cpu() - cpu)
            lines = len(done.stdout.splitlines())
            peaks += [int(kilobytes) * 1024 / 1e6 for kilobytes in _PEAK.findall(done.stderr)]
        print(
            f"  {name:14}{statistics.median(seconds):5.2f} s, median of {rounds}"
            f" ({min(seconds):.2f} to {max(seconds):.2f}); CPU {statistics.median(spent):.2f} s;"
            f" peak {max(peaks):4.0f} MB; {lines} lines",
            flush=True,
        )


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _some(lake: Path) -> tuple[str, str, str]:
    """Id and headline of an article of a middle day, and its story: of a story of two languages."""
    pinned = snapshot(open_lake(lake))
    files = pinned.files("story_members")
    middle = [files[len(files) // 2]]
    members = pinned.read("story_members", ["story_id", "article_id"], None, middle).to_pylist()
    aliases = set(pinned.read("story_aliases", ["story_id"])["story_id"].to_pylist())
    member = min(
        (row for row in members if row["story_id"] in aliases), key=lambda row: row["article_id"]
    )
    day = middle[0].partition["date"]
    here = [file for file in pinned.files("articles") if file.partition["date"] == day]
    rows = pinned.read("articles", ["article_id", "headline"], None, here).to_pylist()
    headline = next(row["headline"] for row in rows if row["article_id"] == member["article_id"])
    return member["article_id"], headline, member["story_id"]


def measure_day(lake: Path, articles: int | None, rounds: int) -> None:
    """Print the run of a day on the lake and on an empty one, in turns."""
    lines = Path(f"{lake}.jsonl").read_text("utf-8").splitlines(keepends=True)[:articles]
    with tempfile.TemporaryDirectory(prefix="bench_stories", dir=lake.parent) as name:
        folder = Path(name)
        drop, warm = folder / "day.jsonl", folder / "one.jsonl"
        drop.write_text("".join(lines), "utf-8")
        warm.write_text(lines[0], "utf-8")
        _run(lake, warm, dry=True)
        full: list[Day] = []
        empty: list[Day] = []
        for _ in range(rounds):
            for label, found in (("on the full lake", full), ("on an empty one", empty)):
                place = folder / "lake"
                if found is full:
                    subprocess.run(["cp", "-al", str(lake), str(place)], check=True)
                    (place / "_state" / "lease.lock").unlink()  # else one lock for both
                found.append(_run(place, drop))
                print(f"  {len(lines)} {label:17}{found[-1]}", flush=True)
                shutil.rmtree(place)
    for what in ("cpu", "seconds", "tell_cpu"):
        ratios = [getattr(a, what) / getattr(b, what) for a, b in zip(full, empty, strict=True)]
        print(f"  {what}: {statistics.median(ratios):.2f} times that on an empty lake")


def _run(lake: Path, drop: Path, *, dry: bool = False) -> Day:
    command = [sys.executable, __file__, "--run", str(drop), "--lake", str(lake)]
    done = subprocess.run(
        [*command, *(["--dry"] if dry else [])],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT | {"PYTHONPATH": str(ROOT)},
    )
    return Day(**json.loads(done.stdout.splitlines()[-1]))


def run_here(lake: Path, drop: Path, *, dry: bool, profile: Path | None) -> Day:
    """The run in this process, its step that tells timed."""
    from pipeline import batch
    from pipeline.options import RunOptions
    from transforms.read.segment import Source

    spent: dict[str, tuple[float, float]] = {}
    rows: list[int] = []
    profiler = cProfile.Profile()

    def timed(name: str, function: Any) -> Any:
        def call(*args: Any) -> Any:
            begin, cpu = time.perf_counter(), time.process_time()
            found = function(*args)
            spent[name] = time.perf_counter() - begin, time.process_time() - cpu
            if name == "tell":
                rows.append(sum(file.rows for file in found))
            return found

        return call

    steps: dict[str, Any] = vars(batch)
    tell = partial(profiler.runcall, steps["_tell"]) if profile else steps["_tell"]
    steps |= {"_tell": timed("tell", tell), "plan_stories": timed("plan", steps["plan_stories"])}
    begin, cpu = time.perf_counter(), time.process_time()
    batch.run_batch(RunOptions(lake=lake, sources=(Source(str(drop)),), dry_run=dry))
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    if profile:
        profiler.dump_stats(profile)
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
    peak = _PEAK.search(Path("/proc/self/status").read_text())
    assert peak
    return Day(seconds, cpu, *spent["tell"], spent["plan"][0], int(peak[1]) * 1024 / 1e6, sum(rows))


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lake", type=Path, required=True, help="as bench/story_lake.py wrote it")
    parser.add_argument("--only", nargs="+", choices=("reads", "day"), default=("reads", "day"))
    parser.add_argument("--rounds", type=int, default=5, help="of each command that reads")
    parser.add_argument("--days", type=int, default=1, help="how often the day is run")
    parser.add_argument("--articles", type=int, help="of the day; all if not given")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dry", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--profile", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.run:
        day = run_here(given.lake, given.run, dry=given.dry, profile=given.profile)
        print(json.dumps(asdict(day)))
        return
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    pinned = snapshot(open_lake(given.lake))
    count = sum(file.rows for file in pinned.files("articles"))
    days = len({file.partition["date"] for file in pinned.files("articles")})
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}")
    print(f"{count} articles of {days} days, {len(pinned.files('articles'))} files", flush=True)
    if "reads" in given.only:
        measure_reads(given.lake, given.rounds)
    if "day" in given.only:
        measure_day(given.lake, given.articles, given.days)


if __name__ == "__main__":
    main()
